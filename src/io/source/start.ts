/** Where a jail begins in a file that it is told to follow: at the end, at its bookmark or at the beginning; then forward by date (engine.md §7.2, §7.4). */
import type { Instant } from "../../base/index.ts";
import { resume, seekByDate, type Bookmark } from "../../core/line/index.ts";
import { bytesBefore, tailDigest, type Part } from "./part.ts";
import type { FollowRequest } from "./request.ts";
import { words } from "./words.ts";

/** Bytes at the end of a file among which the beginning of its last line is looked for. */
const LAST_LINE_BYTES = 65_536;

export interface Start {
  /** As the log shows it. */
  readonly offset: number;
  /** The bookmark lies in another file: that one was rotated away. */
  readonly isElsewhere: boolean;
}

export function startOf(request: FollowRequest, part: Part): Start {
  if (request.tail) return { offset: lastLineStart(part, request.lineEnd), isElsewhere: false };
  if (request.mark === null) return { offset: 0, isElsewhere: false };
  const offset = resume(request.mark, factsOf(part, request.mark));
  return { offset: offset ?? 0, isElsewhere: offset === null };
}

/** @returns the first line from `from` on that is not older than what matters; wide encodings are read whole. */
export function skipOld(request: FollowRequest, part: Part, from: number): number {
  const size = part.size();
  const target: Instant | null = request.tail || request.lineEnd !== "\n" ? null : request.since;
  if (target === null || from >= size) return from;
  const read = (offset: number, length: number): string => {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.toString("latin1", 0, part.read(bytes, length, offset));
  };
  const found = seekByDate({ from, size, target, read, dateOf: request.dateOf });
  request.say(words.seek(request.path, found, size));
  return found;
}

function factsOf(part: Part, mark: Bookmark): Parameters<typeof resume>[1] {
  const before = bytesBefore(part, mark.offset);
  const kind = mark.hash.length === 32 ? "md5" : "sha1";
  return { id: part.id, size: part.size(), hash: part.hash(kind), tail: before === null ? null : tailDigest(before) };
}

/** The end of the file, or the beginning of its last line when that is not whole yet. */
function lastLineStart(part: Part, lineEnd: string): number {
  const size = part.size();
  const bytes = Buffer.alloc(Math.min(size, LAST_LINE_BYTES));
  const got = part.read(bytes, bytes.length, size - bytes.length);
  const found = bytes.toString("latin1", 0, got).lastIndexOf(lineEnd);
  if (found >= 0) return size - bytes.length + found + lineEnd.length;
  return got === size ? 0 : size;
}
