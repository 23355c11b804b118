/**
 * The IPv6 part of `<HOST>` has more nested counting than V8's linear engine takes. It is printed as "hex digits and
 * colons, with a colon among the first five" instead, which takes everything that the strict form takes and tries the
 * lengths in the same order (longest first); what it found is then checked here. If the check fails, the expression is
 * evaluated again by the matcher, so the answer is the strict one in any case (property test in `loose.test.ts`).
 */
export const LOOSE_IP6 = "[0-9a-fA-F]{0,4}:[0-9a-fA-F:]+";

const COLON = 0x3a;

/** Pieces of the strict form: at most seven of `hex:`, `hex::`, `:`, then hex digits or one more colon. */
const MAX_PIECES = 7;

/** Whether `text` as a whole is what the strict form takes. */
export function isStrictIp6(text: string): boolean {
  const digits = lastRun(text);
  const head = digits > 0 ? text.length - digits : text.length - 1;
  // the text is hex digits and colons: it ends in up to four digits after a colon, or in a colon after a colon
  if (digits > 4 || head < 1 || text.charCodeAt(head - 1) !== COLON) return false;
  return pieces(text, head) <= MAX_PIECES;
}

/** How many hex digits stand at the end. */
function lastRun(text: string): number {
  let at = text.length;
  while (at > 0 && text.charCodeAt(at - 1) !== COLON) at--;
  return text.length - at;
}

/** The fewest pieces that make up `text` to `end`; Infinity if there is no way. */
function pieces(text: string, end: number): number {
  let count = 0;
  for (let at = 0; at < end; count++) {
    let run = 0;
    while (at + run < end && text.charCodeAt(at + run) !== COLON) run++;
    if (run > 4) return Infinity;
    at += run + 1;
    if (run > 0 && at < end && text.charCodeAt(at) === COLON) at++;
  }
  return count;
}
