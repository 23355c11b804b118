/**
 * The text of an expression while it is read: tokens (a character, or a backslash with the one after it), positions, and
 * complaints in Python's words. Knows nothing of what the tokens mean.
 */
import { type Width } from "./width.ts";

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

/** Groups inside groups; deeper expressions are refused. */
export const MAX_DEPTH = 200;
/** Characters of one expression after tags; longer ones are refused. */
export const MAX_LENGTH = 65_536;

export interface Reading {
  readonly chars: readonly string[];
  /** Position of the next token. */
  at: number;
  depth: number;
  /** Flags given at the start, in force everywhere. */
  flags: Flags;
  readonly names: Map<string, number>;
  /** Number of the next group. */
  nextGroup: number;
  /** Widths of the closed groups. */
  readonly widths: Map<number, Width>;
  /** Inside a look-behind: number of the first group that opened in it. */
  behind: number | null;
  /** Groups that conditionals ask for, with the position to complain at. */
  readonly asked: Map<number, number>;
  /** What is wrong, but is only said when the whole can be read. */
  late: string | null;
}

/** An expression that Python would not compile; the message is Python's. */
export class BadExpression extends Error {}

export function startReading(source: string, flags: Flags): Reading {
  const chars = Array.from(source);
  const reading: Reading = {
    chars,
    at: 0,
    depth: 0,
    flags,
    names: new Map(),
    nextGroup: 1,
    widths: new Map(),
    behind: null,
    asked: new Map(),
    late: null,
  };
  if (chars.length > MAX_LENGTH) throw new BadExpression(`expression longer than ${MAX_LENGTH} characters`);
  checkEscape(reading);
  return reading;
}

/** The next token without taking it; empty at the end. */
export function peek(reading: Reading): string {
  const char = reading.chars[reading.at] ?? "";
  return char === "\\" ? char + (reading.chars[reading.at + 1] ?? "") : char;
}

/** Takes the next token; empty at the end. */
export function take(reading: Reading): string {
  const token = peek(reading);
  reading.at += token.startsWith("\\") ? 2 : token === "" ? 0 : 1;
  checkEscape(reading);
  return token;
}

/** Takes the next token if it is `token`. */
export function accept(reading: Reading, token: string): boolean {
  if (peek(reading) !== token) return false;
  take(reading);
  return true;
}

/** Takes up to `limit` tokens out of `set`. */
export function takeWhile(reading: Reading, limit: number, set: RegExp): string {
  let taken = "";
  for (let count = 0; count < limit && set.test(peek(reading)); count++) taken += take(reading);
  return taken;
}

/** Takes everything up to `end`, and `end` itself. */
export function takeUntil(reading: Reading, end: string, what: string): string {
  let taken = "";
  let length = 0;
  for (;;) {
    const before = reading.at;
    const token = take(reading);
    if (token === "" && length === 0) complain(reading, `missing ${what}`, reading.at);
    if (token === "") complain(reading, `missing ${end}, unterminated name`, reading.at - length);
    if (token === end && length === 0) complain(reading, `missing ${what}`, reading.at - 1);
    if (token === end) return taken;
    taken += token;
    length += reading.at - before;
  }
}

/** A lone backslash at the end is found as soon as it comes next, before anything else is said. */
function checkEscape(reading: Reading): void {
  const last = reading.chars.length - 1;
  if (reading.at === last && reading.chars[last] === "\\") complain(reading, "bad escape (end of pattern)", last);
}

/** Gives up with `message` and the position, as Python words it. */
export function complain(reading: Reading, message: string, at: number): never {
  const before = reading.chars.slice(0, at);
  const lines = before.filter((char) => char === "\n").length + 1;
  const column = at - before.lastIndexOf("\n");
  const where = reading.chars.includes("\n") ? ` (line ${lines}, column ${column})` : "";
  throw new BadExpression(`${message} at position ${at}${where}`);
}

/** A name in quotation marks, as Python's repr gives it for ordinary text. */
export function quoted(name: string): string {
  const quote = name.includes("'") && !name.includes('"') ? '"' : "'";
  const escaped = name
    .replaceAll("\\", "\\\\")
    .replaceAll(/[\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r" })[c] ?? "\\t");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
