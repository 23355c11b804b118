/** Reads what follows a backslash, outside and inside of `[…]` (Python's rules: unknown letters are errors, engine.md §2.6). */
import { type Category } from "./chars.ts";
import { accept, complain, peek, type Reading, take, takeUntil, takeWhile } from "./reading.ts";

export type Escape =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "category"; readonly category: Category }
  | { readonly kind: "edge"; readonly edge: "start" | "veryEnd" | "word" | "notWord" }
  | { readonly kind: "backref"; readonly index: number };

const CODES = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 0x5c],
]);
const CATEGORIES = new Map<string, Category>([
  ["d", "d"],
  ["D", "D"],
  ["s", "s"],
  ["S", "S"],
  ["w", "w"],
  ["W", "W"],
]);
const EDGES = new Map<string, "start" | "veryEnd" | "word" | "notWord">([
  ["A", "start"],
  ["Z", "veryEnd"],
  ["b", "word"],
  ["B", "notWord"],
]);
const HEX_DIGITS = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

const HEX = /^[0-9a-fA-F]$/;
const OCTAL = /^[0-7]$/;
const DIGIT = /^[0-9]$/;
const LETTER = /^[a-zA-Z]$/;

/** @param token the backslash and the character after it, already taken. */
export function readEscape(reading: Reading, token: string): Escape {
  const char = token.slice(1);
  const edge = EDGES.get(char);
  if (edge !== undefined) return { kind: "edge", edge };
  const common = readCommon(reading, token);
  if (common !== null) return common;
  if (char === "0") return code(parseInt(`0${takeWhile(reading, 2, OCTAL)}`, 8));
  if (DIGIT.test(char)) return readNumber(reading, char);
  if (LETTER.test(char)) complain(reading, `bad escape ${token}`, reading.at - 2);
  return code(char.codePointAt(0) ?? 0);
}

export function readClassEscape(reading: Reading, token: string): Escape {
  const char = token.slice(1);
  if (char === "b") return code(8);
  const common = readCommon(reading, token);
  if (common !== null) return common;
  if (OCTAL.test(char)) return readOctal(reading, char + takeWhile(reading, 2, OCTAL));
  if (LETTER.test(char) || DIGIT.test(char)) complain(reading, `bad escape ${token}`, reading.at - 2);
  return code(char.codePointAt(0) ?? 0);
}

/** Whether a group may be referred to here; complains at `at` if not. */
export function checkReference(reading: Reading, index: number, at: number): void {
  if (!reading.widths.has(index)) complain(reading, "cannot refer to an open group", at);
  checkBehind(reading, index);
}

export function checkBehind(reading: Reading, index: number): void {
  if (reading.behind === null) return;
  if (!reading.widths.has(index)) complain(reading, "cannot refer to an open group", reading.at);
  if (index >= reading.behind) {
    complain(reading, "cannot refer to group defined in the same lookbehind subpattern", reading.at);
  }
}

function code(value: number): Escape {
  return { kind: "code", code: value };
}

function readCommon(reading: Reading, token: string): Escape | null {
  const char = token.slice(1);
  const category = CATEGORIES.get(char);
  if (category !== undefined) return { kind: "category", category };
  const known = CODES.get(char);
  if (known !== undefined) return code(known);
  const digits = HEX_DIGITS.get(char);
  if (digits !== undefined) return readHex(reading, token, digits);
  if (char === "N") return readNamed(reading);
  return null;
}

function readHex(reading: Reading, token: string, digits: number): Escape {
  const text = token + takeWhile(reading, digits, HEX);
  if (text.length !== digits + 2) complain(reading, `incomplete escape ${text}`, reading.at - text.length);
  const value = parseInt(text.slice(2), 16);
  if (value > 0x10ffff) complain(reading, `bad escape ${text}`, reading.at - text.length);
  return code(value);
}

/** Characters by name: there is no table of names here, so only the complaint differs from Python's. */
function readNamed(reading: Reading): never {
  if (!accept(reading, "{")) complain(reading, "missing {", reading.at);
  const name = takeUntil(reading, "}", "character name");
  return complain(reading, `characters by name are not supported: \\N{${name}}`, reading.at - name.length - 4);
}

function readOctal(reading: Reading, digits: string): Escape {
  const value = parseInt(digits, 8);
  if (value > 0o377) {
    const text = `\\${digits}`;
    complain(reading, `octal escape value ${text} outside of range 0-0o377`, reading.at - text.length);
  }
  return code(value);
}

/** `\1` … `\99` are groups, three octal digits a character. */
function readNumber(reading: Reading, first: string): Escape {
  let digits = first;
  if (DIGIT.test(peek(reading))) {
    digits += take(reading);
    if (/^[0-7]{2}$/.test(digits) && OCTAL.test(peek(reading))) return readOctal(reading, digits + take(reading));
  }
  const index = Number(digits);
  if (index >= reading.nextGroup) complain(reading, `invalid group reference ${index}`, reading.at - digits.length);
  checkReference(reading, index, reading.at - digits.length - 1);
  return { kind: "backref", index };
}
