/** What stands at a position of a text: characters of one or two units, edges of lines and words, repeats. */
import { type CharSet } from "./chars.ts";
import { ASCII_EDGE, EDGES } from "./instructions.ts";
import { caseFamily, isWord } from "./unicode.ts";

const EDGE_NUMBER = Object.fromEntries(EDGES.map((edge, number) => [edge, number]));
const START = EDGE_NUMBER["start"];
const LINE_START = EDGE_NUMBER["lineStart"];
const END = EDGE_NUMBER["end"];
const LINE_END = EDGE_NUMBER["lineEnd"];
const VERY_END = EDGE_NUMBER["veryEnd"];
const WORD = EDGE_NUMBER["word"];

/** The position one character before. */
export function before(text: string, at: number): number {
  return isInside(text, at - 1) ? at - 2 : at - 1;
}

/** Whether the position is between the two halves of one character. */
export function isInside(text: string, at: number): boolean {
  return isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1));
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** How many units the character at `at` has if the set takes it; 0 if not, or at the end. */
export function sizeAt(sets: readonly CharSet[], number: number, text: string, at: number): 0 | 1 | 2 {
  const set = sets[number];
  if (set === undefined || at >= text.length) return 0;
  const unit = text.charCodeAt(at);
  if (unit < 128) return set.ascii[unit] === 1 ? 1 : 0;
  if (isHigh(unit) && isLow(text.charCodeAt(at + 1))) return set.wide(text.codePointAt(at) ?? 0) ? 2 : 0;
  return set.wide(unit) ? 1 : 0;
}

/** The position `count` characters before `at`; -1 before the text. */
export function backBy(text: string, at: number, count: number): number {
  let back = at;
  for (let left = count; left > 0; left--) back = before(text, back);
  return Math.max(back, -1);
}

export function isEdge(number: number, text: string, at: number): boolean {
  const ascii = number >= ASCII_EDGE;
  switch (ascii ? number - ASCII_EDGE : number) {
    case START:
      return at === 0;
    case LINE_START:
      return at === 0 || text.charCodeAt(at - 1) === 10;
    case END:
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === 10);
    case LINE_END:
      return at === text.length || text.charCodeAt(at) === 10;
    case VERY_END:
      return at === text.length;
    default: {
      const edge = wordBefore(text, at, ascii) !== wordAt(text, at, ascii);
      // an empty text has neither edges of words nor places that are none
      const wanted = (ascii ? number - ASCII_EDGE : number) === WORD;
      return text.length > 0 && edge === wanted;
    }
  }
}

function wordAt(text: string, at: number, ascii: boolean): boolean {
  const code = text.codePointAt(at);
  return code !== undefined && isWord(code, ascii);
}

function wordBefore(text: string, at: number, ascii: boolean): boolean {
  if (at === 0) return false;
  return wordAt(text, before(text, at), ascii);
}

/** How many units the text from `begin` to `end` takes when it stands again at `at`; -1 if it does not. */
export function repeatsAt(text: string, begin: number, end: number, at: number, flags: number): number {
  if (flags === 0 || flags === 2) return text.startsWith(text.slice(begin, end), at) ? end - begin : -1;
  let to = at;
  for (let from = begin; from < end;) {
    const wanted = text.codePointAt(from) ?? 0;
    const found = text.codePointAt(to);
    if (found === undefined || !isSameLetter(wanted, found, (flags & 2) !== 0)) return -1;
    from += wanted > 0xffff ? 2 : 1;
    to += found > 0xffff ? 2 : 1;
  }
  return to - at;
}

function isSameLetter(a: number, b: number, ascii: boolean): boolean {
  return a === b || caseFamily(a, ascii).includes(b);
}
