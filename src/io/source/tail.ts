/**
 * One followed path: the file that it leads to now, those it led to before, and the cursors in them (engine.md §7.2–7.5).
 *
 * Decides nothing about lines. Notices rotation by another file (rename, new link target) and by rewriting (copytruncate),
 * and lets every cursor finish the old part before the new one.
 */
import { realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Instant, Said } from "../../base/index.ts";
import { printRotation, type Bookmark } from "../../core/line/index.ts";
import { Cursor, type Stretch, type Turn } from "./cursor.ts";
import { findEarlier, unpackRest, type Earlier } from "./earlier.ts";
import { openPart, troubleOf, type Part } from "./part.ts";
import { Presence } from "./presence.ts";
import type { Reader } from "./reader.ts";
import { skipOld, startOf } from "./start.ts";
import type { FolderWatches } from "./watch.ts";
import { words } from "./words.ts";

/** Quiet time after which nobody is expected to write into a rotated file any more, and the longest time it is looked at. */
const LATE_QUIET = 60;
/** Parts that wait for a cursor which cannot go on; beyond it the oldest are left out, and that is said. */
const QUEUE_LIMIT = 24;

/** What a tail needs of its follower. */
export interface Desk {
  now(): Instant;
  /** Puts the cursor in the queue of those to be read. */
  ready(tail: Tail, cursor: Cursor): void;
  readonly watches: FolderWatches;
}

export class Tail {
  readonly path: string;
  readonly lineEnd: string;
  readonly readers = new Set<Reader>();
  readonly cursors = new Set<Cursor>();
  readonly presence: Presence;
  readonly #desk: Desk;
  #current: Part | null = null;
  readonly #opened = new Set<Part>();
  #seen = "";
  #unwatch: (() => void)[] = [];
  #watchedTarget = "";

  constructor(path: string, lineEnd: string, desk: Desk) {
    this.path = path;
    this.presence = new Presence(path);
    this.lineEnd = lineEnd;
    this.#desk = desk;
  }

  /** Device and inode of every file of this log that is open: what a glob finds under another name is no new log. */
  ids(): readonly string[] {
    return [...this.#opened].map((part) => part.id);
  }

  /** Whether the file holds the same lines as this log, now or before its last rotation: a copy that a rotation made. */
  isCopy(part: Part, hash: string): boolean {
    if (hash === "") return false;
    for (const cursor of this.cursors) if (cursor.isCopiedIn(part, hash)) return true;
    return false;
  }

  isWatched(): boolean {
    return this.#desk.watches.isWatching(dirname(this.path));
  }

  get isPolled(): boolean {
    return [...this.readers].every((reader) => reader.request.mode === "polling");
  }

  join(reader: Reader): void {
    this.readers.add(reader);
    this.#watch();
    if (this.#current === null) this.look();
    else this.#begin(reader, this.#current);
  }

  leave(reader: Reader): void {
    this.readers.delete(reader);
    for (const cursor of [...this.cursors]) {
      cursor.readers.delete(reader);
      if (cursor.readers.size === 0) this.cursors.delete(cursor);
    }
    this.#sweep();
  }

  close(): void {
    for (const unwatch of this.#unwatch) unwatch();
    this.#unwatch = [];
    this.cursors.clear();
    this.#current = null;
    this.#sweep();
  }

  pause(reader: Reader): void {
    for (const cursor of [...this.cursors]) {
      if (!cursor.readers.has(reader) || cursor.paused) continue;
      const own = cursor.readers.size === 1 ? cursor : cursor.clone();
      if (own !== cursor) {
        cursor.readers.delete(reader);
        own.readers.add(reader);
        this.cursors.add(own);
      }
      own.paused = true;
    }
  }

  resume(reader: Reader): void {
    for (const cursor of this.cursors) {
      if (!cursor.readers.has(reader) || !cursor.paused) continue;
      cursor.paused = false;
      if (cursor.lateUntil !== null) cursor.lateUntil = this.#desk.now() + LATE_QUIET;
      this.#desk.ready(this, cursor);
    }
  }

  /** The reader's place; null while there has been no file. */
  cursorOf(reader: Reader): Cursor | null {
    for (const cursor of this.cursors) if (cursor.lateUntil === null && cursor.readers.has(reader)) return cursor;
    return null;
  }

  /** What is to be kept for the reader: its place, or what it came with while there has been no file. */
  markOf(reader: Reader): Bookmark {
    return this.cursorOf(reader)?.mark() ?? reader.request.mark ?? { hash: "", offset: 0, proof: null };
  }

  /** What the path leads to now: called when its name changed, and by the clock as the referee. */
  look(): void {
    let stat;
    try {
      stat = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    } catch (cause) {
      this.#refused(troubleOf(cause));
      return;
    }
    if (stat === undefined) this.#refused(null);
    else if (this.#current === null || `${stat.dev}:${stat.ino}` !== this.#current.id) this.#open();
    else {
      this.#sayAll(this.presence.isThere(this.#logger()));
      const seen = `${stat.size}:${stat.mtimeNs}`;
      if (seen !== this.#seen) this.wake();
      this.#seen = seen;
    }
    this.#checkLate();
  }

  /** Something may have been written. */
  wake(): void {
    for (const cursor of this.cursors) if (!cursor.paused) this.#desk.ready(this, cursor);
  }

  /** One turn of one cursor. @returns whether it has more to read now. */
  turn(cursor: Cursor, buffer: Buffer): boolean {
    if (!this.cursors.has(cursor) || cursor.paused) return false;
    const now = this.#desk.now();
    const before = cursor.offset;
    const turn = cursor.turn(buffer, now);
    if (cursor.lateUntil !== null && cursor.offset > before) cursor.lateUntil = now + LATE_QUIET;
    return this.#after(cursor, turn, now);
  }

  #after(cursor: Cursor, turn: Turn, now: Instant): boolean {
    if (turn === "wait") return false;
    if (turn === "rewritten") return this.#rewritten(cursor);
    if (turn === "more") {
      cursor.behindSince ??= now;
      return true;
    }
    if (cursor.queue.length > 1) {
      this.#next(cursor, now);
      return true;
    }
    cursor.behindSince = null;
    if (cursor.lateUntil === null) {
      for (const reader of cursor.readers) reader.live = true;
      if (this.cursors.size > 1) this.#merge(cursor);
    }
    return false;
  }

  /** The part is read to its end and another one follows: its last writers may not know yet. */
  #next(cursor: Cursor, now: Instant): void {
    const [done, next] = [cursor.queue[0], cursor.queue[1]];
    if (done !== undefined && done.part?.isGrowing() === true && done.part !== next?.part) {
      const late = cursor.clone();
      late.queue = [done];
      late.lateUntil = now + LATE_QUIET;
      for (const reader of cursor.readers) late.readers.add(reader);
      this.cursors.add(late);
    }
    const copied = next !== undefined && next.part !== null && next.start === 0 && cursor.continuesIn(next.part);
    if (copied) {
      for (const reader of cursor.readers) reader.request.say(words.replaced(this.path));
      cursor.queue[1] = { ...next, start: cursor.offset, hash: cursor.hash };
    }
    cursor.queue.shift();
    cursor.enter();
    this.#sweep();
  }

  /** The same file with another content: truncated, or written anew. What the copy holds beyond our place comes first. */
  #rewritten(cursor: Cursor): boolean {
    const part = cursor.part;
    if (part === null) return false;
    if (part !== this.#current) return this.#giveUp(cursor);
    const mark = cursor.mark();
    const hash = part.hash();
    if (mark.hash !== "")
      this.#say(cursor, words.rotated(this.path, printRotation(part.size(), cursor.offset, part.ino, part.ino, hash, mark.hash)));
    const hole = cursor.isHole();
    const again: Stretch = { part, start: hole ? cursor.offset : 0, hole, hash };
    const earlier = mark.hash === "" ? [] : findEarlier(this.path, mark, null);
    cursor.queue = [...this.#stretches(cursor, earlier), again, ...cursor.queue.slice(1)];
    cursor.enter();
    return true;
  }

  /** A rotated part was overwritten before it was read to its end: what follows it is still there. */
  #giveUp(cursor: Cursor): boolean {
    cursor.queue.shift();
    cursor.enter();
    if (cursor.queue.length === 0) this.cursors.delete(cursor);
    this.#sweep();
    return cursor.queue.length > 0;
  }

  /** The path leads to another file than before, or to one for the first time. */
  #open(): void {
    const opened = openPart(this.path);
    if ("reason" in opened) {
      this.#refused(opened.reason);
      return;
    }
    const { part } = opened;
    const old = this.#current;
    this.#sayAll(this.presence.isThere(this.#logger()));
    this.#opened.add(part);
    this.#current = part;
    this.#seen = "";
    for (const cursor of this.cursors) if (cursor.lateUntil === null) this.#append(cursor, part, old);
    for (const reader of this.readers) if (this.cursorOf(reader) === null) this.#begin(reader, part);
    this.#watch();
    this.#sweep();
    this.wake();
  }

  #append(cursor: Cursor, part: Part, old: Part | null): void {
    const { hash, offset } = cursor.mark();
    const isCopy = cursor.queue.length === 1 && cursor.continuesIn(part);
    if (hash !== "" && !isCopy)
      this.#say(cursor, words.rotated(this.path, printRotation(part.size(), offset, part.ino, old?.ino ?? 0n, part.hash(), hash)));
    cursor.queue.push({ part, start: 0, hole: false, hash: "" });
    const surplus = cursor.queue.length - QUEUE_LIMIT;
    if (surplus <= 0) return;
    cursor.queue.splice(1, surplus);
    this.#say(cursor, words.partsLost(this.path, surplus));
  }

  /** A reader's first place. */
  #begin(reader: Reader, part: Part): void {
    const { request } = reader;
    const cursor = new Cursor(this.path, this.lineEnd);
    const hash = part.hash();
    const { offset, isElsewhere } = startOf(request, part);
    request.say(words.added(this.path, offset, hash));
    cursor.readers.add(reader);
    cursor.paused = reader.paused;
    const lost = isElsewhere && request.mark !== null ? findEarlier(this.path, request.mark, request.since) : [];
    cursor.queue = [...this.#stretches(cursor, lost), { part, start: skipOld(request, part, offset), hole: false, hash }];
    this.cursors.add(cursor);
    cursor.enter();
    this.#merge(cursor);
    this.wake();
  }

  #stretches(cursor: Cursor, earlier: readonly Earlier[]): Stretch[] {
    return earlier.map((found) => {
      this.#say(cursor, words.earlier(this.path, found.path, found.offset));
      const stretch: Stretch = { part: found.part, start: found.offset, hole: false, hash: found.hash };
      if (found.part === null) void this.#unpack(cursor, stretch, found);
      else this.#opened.add(found.part);
      return stretch;
    });
  }

  async #unpack(cursor: Cursor, stretch: Stretch, found: Earlier): Promise<void> {
    const unpacked = await unpackRest(found);
    for (const holder of this.cursors) {
      const at = holder.queue.indexOf(stretch);
      if (at < 0) continue;
      if (unpacked === null) holder.queue.splice(at, 1);
      else holder.queue[at] = { ...stretch, part: unpacked.part, start: unpacked.offset };
      if (at === 0) holder.enter();
      this.#desk.ready(this, holder);
    }
    if (unpacked !== null && unpacked.lost > 0) this.#say(cursor, words.earlierLost(found.path, unpacked.lost));
  }

  #merge(cursor: Cursor): void {
    for (const other of this.cursors) {
      if (other === cursor || other.paused || cursor.paused || other.lateUntil !== null || !cursor.meets(other)) continue;
      for (const reader of cursor.readers) other.readers.add(reader);
      this.cursors.delete(cursor);
      return;
    }
  }

  /** Rotated files into which nothing was written for a while are given up. */
  #checkLate(): void {
    const now = this.#desk.now();
    let gone = false;
    for (const cursor of [...this.cursors]) {
      if (cursor.lateUntil === null || cursor.paused) continue;
      if (now >= cursor.lateUntil) gone = this.cursors.delete(cursor) || gone;
      else if (cursor.behind() > 0) this.#desk.ready(this, cursor);
    }
    if (gone) this.#sweep();
  }

  #refused(reason: string | null): void {
    const now = this.#desk.now();
    this.#sayAll(this.presence.isRefused(reason, now, this.#logger()));
    // A deleted file keeps its space on the disk for as long as it is open.
    if (this.presence.isLong(now) && this.#current?.isDeleted() === true) this.#current.close();
  }

  #logger(): string {
    return this.isPolled ? "filterpoll" : "filterpyinotify";
  }

  /** Watches the folder of the name, and that of the file behind it when the name is a link. */
  #watch(): void {
    if (this.isPolled) return;
    const target = targetOf(this.path);
    if (this.#unwatch.length > 0 && target === this.#watchedTarget) return;
    for (const unwatch of this.#unwatch) unwatch();
    this.#watchedTarget = target;
    const names = new Set([this.path, target]);
    const onChange = (renamed: boolean): void => {
      if (renamed) this.look();
      this.wake();
    };
    this.#unwatch = [...names].map((name) => this.#desk.watches.name(dirname(name), basename(name), onChange));
  }

  #sweep(): void {
    const used = new Set<Part | null>([this.#current]);
    for (const cursor of this.cursors) for (const { part } of cursor.queue) used.add(part);
    for (const part of this.#opened) {
      if (used.has(part)) continue;
      part.close();
      this.#opened.delete(part);
    }
  }

  #say(cursor: Cursor, said: Said): void {
    for (const reader of cursor.readers) reader.request.say(said);
  }

  #sayAll(said: Said | null): void {
    if (said === null) return;
    for (const reader of this.readers) reader.request.say(said);
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
