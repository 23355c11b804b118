/**
 * One of those that a file's lines are delivered to, and what is counted for it.
 *
 * Jails that have read equally far share a cursor; what differs between them is here.
 */
import type { Chunk, Instant } from "../../base/index.ts";
import type { Bookmark } from "../../core/line/index.ts";
import type { FollowRequest } from "./request.ts";
import { words } from "./words.ts";

const DAY = 86_400;

export class Reader {
  readonly request: FollowRequest;
  live: boolean;
  stopped = false;
  paused = false;
  /** Where it goes on after a pause in which its files were deleted; null: it has a cursor, or has not begun. */
  place: Bookmark | null = null;
  lines = 0;
  bytes = 0;
  cut = 0;
  lastLineAt: Instant | null = null;
  #cutSaidAt = -Infinity;

  constructor(request: FollowRequest) {
    this.request = request;
    this.live = request.tail;
  }

  /** Nothing is opened for it before it goes on. */
  get isAway(): boolean {
    return this.paused && this.place !== null;
  }

  /** How it begins in a file. @param isNew the file was not there when the reader came: all of it is to be read */
  beginning(isNew: boolean): FollowRequest {
    if (this.place !== null) return { ...this.request, tail: false, mark: this.place };
    return isNew ? { ...this.request, tail: false } : this.request;
  }

  noteCut(bytes: number, now: Instant): void {
    this.cut += 1;
    if (now - this.#cutSaidAt < DAY) return;
    this.#cutSaidAt = now;
    this.request.say(words.cut(this.request.path, bytes));
  }
}

/** Hands the lines to all; those who stopped or paused meanwhile get nothing. */
export function deliverTo(
  readers: ReadonlySet<Reader>,
  source: string,
  bytes: string,
  now: Instant,
  ascii: boolean | null = null,
): void {
  const lines = countLines(bytes);
  const fresh: Chunk = { source, bytes, ascii, live: true };
  const old: Chunk = { source, bytes, ascii, live: false };
  for (const reader of [...readers]) {
    if (reader.stopped || reader.paused) continue;
    reader.lines += lines;
    reader.bytes += bytes.length;
    reader.lastLineAt = now;
    reader.request.deliver(reader.live ? fresh : old);
  }
}

function countLines(bytes: string): number {
  let lines = bytes.endsWith("\n") || bytes.endsWith("\0") ? 0 : 1;
  for (let at = bytes.indexOf("\n"); at >= 0; at = bytes.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
