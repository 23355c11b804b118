/**
 * How far the default formats look beyond their end, for the cache in `detector.ts`: up to where must two lines agree
 * for one of them to match both alike?
 *
 * True only of the formats in `formats.ts`, bound to the line's begin. All end in seconds (or AM/PM, an epoch, TAI64N), after
 * which only a fraction, a year or a zone may follow, and the end boundary sees one character more.
 */
/** A year takes four characters, a zone six; the boundary one more. */
const LONGEST_TAIL = 8;

/**
 * @param end where the match ended
 * @returns the offset up to which lines must agree, beyond the line's length where its end must agree too; −1 where it
 *   cannot be told: a fraction that was not taken, or text that is not ASCII
 */
export function settledUpTo(line: string, end: number): number {
  const next = line.charCodeAt(end);
  if (next === 0x2e || next === 0x2c) return -1;
  let at = end;
  while (isBlank(line.charCodeAt(at))) at += 1;
  const code = line.charCodeAt(at);
  if (code >= 0x80) return -1;
  return at + (mayContinue(code) ? LONGEST_TAIL : 1);
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
}

/** A digit, a sign, or a letter with which UTC, GMT and Z begin, in either case. */
function mayContinue(code: number): boolean {
  const letter = code | 0x20;
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    letter === 0x7a ||
    letter === 0x75 ||
    letter === 0x67
  );
}
