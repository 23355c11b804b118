/**
 * The place in a log from which lines are young enough to matter, by halving (engine.md §7.4).
 *
 * Expects a file in order of time; where it is in doubt (no date near the probe) it chooses the earlier place: what is too
 * old is dropped by date afterwards. Reads through a function it is given.
 */
import type { Instant } from "../../base/index.ts";

/** Bytes looked at in one probe; a line that is longer counts as one without a date. */
const PROBE_BYTES = 16_384;
/** Lines of a probe that are asked for their date. */
const PROBE_LINES = 6;
/** Probes at most: twice the halvings of the largest file; then the lower bound is the answer. */
const PROBES_LIMIT = 110;

export interface Searched {
  /** Start of a line, and the end of the file. */
  readonly from: number;
  readonly size: number;
  readonly target: Instant;
  /** Up to `length` bytes at `offset` as latin1; fewer at the end. */
  readonly read: (offset: number, length: number) => string;
  /** Date in one raw line (without its end), or null. */
  readonly dateOf: (raw: string) => Instant | null;
}

/** @returns the start of the first line whose date is not before the target; `size` when there is none. */
export function seekByDate(searched: Searched): number {
  let low = searched.from;
  let high = searched.size;
  for (let probes = 0; low < high && probes < PROBES_LIMIT; probes += 1) {
    const middle = low + Math.floor((high - low) / 2);
    const found = probe(searched, middle, middle === low, high);
    if (found !== null && found.date < searched.target) low = found.end;
    else high = middle;
  }
  return Math.min(low, searched.size);
}

/** First dated line among the first few that begin at or after `offset` and before `high`. */
function probe(
  searched: Searched,
  offset: number,
  atStart: boolean,
  high: number,
): { date: Instant; end: number } | null {
  const base = atStart ? offset : offset - 1;
  const bytes = searched.read(base, PROBE_BYTES);
  let start = atStart ? 0 : bytes.indexOf("\n") + 1;
  if (start === 0 && !atStart) return null;
  for (let lines = 0; lines < PROBE_LINES && base + start < high; lines += 1) {
    const end = bytes.indexOf("\n", start);
    if (end < 0) return null;
    const date = searched.dateOf(bytes.slice(start, end));
    if (date !== null) return { date, end: base + end + 1 };
    start = end + 1;
  }
  return null;
}
