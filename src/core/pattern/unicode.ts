/**
 * What Python's `re` knows about single characters: words, digits, blanks, and which characters are the same but for
 * case (engine.md §2.6). Not for classes or expressions: those are in `chars.ts`.
 */

const WORD = 1;
const DIGIT = 2;
const SPACE = 4;
const KNOWN = 8;

const LETTER_OR_NUMBER = /^[\p{L}\p{N}]$/u;
const DECIMAL = /^\p{Nd}$/u;
/** The same below U+0080: see `lettersOf`. */
const PLAIN = /^[A-Za-z0-9]$/;
const PLAIN_DIGIT = /^[0-9]$/;
const BLANKS = new Set([
  9, 10, 11, 12, 13, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
  0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** Answers for the characters below U+10000, by their upper byte, filled as they are asked for. */
const kinds: (Uint8Array | undefined)[] = Array<undefined>(256).fill(undefined);

function kindOf(code: number): number {
  const known = kinds[code >> 8]?.[code & 0xff] ?? 0;
  if (known !== 0) return known;
  const text = String.fromCodePoint(code);
  let kind = KNOWN;
  if (code === 0x5f || (code < 0x80 ? PLAIN : LETTER_OR_NUMBER).test(text)) kind |= WORD;
  if ((code < 0x80 ? PLAIN_DIGIT : DECIMAL).test(text)) kind |= DIGIT;
  if (BLANKS.has(code)) kind |= SPACE;
  if (code < 0x10000) (kinds[code >> 8] ??= new Uint8Array(256))[code & 0xff] = kind;
  return kind;
}

/** `\w`: letters, numbers and the underscore; with `ascii` only those below U+0080. */
export function isWord(code: number, ascii: boolean): boolean {
  return (!ascii || code < 0x80) && (kindOf(code) & WORD) !== 0;
}

/** `\d`: decimal digits of any script; with `ascii` only 0–9. */
export function isDigit(code: number, ascii: boolean): boolean {
  return (!ascii || code < 0x80) && (kindOf(code) & DIGIT) !== 0;
}

/** `\s`; with `ascii` only blank, tab, line feed, carriage return, vertical tab and form feed. */
export function isSpace(code: number, ascii: boolean): boolean {
  return ascii ? code === 0x20 || (code >= 9 && code <= 13) : (kindOf(code) & SPACE) !== 0;
}

/** The lower-case form that is one character long. */
export function lowerOf(code: number, ascii: boolean): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  if (ascii) return code;
  if (code === 0x130) return 0x69;
  const lower = String.fromCodePoint(code).toLowerCase();
  const first = lower.codePointAt(0) ?? code;
  return lower.length === (first > 0xffff ? 2 : 1) ? first : code;
}

/** No character from here on has a case. */
const LAST_CASED = 0x1e944;

/** From an upper-case form to every character that ignore-case takes for it; made when first needed (some milliseconds). */
let families: ReadonlyMap<string, readonly number[]> | null = null;

function familiesByUpper(): ReadonlyMap<string, readonly number[]> {
  if (families !== null) return families;
  const made = new Map<string, number[]>();
  for (let code = 0x41; code < LAST_CASED; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const text = String.fromCodePoint(code);
    if (text.toLowerCase() === text && text.toUpperCase() === text) continue;
    const key = String.fromCodePoint(lowerOf(code, false)).toUpperCase();
    const family = made.get(key);
    if (family === undefined) made.set(key, [code]);
    else family.push(code);
  }
  families = made;
  return made;
}

const ASCII_EXTRAS = new Map([
  [0x69, [0x130, 0x131]],
  [0x6b, [0x212a]],
  [0x73, [0x17f]],
]);

/** Every character that ignore-case takes for `code`, itself included. */
export function caseFamily(code: number, ascii: boolean): readonly number[] {
  const lower = lowerOf(code, ascii);
  if (lower < 0x80) {
    const letter = lower >= 0x61 && lower <= 0x7a;
    const extras = ascii ? [] : (ASCII_EXTRAS.get(lower) ?? []);
    return letter ? [lower, lower - 32, ...extras] : [code];
  }
  if (ascii) return [code];
  const family = familiesByUpper().get(String.fromCodePoint(lower).toUpperCase());
  if (family === undefined) return [code];
  // ı and ſ have an ASCII letter as their upper case
  return family;
}
