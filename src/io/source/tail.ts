/**
 * One followed path: the file that it leads to now, those it led to before, and the cursors in them (engine.md §7.2–7.5).
 *
 * Decides nothing about lines. Notices rotation by another file (rename, new link target) and by rewriting (copytruncate),
 * and lets every cursor finish the old part before the new one.
 */
import { statSync } from "node:fs";
import type { Instant, Said } from "../../base/index.ts";
import { printRotation, type Bookmark } from "../../core/line/index.ts";
import { Cursor, type Stretch, type Turn } from "./cursor.ts";
import { Cursors, LATE_QUIET } from "./cursors.ts";
import type { Desk } from "./desk.ts";
import { openPart, troubleOf, type Part } from "./part.ts";
import { Presence } from "./presence.ts";
import type { Reader } from "./reader.ts";
import { Shelf, type Found } from "./shelf.ts";
import { skipOld, startOf } from "./start.ts";
import { unpackRest } from "./unpack.ts";
import { PathWatch } from "./watch.ts";
import { words } from "./words.ts";

/** Parts that wait for a cursor which cannot go on; beyond it the oldest are left out, and that is said. */
const QUEUE_LIMIT = 24;

export class Tail {
  readonly path: string;
  readonly lineEnd: string;
  readonly readers = new Set<Reader>();
  readonly cursors = new Cursors();
  readonly presence: Presence;
  readonly #desk: Desk;
  #current: Part | null = null;
  readonly #shelf: Shelf;
  readonly #watch: PathWatch;
  #seen = "";

  constructor(path: string, lineEnd: string, desk: Desk) {
    this.path = path;
    this.presence = new Presence(path);
    this.lineEnd = lineEnd;
    this.#desk = desk;
    this.#shelf = new Shelf(path);
    this.#watch = new PathWatch(path, desk.watches, (renamed) => {
      if (renamed) this.look();
      this.wake();
    });
  }

  /** Device and inode of every file of this log that is open: what a glob finds under another name is no new log. */
  ids(): readonly string[] {
    return this.#shelf.ids();
  }

  isWatched(): boolean {
    return this.#watch.isActive();
  }

  get isPolled(): boolean {
    return [...this.readers].every((reader) => reader.request.mode === "polling");
  }

  join(reader: Reader): void {
    this.readers.add(reader);
    if (!this.isPolled) this.#watch.update();
    if (this.#current === null) this.look();
    else this.#begin(reader, this.#current, false);
  }

  leave(reader: Reader): void {
    this.readers.delete(reader);
    this.cursors.leave(reader);
    this.#sweep();
  }

  close(): void {
    this.#watch.close();
    this.cursors.clear();
    this.#current = null;
    this.#sweep();
  }

  resume(reader: Reader): void {
    for (const cursor of this.cursors.resume(reader, this.#desk.now())) this.#desk.ready(cursor);
    if (this.#current !== null && this.cursors.of(reader) === null) this.#begin(reader, this.#current, false);
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
    this.#lookAtCursors();
  }

  /** Something may have been written. */
  wake(): void {
    for (const cursor of this.cursors) if (!cursor.paused) this.#desk.ready(cursor);
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
    if (turn === "first") return this.#first(cursor);
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
      if (this.cursors.size > 1) this.cursors.merge(cursor);
    }
    return false;
  }

  /** The part is read to its end and another one follows: its last writers may not know yet. */
  #next(cursor: Cursor, now: Instant): void {
    const [done, next] = [cursor.queue[0], cursor.queue[1]];
    if (done !== undefined && done.part !== next?.part && done.part?.isGrowing() === true)
      this.cursors.leaveBehind(cursor, done, now);
    const copied = next !== undefined && next.part !== null && next.start === 0 && cursor.continuesIn(next.part);
    if (copied) {
      this.#say(cursor, words.replaced(this.path));
      cursor.queue[1] = { ...next, start: cursor.offset, hash: cursor.hash };
    }
    cursor.queue.shift();
    cursor.enter();
    this.#sweep();
  }

  /** Between the part read last and this one there may be others, when the log was rotated twice between two looks. */
  #first(cursor: Cursor): boolean {
    const { former, part } = cursor;
    if (former === null || part === null || !part.isGrowing()) return true;
    const between = this.#shelf.between(former, cursor, part, part === this.#current);
    cursor.queue.unshift(...this.#finish(cursor, between));
    if (between.length > 0) cursor.enter();
    return true;
  }

  /** The same file with another content: truncated, or written anew. What the copy holds beyond our place comes first. */
  #rewritten(cursor: Cursor): boolean {
    const part = cursor.part;
    if (part === null) return false;
    if (cursor.lateUntil !== null) return this.#giveUp(cursor);
    const mark = cursor.mark();
    const hash = part.hash();
    if (mark.hash !== "") this.#sayRotated(cursor, part, part, hash, mark);
    const hole = cursor.isHole();
    const again: Stretch = { part, start: hole ? cursor.offset : 0, hole, hash };
    const earlier = mark.hash === "" ? [] : this.#shelf.earlier(mark, null, cursor, part);
    const itself = part.isGrowing() ? [again] : [];
    cursor.queue = [...this.#finish(cursor, earlier), ...itself, ...cursor.queue.slice(1)];
    cursor.enter();
    return true;
  }

  /** Nobody writes log lines into this rotated part any more. */
  #giveUp(cursor: Cursor): boolean {
    this.cursors.delete(cursor);
    this.#sweep();
    return false;
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
    const isNew = old === null && this.presence.trouble !== null;
    this.#sayAll(this.presence.isThere(this.#logger()));
    this.#shelf.hold(part);
    this.#current = part;
    this.#seen = "";
    for (const cursor of this.cursors) if (cursor.lateUntil === null) this.#append(cursor, part, old);
    for (const reader of this.readers)
      if (this.cursors.of(reader) === null && !reader.isAway) this.#begin(reader, part, isNew);
    if (!this.isPolled) this.#watch.update();
    this.#sweep();
    this.wake();
  }

  #append(cursor: Cursor, part: Part, old: Part | null): void {
    const mark = cursor.mark();
    const isCopy = cursor.queue.length === 1 && cursor.continuesIn(part);
    if (mark.hash !== "" && !isCopy) this.#sayRotated(cursor, part, old, part.hash(), mark);
    cursor.queue.push({ part, start: 0, hole: false, hash: part.hash() });
    const surplus = cursor.queue.length - QUEUE_LIMIT;
    if (surplus <= 0) return;
    cursor.queue.splice(1, surplus);
    this.#say(cursor, words.partsLost(this.path, surplus));
  }

  /** A reader's first place; a file that was not there when the reader came is read from its beginning, also with `tail`. */
  #begin(reader: Reader, part: Part, isNew: boolean): void {
    const request = reader.beginning(isNew);
    const cursor = new Cursor(this.path, this.lineEnd);
    const hash = part.hash();
    const { offset, isElsewhere } = startOf(request, part);
    if (reader.place === null) request.say(words.added(this.path, offset, hash));
    reader.place = null;
    cursor.readers.add(reader);
    cursor.paused = reader.paused;
    const lost =
      isElsewhere && request.mark !== null ? this.#shelf.earlier(request.mark, request.since, cursor, part) : [];
    cursor.queue = [...this.#finish(cursor, lost), { part, start: skipOld(request, part, offset), hole: false, hash }];
    cursor.enter();
    this.cursors.add(cursor);
    this.wake();
  }

  /** What has to be read before: said, and unpacked where it must be. */
  #finish(cursor: Cursor, found: readonly Found[]): Stretch[] {
    for (const one of found) {
      this.#say(cursor, words.earlier(this.path, one.earlier.path, one.earlier.offset));
      if (one.earlier.part === null) void this.#unpack(cursor, one);
    }
    return found.map((one) => one.stretch);
  }

  async #unpack(cursor: Cursor, { earlier, stretch }: Found): Promise<void> {
    const unpacked = await unpackRest(earlier);
    for (const holder of this.cursors) {
      const at = holder.queue.indexOf(stretch);
      if (at < 0) continue;
      if (unpacked === null) holder.queue.splice(at, 1);
      else holder.queue[at] = { ...stretch, part: unpacked.part, start: unpacked.offset };
      if (at === 0) holder.enter();
      this.#desk.ready(holder);
    }
    if (unpacked === null) this.#say(cursor, words.notUnpacked(earlier.path));
    else if (unpacked.lost > 0) this.#say(cursor, words.earlierLost(earlier.path, unpacked.lost));
  }

  #lookAtCursors(): void {
    const [now, before] = [this.#desk.now(), this.cursors.size];
    for (const cursor of this.cursors.checkLate(now)) this.#desk.ready(cursor);
    for (const reader of this.cursors.letGo(now)) reader.request.say(words.letGo(this.path));
    if (this.cursors.size < before) this.#sweep();
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

  #sweep(): void {
    this.#shelf.sweep(this.#current, this.cursors);
  }

  #sayRotated(cursor: Cursor, part: Part, old: Part | null, hash: string, mark: Bookmark): void {
    const reason = printRotation(part.size(), mark.offset, part.ino, old?.ino ?? 0n, hash, mark.hash);
    this.#say(cursor, words.rotated(this.path, reason));
  }

  #say(cursor: Cursor, said: Said): void {
    for (const reader of cursor.readers) reader.request.say(said);
  }

  #sayAll(said: Said | null): void {
    if (said === null) return;
    for (const reader of this.readers) reader.request.say(said);
  }
}
