/**
 * A text of ASCII in which the default formats find what they find in the text itself, at the same places: V8 takes ASCII only, and
 * is many times as fast as the matcher on a long line. Word characters, blanks and all others have one stand-in each, which no
 * format has as a letter of its own. For formats that are not bound to the line's begin; digits of other scripts count as letters (docs/DIFFERENCES.md).
 */

const OTHERS = /[^\0-\x7f]/gu;
const WORD = /[\p{L}\p{N}]/u;
const BLANK = /\s|\x85/u;

/** @returns a text of the same length in UTF-16 units */
export function standIn(text: string): string {
  return text.replace(OTHERS, (char) => (WORD.test(char) ? "_" : BLANK.test(char) ? "\v" : "\x01").repeat(char.length));
}
