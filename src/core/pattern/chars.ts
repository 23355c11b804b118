/**
 * A set of characters: what a literal, `.`, `\w` or `[…]` takes. Answers for ASCII come from a table, others are worked
 * out. Only decides membership; how a set is written in JavaScript is the printer's business.
 */
import { caseFamily, isDigit, isSpace, isWord } from "./unicode.ts";

export type Category = "d" | "D" | "s" | "S" | "w" | "W";

export type CharItem =
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "category"; readonly category: Category };

export interface CharSet {
  /** One byte for each of the 128 ASCII characters: 1 where the set has it. */
  readonly ascii: Uint8Array;
  /** Whether the set has a character from U+0080 on. */
  wide(code: number): boolean;
  /** Surely has no character from U+0080 on. */
  readonly narrow: boolean;
  /** The only character of the set, or -1. */
  readonly only: number;
}

export interface CharFlags {
  readonly ignoreCase: boolean;
  readonly ascii: boolean;
}

/**
 * Sets that were made already: the expressions of a whole configuration have ten thousand, of a few hundred kinds. When there are
 * more kinds than these, all are forgotten and made anew.
 */
const made = new Map<string, CharSet>();
const KINDS = 1000;

/** To be called when many expressions have been compiled: what is in use stays, a later expression makes its own. */
export function forgetSets(): void {
  made.clear();
}

/** @returns the set of `items`, or of everything else when `negate`; equal ones are the same object */
export function charSet(items: readonly CharItem[], negate: boolean, flags: CharFlags): CharSet {
  const key = keyOf(items, negate, flags);
  const known = made.get(key);
  if (known !== undefined) return known;
  if (made.size >= KINDS) made.clear();
  const set = makeSet(items, negate, flags);
  made.set(key, set);
  return set;
}

function keyOf(items: readonly CharItem[], negate: boolean, { ignoreCase, ascii }: CharFlags): string {
  let key = `${negate ? "^" : ""}${ignoreCase ? "i" : ""}${ascii ? "a" : ""}`;
  for (const item of items) key += item.kind === "range" ? `,${item.from}-${item.to}` : `,${item.category}`;
  return key;
}

function makeSet(items: readonly CharItem[], negate: boolean, flags: CharFlags): CharSet {
  const has = (code: number): boolean => takes(items, code, flags) !== negate;
  const ascii = new Uint8Array(128);
  for (let code = 0; code < 128; code++) ascii[code] = has(code) ? 1 : 0;
  return { ascii, wide: has, narrow: !negate && isNarrow(items, flags), only: onlyOf(items, negate, flags) };
}

/** The set of one character, without regard to case or with it. */
export function literal(code: number, flags: CharFlags): CharSet {
  return charSet([{ kind: "range", from: code, to: code }], false, flags);
}

export function categoryTakes(category: Category, code: number, ascii: boolean): boolean {
  switch (category) {
    case "d":
      return isDigit(code, ascii);
    case "D":
      return !isDigit(code, ascii);
    case "s":
      return isSpace(code, ascii);
    case "S":
      return !isSpace(code, ascii);
    case "w":
      return isWord(code, ascii);
    case "W":
      return !isWord(code, ascii);
  }
}

function takes(items: readonly CharItem[], code: number, flags: CharFlags): boolean {
  let variants: readonly number[] | null = null;
  for (const item of items) {
    if (item.kind === "category") {
      if (categoryTakes(item.category, code, flags.ascii)) return true;
      continue;
    }
    if (code >= item.from && code <= item.to) return true;
    if (!flags.ignoreCase) continue;
    variants ??= caseFamily(code, flags.ascii);
    for (const variant of variants) if (variant >= item.from && variant <= item.to) return true;
  }
  return false;
}

function isNarrow(items: readonly CharItem[], flags: CharFlags): boolean {
  return items.every((item) =>
    item.kind === "category"
      ? flags.ascii && item.category === item.category.toLowerCase()
      : item.to < 128 && (!flags.ignoreCase || flags.ascii || !reachesExtras(item.from, item.to)),
  );
}

/** Whether a range has one of the letters that ignore-case also finds outside of ASCII: i, k, s. */
function reachesExtras(from: number, to: number): boolean {
  return [0x49, 0x69, 0x4b, 0x6b, 0x53, 0x73].some((code) => code >= from && code <= to);
}

function onlyOf(items: readonly CharItem[], negate: boolean, flags: CharFlags): number {
  const item = items[0];
  if (negate || items.length !== 1 || item === undefined || item.kind !== "range" || item.from !== item.to) return -1;
  return flags.ignoreCase && caseFamily(item.from, flags.ascii).length > 1 ? -1 : item.from;
}
