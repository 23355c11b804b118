/**
 * What counts as white space: Python's idea of it, which has the separators U+001C–U+001F and U+0085 and not U+FEFF (a byte order mark).
 *
 * Every stage trims and splits with these, so that a line means the same to both programs.
 */

/** For use inside a character class. */
export const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const BLANKS = new RegExp(`^[${BLANK}]$`, "u");
const BLANK_RUN = new RegExp(`[${BLANK}]+`, "u");

export function isBlank(char: string | undefined): boolean {
  if (char === undefined || char === "") return false;
  return char <= " "
    ? (char >= "\t" && char <= "\r") || (char >= "\x1c" && char <= " ")
    : char > "~" && BLANKS.test(char);
}

/** Where JavaScript's idea of white space is another one than Python's. */
const PECULIAR = /[\x1c-\x1f\x85\ufeff]/;
const PECULIARS = ["\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\ufeff"];

export function trimBlanks(text: string): string {
  return PECULIAR.test(text) ? text.slice(leading(text), trailing(text)) : text.trim();
}

export function trimBlanksEnd(text: string): string {
  return PECULIAR.test(text) ? text.slice(0, trailing(text)) : text.trimEnd();
}

/** Both for the parts of one text: what is peculiar is looked for once, in the whole. */
export function trimmersOf(text: string): { readonly trim: typeof trimBlanks; readonly trimEnd: typeof trimBlanksEnd } {
  if (PECULIARS.some((char) => text.includes(char))) return { trim: trimBlanks, trimEnd: trimBlanksEnd };
  return { trim: (part) => part.trim(), trimEnd: (part) => part.trimEnd() };
}

/** Column of the first character that is not blank; 0 when all are. */
export function indentation(text: string): number {
  const first = text.charCodeAt(0);
  if (first > 32 && first < 127) return 0;
  const at = PECULIAR.test(text) ? leading(text) : text.length - text.trimStart().length;
  return at === text.length ? 0 : at;
}

/** Words between runs of white space; none for a blank text. */
export function blankWords(text: string): string[] {
  const trimmed = trimBlanks(text);
  return trimmed === "" ? [] : trimmed.split(BLANK_RUN);
}

function leading(text: string): number {
  let at = 0;
  while (at < text.length && isBlank(text[at])) at += 1;
  return at;
}

function trailing(text: string): number {
  let at = text.length;
  while (at > 0 && isBlank(text[at - 1])) at -= 1;
  return at;
}
