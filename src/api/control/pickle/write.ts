/**
 * Answers and requests → pickle, opcode for opcode as Python's own writer (protocol 5) puts them in the captured exchanges of config-cli.md §5.4.
 *
 * Two things differ on purpose, and any Python reads both: equal strings are not shared, and a text that contains the body of the end marker is
 * written with the escaping opcode `V`, so that the marker never stands inside a payload.
 */
import { Float, Tuple, type Plain } from "../../../base/index.ts";
import { Id, Raised, Row, type Answer } from "./value.ts";

/** Containers inside containers; deeper values are a bug of ours, since nothing that travels is deeper than 6. */
const DEPTH = 64;
/** Python's writer fills lists and dictionaries in batches of this size. */
const BATCH = 1000;
/** A frame's header is left out where its body is shorter than this. */
const LEAST_FRAME = 4;
/** The part of the end marker that a text must not show; its first character may come from a length byte (60 is `<`). */
const MARKER_BODY = "F2B_END_COMMAND";

const MEMOIZE = 0x94;

/** @returns `answer` as pickle of protocol 5. */
export function writePickle(answer: Answer): Buffer {
  const out = new Output();
  writeValue(out, answer, 0);
  out.byte(0x2e);
  return out.finish();
}

/** Growing bytes, and the memo numbers given so far. */
class Output {
  #bytes = Buffer.allocUnsafe(256);
  #length = 11;
  /** How many values were memoized: the next one's number. */
  #memo = 0;
  readonly #names = new Map<string, number>();

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  text(opcodeShort: number, opcodeLong: number, text: string): void {
    const size = Buffer.byteLength(text);
    const head = size < 256 ? 2 : 5;
    this.#room(head + size);
    this.#bytes[this.#length] = size < 256 ? opcodeShort : opcodeLong;
    if (size < 256) this.#bytes[this.#length + 1] = size;
    else this.#bytes.writeUInt32LE(size, this.#length + 1);
    this.#length += head + this.#bytes.write(text, this.#length + head);
  }

  raw(bytes: Buffer): void {
    this.#room(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  memoize(): void {
    this.byte(MEMOIZE);
    this.#memo += 1;
  }

  /** A class or function: its name the first time, then its memo number. */
  global(module: string, name: string): void {
    const key = `${module}\n${name}`;
    const seen = this.#names.get(key);
    if (seen !== undefined) return this.raw(seen < 256 ? Buffer.from([0x68, seen]) : numbered(0x6a, seen));
    writeText(this, module);
    writeText(this, name);
    this.byte(0x93);
    this.#names.set(key, this.#memo);
    this.memoize();
  }

  finish(): Buffer {
    const body = this.#bytes.subarray(11, this.#length);
    if (body.length < LEAST_FRAME) return Buffer.concat([Buffer.from([0x80, 5]), body]);
    this.#bytes.set([0x80, 5, 0x95], 0);
    this.#bytes.writeBigUInt64LE(BigInt(body.length), 3);
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
  }
}

function writeValue(out: Output, value: Answer, depth: number): void {
  if (depth > DEPTH) throw new RangeError(`value is nested more than ${DEPTH} deep`);
  if (value === null) out.byte(0x4e);
  else if (typeof value === "boolean") out.byte(value ? 0x88 : 0x89);
  else if (typeof value === "number") writeNumber(out, value);
  else if (typeof value === "string") writeText(out, value);
  else if (value instanceof Float) writeFloat(out, value.value);
  else if (value instanceof Id) writeCall(out, "builtins", "str", [value.text], depth);
  else if (value instanceof Raised) writeCall(out, value.module, value.name, value.args, depth);
  else if (value instanceof Tuple || value instanceof Row) writeTuple(out, value.items, depth);
  else if (isMap(value)) writeMap(out, value, depth);
  else writeList(out, value, depth);
}

function writeNumber(out: Output, value: number): void {
  if (!Number.isInteger(value)) return writeFloat(out, value);
  if (value >= 0 && value < 256) return out.raw(Buffer.from([0x4b, value]));
  if (value >= 0 && value < 65536) return out.raw(Buffer.from([0x4d, value & 255, value >> 8]));
  if (value >= -(2 ** 31) && value < 2 ** 31) return out.raw(numbered(0x4a, value));
  let hex = BigInt.asUintN(128, BigInt(value)).toString(16).padStart(32, "0");
  const fill = value < 0 ? "ff" : "00";
  while (hex.startsWith(fill) && Number.parseInt(hex.slice(2, 4), 16) >= 128 === value < 0) hex = hex.slice(2);
  const bytes = Buffer.from(hex, "hex").reverse();
  out.raw(Buffer.concat([Buffer.from([0x8a, bytes.length]), bytes]));
}

function numbered(opcode: number, value: number): Buffer {
  const bytes = Buffer.from([opcode, 0, 0, 0, 0]);
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function writeFloat(out: Output, value: number): void {
  const bytes = Buffer.alloc(9, 0x47);
  bytes.writeDoubleBE(value, 1);
  out.raw(bytes);
}

function writeText(out: Output, text: string): void {
  if (text.includes(MARKER_BODY)) out.raw(Buffer.from(`V${escapeText(text)}\n`, "latin1"));
  else out.text(0x8c, 0x58, text);
  out.memoize();
}

/** The text without underscores, backslashes and whatever a line of ASCII cannot hold. */
function escapeText(text: string): string {
  return text.replace(/[^ -[\]^`-~]/gu, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
}

function writeCall(out: Output, module: string, name: string, args: readonly Plain[], depth: number): void {
  out.global(module, name);
  writeTuple(out, args, depth);
  out.byte(0x52);
  out.memoize();
}

function writeTuple(out: Output, items: readonly Answer[], depth: number): void {
  const marked = items.length > 3;
  if (marked) out.byte(0x28);
  for (const item of items) writeValue(out, item, depth + 1);
  out.byte(marked ? 0x74 : ([0x29, 0x85, 0x86, 0x87][items.length] ?? 0x29));
  if (items.length > 0) out.memoize();
}

function writeList(out: Output, items: readonly Answer[], depth: number): void {
  out.byte(0x5d);
  out.memoize();
  for (let from = 0; from < items.length; from += BATCH) {
    const batch = items.slice(from, from + BATCH);
    if (batch.length > 1) out.byte(0x28);
    for (const item of batch) writeValue(out, item, depth + 1);
    out.byte(batch.length > 1 ? 0x65 : 0x61);
  }
}

function writeMap(out: Output, map: ReadonlyMap<string, Answer>, depth: number): void {
  out.byte(0x7d);
  out.memoize();
  const entries = [...map];
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH);
    if (batch.length > 1) out.byte(0x28);
    for (const [key, item] of batch) {
      writeText(out, key);
      writeValue(out, item, depth + 1);
    }
    out.byte(batch.length > 1 ? 0x75 : 0x73);
  }
}

function isMap(value: Answer): value is ReadonlyMap<string, Answer> {
  return value instanceof Map;
}
