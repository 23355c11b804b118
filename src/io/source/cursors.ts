/** The places of all readers in one log: readers at the same place share a cursor, a paused one has its own. */
import type { Instant } from "../../base/index.ts";
import type { Cursor, Stretch } from "./cursor.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./reader.ts";

/** Quiet time after which nobody is expected to write into a rotated file any more. */
export const LATE_QUIET = 60;

export class Cursors {
  readonly #cursors = new Set<Cursor>();

  get size(): number {
    return this.#cursors.size;
  }

  [Symbol.iterator](): IterableIterator<Cursor> {
    return this.#cursors.values();
  }

  has(cursor: Cursor): boolean {
    return this.#cursors.has(cursor);
  }

  /** Puts the cursor in, or its readers to another one that stands at the same place. Where nothing is left to read, the end is reached. */
  add(cursor: Cursor): void {
    if (cursor.queue.length === 1 && cursor.behind() === 0) for (const reader of cursor.readers) reader.live = true;
    this.#cursors.add(cursor);
    this.merge(cursor);
  }

  delete(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  clear(): void {
    this.#cursors.clear();
  }

  /** The reader's place; null while there has been no file. */
  of(reader: Reader): Cursor | null {
    for (const cursor of this.#cursors) if (cursor.lateUntil === null && cursor.readers.has(reader)) return cursor;
    return null;
  }

  /** Whether the file holds the same lines as this log, now or before its last rotation: a copy that a rotation made. */
  isCopiedIn(part: Part, hash: string): boolean {
    return hash !== "" && [...this.#cursors].some((cursor) => cursor.isCopiedIn(part, hash));
  }

  leave(reader: Reader): void {
    for (const cursor of [...this.#cursors]) {
      cursor.readers.delete(reader);
      if (cursor.readers.size === 0) this.#cursors.delete(cursor);
    }
  }

  pause(reader: Reader): void {
    for (const cursor of [...this.#cursors]) {
      if (!cursor.readers.has(reader) || cursor.paused) continue;
      const own = cursor.readers.size === 1 ? cursor : cursor.clone();
      if (own !== cursor) {
        cursor.readers.delete(reader);
        own.readers.add(reader);
        this.#cursors.add(own);
      }
      own.paused = true;
    }
  }

  /** @returns the cursors that can go on. */
  resume(reader: Reader, now: Instant): Cursor[] {
    const resumed = [...this.#cursors].filter((cursor) => cursor.paused && cursor.readers.has(reader));
    for (const cursor of resumed) {
      cursor.paused = false;
      if (cursor.lateUntil !== null) cursor.lateUntil = now + LATE_QUIET;
    }
    return resumed;
  }

  /** A part is read to its end and another follows: one more cursor waits there for its last writers. */
  leaveBehind(cursor: Cursor, done: Stretch, now: Instant): void {
    const late = cursor.clone();
    late.queue = [done];
    late.lateUntil = now + LATE_QUIET;
    for (const reader of cursor.readers) late.readers.add(reader);
    this.#cursors.add(late);
  }

  /** Rotated files into which nothing was written for a while are given up. @returns those in which something is to be read */
  checkLate(now: Instant): Cursor[] {
    const ready: Cursor[] = [];
    for (const cursor of [...this.#cursors]) {
      if (cursor.lateUntil === null || cursor.paused) continue;
      if (now >= cursor.lateUntil) this.#cursors.delete(cursor);
      else if (cursor.behind() > 0) ready.push(cursor);
    }
    return ready;
  }

  /** What a paused reader has to read and what was deleted a while ago is let go. @returns those who keep their place only */
  letGo(now: Instant): Reader[] {
    const gone = [...this.#cursors].filter((cursor) => cursor.isGone(now));
    for (const cursor of gone) {
      this.#cursors.delete(cursor);
      if (cursor.lateUntil === null) for (const reader of cursor.readers) reader.place = cursor.mark();
    }
    return gone.flatMap(({ lateUntil, readers }) => (lateUntil === null ? [...readers] : []));
  }

  merge(cursor: Cursor): void {
    for (const other of this.#cursors) {
      if (other === cursor || other.paused || cursor.paused || other.lateUntil !== null || cursor.lateUntil !== null)
        continue;
      if (!cursor.meets(other)) continue;
      for (const reader of cursor.readers) other.readers.add(reader);
      this.#cursors.delete(cursor);
      return;
    }
  }
}
