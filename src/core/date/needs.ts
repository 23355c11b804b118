/**
 * What a line must contain for a default format to be in it at all: asked once for a line, it saves most of the searches
 * in lines without a date. Says "surely not" or nothing, and holds only for text that is ASCII.
 */

/** A time with colons, digits in a row, an `@`. */
const CLOCK = 1;
const DIGITS = 2;
const AT = 4;
/** Every line has it. */
const ANYTHING = 8;

const A_CLOCK = /\d:\d\d?:\d/;
/** As in a compact date; epochs have more. */
const EIGHT_DIGITS = /\d{8}/;

/**
 * @param format one of `formats.ts`; null: not known
 * @returns the bit that the line must have
 */
export function needsOf(format: string | null): number {
  if (format === "TAI64N") return AT;
  if (format !== null && /%[HkI]:%M:%S/.test(format)) return CLOCK;
  return format === null ? ANYTHING : DIGITS;
}

/** @returns the bits of what the line has */
export function offersOf(line: string): number {
  const clock = A_CLOCK.test(line) ? CLOCK : 0;
  const digits = EIGHT_DIGITS.test(line) ? DIGITS : 0;
  return ANYTHING | clock | digits | (line.includes("@") ? AT : 0);
}
