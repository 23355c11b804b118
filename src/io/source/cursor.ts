/**
 * A place in a log that moves on line by line, over all parts of the log in turn.
 *
 * Reads one buffer a turn. Before going on it compares the bytes just before its place with those it read: a log that was
 * truncated and has grown again is noticed at once, not after the original's 30 s. Keeps no half lines: they are read again.
 */
import { isAscii } from "node:buffer";
import type { Instant } from "../../base/index.ts";
import { LINE_LIMIT, printProof, PROOF_BYTES, type Bookmark } from "../../core/line/index.ts";
import { bytesBefore, digestOfFirstLine, tailDigest, type Part } from "./part.ts";
import { deliverTo, type Reader } from "./reader.ts";

/** A part of the log and where to begin in it. */
export interface Stretch {
  /** Null while it is being unpacked. */
  readonly part: Part | null;
  readonly start: number;
  /** The file was truncated below the place and its writer went on at its own: zeros come first, and are skipped. */
  readonly hole: boolean;
  /** Digest of the first line of what the place is in; "" when it had no whole line yet. */
  readonly hash: string;
}

/**
 * `more`: not at the end; `end`: at the end for now; `first`: at the first line of a part that is not the first, asked once;
 * `rewritten`: what was read is not there any more; `wait`: being unpacked.
 */
export type Turn = "more" | "end" | "first" | "rewritten" | "wait";

/** What was read of a part. */
export interface Former {
  readonly id: string;
  readonly hash: string;
  readonly offset: number;
  readonly before: Buffer;
}

/**
 * What one turn mostly reads: some hundred lines. The texts cut out of it die together with it, and a smaller piece is sooner
 * done with than the collector of garbage looks at it.
 */
const PIECE_BYTES = 16_384;

/** Seconds for which a deleted file is kept open for somebody who pauses: its space on the disk is not free before. */
const DELETED_KEPT = 60;

/** What one turn may read: the bytes before the place and the longest line. */
export const TURN_BYTES = PROOF_BYTES + LINE_LIMIT + 4;

export class Cursor {
  readonly source: string;
  readonly readers = new Set<Reader>();
  /** Behind a part that was rotated away, for those who still write into it: until when it is looked at. */
  lateUntil: Instant | null = null;
  paused = false;
  /** Since when the end has not been reached. */
  behindSince: Instant | null = null;
  offset = 0;
  hash = "";
  queue: Stretch[] = [];
  readonly #lineEnd: Buffer;
  #before: Buffer = Buffer.alloc(0);
  #hole = false;
  #id = "";
  /** What was read of the part before this one. */
  former: Former | null = null;
  #isAsked = false;
  /** A line over the limit: its beginning, and how far its end was searched. */
  #long: { readonly head: string; readonly from: number } | null = null;
  /** Since when something that is still to be read has had no name. */
  #deletedSince: Instant | null = null;

  constructor(source: string, lineEnd: string) {
    this.source = source;
    this.#lineEnd = Buffer.from(lineEnd, "latin1");
  }

  /** The same place for others. */
  clone(): Cursor {
    const copy = new Cursor(this.source, this.#lineEnd.toString("latin1"));
    copy.queue = [...this.queue];
    copy.offset = this.offset;
    copy.hash = this.hash;
    copy.lateUntil = this.lateUntil;
    copy.#before = Buffer.from(this.#before);
    copy.#hole = this.#hole;
    copy.#id = this.#id;
    copy.#isAsked = this.#isAsked;
    copy.#long = this.#long;
    copy.former = this.former;
    return copy;
  }

  get part(): Part | null {
    return this.queue[0]?.part ?? null;
  }

  /** Whether another one stands at the same place, so that both can be one. */
  meets(other: Cursor): boolean {
    return (
      this.part === other.part &&
      this.offset === other.offset &&
      this.queue.length === other.queue.length &&
      this.#long === null &&
      other.#long === null
    );
  }

  /** Goes to the beginning of the queue's first stretch. */
  enter(): void {
    const stretch = this.queue[0];
    if (stretch === undefined || stretch.part === null) return;
    if (this.hash !== "" && this.offset > 0)
      this.former = { id: this.#id, hash: this.hash, offset: this.offset, before: this.#before };
    this.#id = stretch.part.id;
    this.#isAsked = false;
    const before = bytesBefore(stretch.part, stretch.start);
    this.offset = before === null ? 0 : stretch.start;
    this.#before = before ?? Buffer.alloc(0);
    this.#hole = stretch.hole;
    this.#long = null;
    this.hash = stretch.hash;
  }

  /** Whether the next stretch holds the same bytes before the same place: a copy was put over the log (rsync). */
  continuesIn(part: Part): boolean {
    if (this.offset === 0 || this.#hash() !== part.hash()) return false;
    return bytesBefore(part, this.offset)?.equals(this.#before) ?? false;
  }

  /** Whether the other file begins as this one and goes on as this one did when it was read. */
  isCopiedIn(other: Part, hash: string): boolean {
    for (const read of [{ hash: this.#hash(), offset: this.offset, before: this.#before }, this.former]) {
      if (read === null || read.hash !== hash) continue;
      const before = bytesBefore(other, read.offset);
      if (before === null || before.equals(read.before)) return true;
    }
    return false;
  }

  /** The place, to be found again; as long as the part has no whole line to know it by: the end of the part before it. */
  mark(): Bookmark {
    const first = this.queue[0];
    if (first !== undefined && first.part === null) return { hash: first.hash, offset: first.start, proof: null };
    const hash = this.#hash();
    const before = { id: this.#id === "" ? "0:0" : this.#id, hash, offset: this.offset, before: this.#before };
    const read = hash === "" && this.former !== null ? this.former : before;
    return { hash: read.hash, offset: read.offset, proof: printProof({ id: read.id, tail: tailDigest(read.before) }) };
  }

  /** Whether it pauses, and what it would read was deleted a while ago; to be asked now and then. */
  isGone(now: Instant): boolean {
    const isGone = ({ part }: Stretch): boolean => part !== null && (part.isDeleted() || part.isClosed());
    this.#deletedSince = this.paused && this.queue.some(isGone) ? (this.#deletedSince ?? now) : null;
    return this.#deletedSince !== null && now - this.#deletedSince >= DELETED_KEPT;
  }

  /** Bytes behind the place in all stretches. */
  behind(): number {
    return this.queue.reduce(
      (sum, { part, start }, i) => sum + Math.max(0, (part?.size() ?? 0) - (i === 0 ? this.offset : start)),
      0,
    );
  }

  /** Reads one buffer, delivers its whole lines and moves behind them. */
  turn(buffer: Buffer, now: Instant): Turn {
    const part = this.part;
    if (part === null) return this.queue.length === 0 ? "end" : "wait";
    if (part.isClosed()) return "end";
    if (this.#long !== null) return this.#turnLong(part, this.#long, buffer, now);
    const overlap = this.#before.length;
    const longest = overlap + LINE_LIMIT + this.#lineEnd.length;
    let wanted = overlap + PIECE_BYTES;
    let got = part.read(buffer, wanted, this.offset - overlap);
    if (got === wanted && this.#lastLineEnd(buffer, overlap, got) === overlap) {
      wanted = longest;
      got = part.read(buffer, wanted, this.offset - overlap);
    }
    if (got < overlap || this.#before.compare(buffer, 0, overlap) !== 0) return "rewritten";
    const start = this.#hole ? this.#skipZeros(buffer, overlap, got) : overlap;
    const end = this.#lastLineEnd(buffer, start, got);
    if (this.offset === 0 && end > start) {
      if (!this.#isExpected(buffer.subarray(start, end))) return "rewritten";
      if (this.#mustAsk()) return "first";
    }
    if (end > start) this.#deliver(buffer, start, end, now);
    else if (got - start >= LINE_LIMIT + this.#lineEnd.length)
      this.#long = { head: buffer.toString("latin1", start, start + LINE_LIMIT), from: this.offset + LINE_LIMIT };
    return got === wanted ? "more" : "end";
  }

  /** Whether the bytes that should be before the place are zeros now: a hole that a truncation left. */
  isHole(): boolean {
    const part = this.part;
    const now = part === null || this.#before.length === 0 ? null : bytesBefore(part, this.offset);
    return now !== null && now.every((byte) => byte === 0) && !this.#before.every((byte) => byte === 0);
  }

  /** Whether this is still the file that was found: it may have been truncated before anything of it was read. */
  #isExpected(lines: Buffer): boolean {
    // From the very bytes: by the time that somebody asks for it the file may hold others.
    const hash = digestOfFirstLine(lines, "sha1");
    if (this.hash !== "" && this.hash !== hash) return false;
    this.hash = hash;
    return true;
  }

  #mustAsk(): boolean {
    if (this.former === null || this.#isAsked) return false;
    this.#isAsked = true;
    return true;
  }

  #deliver(buffer: Buffer, start: number, end: number, now: Instant): void {
    this.offset += end - start;
    this.#before = Buffer.from(buffer.subarray(Math.max(0, end - PROOF_BYTES), end));
    const bytes = buffer.subarray(start, end);
    deliverTo(this.readers, this.source, bytes.toString("latin1"), now, isAscii(bytes));
  }

  #turnLong(part: Part, long: { readonly head: string; readonly from: number }, buffer: Buffer, now: Instant): Turn {
    const got = part.read(buffer, LINE_LIMIT, long.from);
    if (got === 0 && part.size() < long.from) return "rewritten";
    const found = this.#firstLineEnd(buffer, got);
    if (found < 0) {
      this.#long = { head: long.head, from: long.from + got - (got % this.#lineEnd.length) };
      return got === LINE_LIMIT ? "more" : "end";
    }
    const length = long.from + found - this.offset;
    this.offset = long.from + found;
    this.#before = bytesBefore(part, this.offset) ?? Buffer.alloc(0);
    this.#long = null;
    for (const reader of this.readers) reader.noteCut(length, now);
    deliverTo(this.readers, this.source, long.head, now);
    return "more";
  }

  #skipZeros(buffer: Buffer, start: number, got: number): number {
    let at = start;
    while (at < got && buffer[at] === 0) at += 1;
    if (at === start) return start;
    this.offset += at - start;
    this.#before = Buffer.from(buffer.subarray(Math.max(0, at - PROOF_BYTES), at));
    this.#hole = at === got;
    return at;
  }

  /** Places are multiples of a character's width from the beginning of the file, so that halves of characters are told apart. */
  #lastLineEnd(buffer: Buffer, start: number, got: number): number {
    const width = this.#lineEnd.length;
    for (let at = got; at > start;) {
      at = buffer.subarray(0, at).lastIndexOf(this.#lineEnd);
      if (at < start) return start;
      if ((at - start) % width === 0) return at + width;
      at += width - 1;
    }
    return start;
  }

  #firstLineEnd(buffer: Buffer, got: number): number {
    const width = this.#lineEnd.length;
    const bytes = buffer.subarray(0, got);
    for (let at = bytes.indexOf(this.#lineEnd); at >= 0; at = bytes.indexOf(this.#lineEnd, at + 1))
      if (at % width === 0) return at + width;
    return -1;
  }

  #hash(): string {
    if (this.hash === "") this.hash = this.part?.hash() ?? "";
    return this.hash;
  }
}
