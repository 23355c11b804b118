/**
 * A text of ASCII in which the default formats find what they find in the text itself, at the same places: V8 takes ASCII only, and
 * is many times as fast as the matcher on a long line. Word characters, blanks and all others have one stand-in each, which no
 * format has as a letter of its own; letters that count as ASCII ones are these. For formats that are not bound to the line's begin; digits of other scripts count as letters (docs/DIFFERENCES.md).
 */

const OTHERS = /[^\0-\x7f]/gu;
const WORD = /[\p{L}\p{N}]/u;
const BLANK = /\s|\x85/u;

/** The letters that count as ASCII ones where case does not matter: a word of them may be taken for a zone. */
const FOLDED: ReadonlyMap<string, string> = new Map([
  ["\u017f", "s"],
  ["\u212a", "k"],
  ["\u0130", "i"],
  ["\u0131", "i"],
]);

/** @returns a text of the same length in UTF-16 units */
export function standIn(text: string): string {
  return text.replace(
    OTHERS,
    (char) => FOLDED.get(char) ?? (WORD.test(char) ? "_" : BLANK.test(char) ? "\v" : "\x01").repeat(char.length),
  );
}
