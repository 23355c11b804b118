/**
 * The argument LOG → lines: a file (which may be compressed), the journal, or the text itself (config-cli.md §8.3).
 *
 * Files are read in pieces of 64 KiB; of a line longer than the line limit the rest is cut off and counted.
 */
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { LINE_LIMIT } from "../../core/line/index.ts";

export type Log =
  | { readonly is: "file"; readonly path: string }
  | { readonly is: "journal"; readonly reference: string }
  | { readonly is: "text"; readonly text: string };

/** Bytes read at once. */
const PIECE = 65_536;

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
  /** Whole lines as latin1; the file's last one may lack its end, so may one that was cut. */
  readonly bytes: string;
  /** How much of the file has been read, from 0 to 1; null where that cannot be told. */
  readonly done: number | null;
}

/** @param lineEnd the bytes that end a line, as latin1 */
export async function* filePieces(path: string, lineEnd: string): AsyncGenerator<Piece> {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.allocUnsafe(PIECE);
    const cutter = new Cutter(lineEnd);
    let read = readSync(file, buffer, 0, PIECE, null);
    if (read > 2 && buffer[0] === 0x1f && buffer[1] === 0x8b) {
      yield* compressedPieces(path, cutter);
      return;
    }
    for (let total = read; read > 0; total += read) {
      const bytes = cutter.take(buffer.toString("latin1", 0, read));
      if (bytes !== "") yield { bytes, done: size > 0 ? total / size : null };
      read = readSync(file, buffer, 0, PIECE, null);
    }
    const rest = cutter.rest();
    if (rest !== "") yield { bytes: rest, done: 1 };
  } finally {
    closeSync(file);
  }
}

async function* compressedPieces(path: string, cutter: Cutter): AsyncGenerator<Piece> {
  const { size } = statSync(path);
  const raw = createReadStream(path, { highWaterMark: PIECE });
  const plain = createGunzip({ chunkSize: PIECE });
  raw.on("error", (cause) => plain.destroy(cause));
  raw.pipe(plain);
  try {
    for await (const chunk of plain) {
      const bytes = Buffer.isBuffer(chunk) ? cutter.take(chunk.toString("latin1")) : "";
      if (bytes !== "") yield { bytes, done: size > 0 ? raw.bytesRead / size : null };
    }
  } finally {
    raw.destroy();
    plain.destroy();
  }
  const rest = cutter.rest();
  if (rest !== "") yield { bytes: rest, done: 1 };
}

/** Cuts bytes behind the last line end; keeps what is left for the next ones. */
class Cutter {
  readonly #end: string;
  #carry = "";
  #skipping = false;

  constructor(lineEnd: string) {
    this.#end = lineEnd;
  }

  take(bytes: string): string {
    let fresh = this.#carry + bytes;
    if (this.#skipping) {
      const end = this.#find(fresh, 0);
      if (end < 0) {
        this.#carry = fresh.slice(fresh.length - (fresh.length % this.#end.length));
        return "";
      }
      this.#skipping = false;
      fresh = fresh.slice(end);
    }
    const end = this.#last(fresh);
    this.#carry = fresh.slice(end);
    if (this.#carry.length <= LINE_LIMIT) return fresh.slice(0, end);
    // More of this line is not wanted; one character more tells that it was cut.
    const cut = this.#carry.slice(0, LINE_LIMIT + this.#end.length);
    this.#carry = "";
    this.#skipping = true;
    return fresh.slice(0, end) + cut + this.#end;
  }

  rest(): string {
    return this.#skipping ? "" : this.#carry;
  }

  /** Behind the first line end; in wide encodings it stands at a character's place. */
  #find(bytes: string, from: number): number {
    const unit = this.#end.length;
    for (let at = bytes.indexOf(this.#end, from); at >= 0; at = bytes.indexOf(this.#end, at + 1)) {
      if (at % unit === 0) return at + unit;
    }
    return -1;
  }

  #last(bytes: string): number {
    const unit = this.#end.length;
    for (let at = bytes.lastIndexOf(this.#end); at >= 0; at = at > 0 ? bytes.lastIndexOf(this.#end, at - 1) : -1) {
      if (at % unit === 0) return at + unit;
    }
    return 0;
  }
}
