/** How a set of characters is written in JavaScript, for text that is pure ASCII. */
import { type CharSet } from "./chars.ts";

/** What was printed before: equal sets are mostly one object (`chars.ts`). */
const printed = new WeakMap<Uint8Array, string>();

/** The ASCII part of a set as it is on texts without other characters: `[…]`, a shorthand, or the character itself. */
export function printAscii({ ascii }: CharSet): string {
  const known = printed.get(ascii);
  if (known !== undefined) return known;
  const text = printTable(ascii);
  printed.set(ascii, text);
  return text;
}

/** @param ascii one entry for each ASCII character: 1 where it belongs to the set */
export function printTable(ascii: Uint8Array): string {
  const only = onlyAscii(ascii);
  if (only >= 0) return printChar(only);
  const known = SHORTHANDS.get(ascii.join(""));
  if (known !== undefined) return known;
  const inside = ranges(ascii, 1);
  const outside = ranges(ascii, 0);
  return outside.length < inside.length ? `[^${outside.join("")}]` : `[${inside.join("")}]`;
}

function onlyAscii(ascii: Uint8Array): number {
  const first = ascii.indexOf(1);
  return first >= 0 && ascii.indexOf(1, first + 1) < 0 ? first : -1;
}

function printChar(code: number): string {
  const char = String.fromCharCode(code);
  if (/[A-Za-z0-9_ !"#%&',:;<=>@`~]/.test(char)) return char;
  return /[$()*+./?[\\\]^{|}-]/.test(char) ? `\\${char}` : hex(code);
}

function hex(code: number): string {
  return code === 10 ? "\\n" : `\\x${code.toString(16).padStart(2, "0")}`;
}

/** The runs of characters whose entry is `wanted`, written for the inside of brackets. */
function ranges(ascii: Uint8Array, wanted: 0 | 1): readonly string[] {
  const found: string[] = [];
  for (let code = 0; code < 128; code++) {
    if (ascii[code] !== wanted) continue;
    const from = code;
    while (code + 1 < 128 && ascii[code + 1] === wanted) code++;
    const dash = code > from + 1 ? "-" : "";
    found.push(code === from ? printChar(from) : `${printChar(from)}${dash}${printChar(code)}`);
  }
  return found;
}

function table(expression: RegExp): string {
  return Array.from({ length: 128 }, (_, code) => (expression.test(String.fromCharCode(code)) ? 1 : 0)).join("");
}

/** `\s` is missing: Python's has U+001C–U+001F as well. */
const SHORTHANDS = new Map(
  ["\\w", "\\W", "\\d", "\\D", "[^\\n]", "[^]"].map((text) => [table(new RegExp(`^${text}$`)), text]),
);
