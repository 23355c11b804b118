/** The open parts of one log, and those that are looked for among its rotated ones. Closes what no cursor needs any more. */
import type { Bookmark } from "../../core/line/index.ts";
import type { Cursor, Former, Stretch } from "./cursor.ts";
import { findBetween, findEarlier, type Earlier, type Known } from "./earlier.ts";
import type { Part } from "./part.ts";

export interface Found {
  readonly earlier: Earlier;
  readonly stretch: Stretch;
}

export class Shelf {
  readonly #path: string;
  readonly #opened = new Set<Part>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Device and inode of every open part. */
  ids(): readonly string[] {
    return [...this.#opened].map((part) => part.id);
  }

  hold(part: Part): void {
    this.#opened.add(part);
  }

  /** The rest of the part in which the bookmark lies, and all parts after it but those that the cursor reads anyway. */
  earlier(mark: Bookmark, since: number | null, cursor: Cursor, present: Part): Found[] {
    return findEarlier(this.#path, mark, since, known(cursor, present)).map((earlier) => this.#found(earlier));
  }

  /**
   * What came after the part that was read last, and before the one that is read now.
   * @param isYoungest the path leads to this one; else it is a rotated one itself
   */
  between(former: Former, cursor: Cursor, present: Part, isYoungest: boolean): Found[] {
    const before = isYoungest ? null : present.id;
    return findBetween(this.#path, former, known(cursor, present), before).map((earlier) => this.#found(earlier));
  }

  sweep(current: Part | null, cursors: Iterable<Cursor>): void {
    const used = new Set<Part | null>([current]);
    for (const cursor of cursors) for (const { part } of cursor.queue) used.add(part);
    for (const part of this.#opened) {
      if (used.has(part)) continue;
      part.close();
      this.#opened.delete(part);
    }
  }

  #found(earlier: Earlier): Found {
    if (earlier.part !== null) this.#opened.add(earlier.part);
    return { earlier, stretch: { part: earlier.part, start: earlier.offset, hole: false, hash: earlier.hash } };
  }
}

function known(cursor: Cursor, present: Part): Known {
  const ids = cursor.queue.flatMap(({ part }) => part?.id ?? []);
  return { ids: [...ids, present.id], present: present.hash() };
}
