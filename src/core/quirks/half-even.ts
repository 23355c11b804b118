/**
 * @quirk half-even
 * fail2ban: server/ticket.py, the estimate made when a failure's interval outgrows findtime (engine.md §4.2).
 * The scaled count is rounded with Python's round(), which takes a half to the even neighbour.
 * Kept: whether the fifth or the sixth line bans is visible. Without it 2.5 failures would count as 3 instead of 2.
 */

/** Nearest integer; exactly between two, the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const gap = x - floor;
  if (gap !== 0.5) return gap < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
