/**
 * The argument LOG → lines: a file (which may be compressed), the journal, or the text itself (config-cli.md §8.3).
 *
 * Files are read in pieces of 64 KiB; of a line longer than the line limit the rest is cut off and counted.
 */
import { isAscii } from "node:buffer";
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { LINE_LIMIT } from "../../core/line/index.ts";

export type Log =
  | { readonly is: "file"; readonly path: string }
  | { readonly is: "journal"; readonly reference: string }
  | { readonly is: "text"; readonly text: string };

/** Bytes read at once. */
const READ = 65_536;
/** Bytes handed on at once, at least: of what lives only for some lines the collector has little to do. */
const PORTION = 16_384;

/** A pipe or a device is read as well, which the original takes for text: `fail2ban-regex /dev/stdin sshd`. */
export function logOf(argument: string): Log {
  if (isReadable(argument)) return { is: "file", path: argument };
  if (argument.startsWith("systemd-journal")) return { is: "journal", reference: argument };
  return { is: "text", text: argument };
}

function isReadable(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() || stat.isFIFO() || stat.isCharacterDevice();
  } catch {
    return false;
  }
}

export interface Piece {
  /** Whole lines as latin1; the file's last one may lack its end. */
  readonly bytes: string;
  readonly ascii: boolean;
}

/** What came of one read. */
export interface Reading {
  /** To be taken before the next is asked for. */
  readonly pieces: Iterable<Piece>;
  /** How much of the file has been read, from 0 to 1; null where that cannot be told. */
  readonly done: number | null;
}

/** @param lineEnd the bytes that end a line, as latin1 */
export async function* readings(path: string, lineEnd: string): AsyncGenerator<Reading> {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const cutter = new Cutter(lineEnd);
    let read = readSync(file, cutter.room(), 0, READ, null);
    if (read > 2 && cutter.room().readUInt16BE(0) === GZIP) {
      yield* compressedReadings(path, cutter);
      return;
    }
    for (let total = read; read > 0; total += read) {
      const done = size > 0 ? total / size : null;
      yield { pieces: cutter.take(read), done };
      read = readSync(file, cutter.room(), 0, READ, null);
    }
    yield { pieces: cutter.rest(), done: 1 };
  } finally {
    closeSync(file);
  }
}

/** With which such a file begins. */
const GZIP = 0x1f8b;

async function* compressedReadings(path: string, cutter: Cutter): AsyncGenerator<Reading> {
  const { size } = statSync(path);
  const raw = createReadStream(path, { highWaterMark: READ });
  const plain = createGunzip({ chunkSize: READ });
  raw.on("error", (cause) => plain.destroy(cause));
  raw.pipe(plain);
  try {
    for await (const chunk of plain) {
      if (!Buffer.isBuffer(chunk)) continue;
      const done = size > 0 ? raw.bytesRead / size : null;
      yield { pieces: cutter.take(chunk.copy(cutter.room())), done };
    }
  } finally {
    raw.destroy();
    plain.destroy();
  }
  yield { pieces: cutter.rest(), done: 1 };
}

/** Cuts bytes behind the last line end, and keeps what is left in front of the next ones: one buffer for all. */
class Cutter {
  readonly #end: Buffer;
  readonly #buffer: Buffer;
  /** Bytes of a line that has begun. */
  #begun = 0;
  /** Such a line was too long: the rest of it is passed over. */
  #skipping = false;

  constructor(lineEnd: string) {
    this.#end = Buffer.from(lineEnd, "latin1");
    this.#buffer = Buffer.allocUnsafe(LINE_LIMIT + this.#end.length + READ);
  }

  /** Where the next bytes are to be written. */
  room(): Buffer {
    return this.#buffer.subarray(this.#begun, this.#begun + READ);
  }

  /** @param read bytes that were written. @returns whole lines, in portions */
  *take(read: number): Generator<Piece> {
    const unit = this.#end.length;
    const bytes = this.#buffer.subarray(0, this.#begun + read);
    const start = this.#skipping ? this.#next(bytes, 0) : 0;
    if (start < 0) return this.#keep(bytes, bytes.length - (bytes.length % unit));
    this.#skipping = false;
    const end = Math.max(start, this.#last(bytes));
    for (let at = start; at < end;) {
      const next = at + PORTION < end ? this.#next(bytes, at + PORTION) : end;
      yield pieceOf(bytes.subarray(at, next));
      at = next;
    }
    if (bytes.length - end <= LINE_LIMIT) return this.#keep(bytes, end);
    // One character more than a line may have tells that it was cut.
    yield pieceOf(Buffer.concat([bytes.subarray(end, end + LINE_LIMIT + unit), this.#end]));
    this.#skipping = true;
    this.#keep(bytes, bytes.length - ((bytes.length - end) % unit));
  }

  /** A last line without end. */
  rest(): readonly Piece[] {
    return this.#skipping || this.#begun === 0 ? [] : [pieceOf(this.#buffer.subarray(0, this.#begun))];
  }

  #keep(bytes: Buffer, from: number): void {
    bytes.copyWithin(0, from);
    this.#begun = bytes.length - from;
  }

  /** Behind the first line end from there on, or -1; in wide encodings it stands at a character's place. */
  #next(bytes: Buffer, from: number): number {
    const unit = this.#end.length;
    for (let at = bytes.indexOf(this.#end, from); at >= 0; at = bytes.indexOf(this.#end, at + 1)) {
      if (at % unit === 0) return at + unit;
    }
    return -1;
  }

  /** Behind the last one, or 0. */
  #last(bytes: Buffer): number {
    const unit = this.#end.length;
    for (let at = bytes.lastIndexOf(this.#end); at >= 0; at = at > 0 ? bytes.lastIndexOf(this.#end, at - 1) : -1) {
      if (at % unit === 0) return at + unit;
    }
    return 0;
  }
}

function pieceOf(bytes: Buffer): Piece {
  return { bytes: bytes.toString("latin1"), ascii: isAscii(bytes) };
}
