/**
 * The lines and fields of one offender while he is being counted (engine.md §4.1, §4.2).
 *
 * What the first failure brought is packed into one text of its own and later lines are copied: a line is a slice of
 * the 64 KiB that were read with it, and keeping the slice would keep them all.
 */
import { matchText, type Fields, type Match } from "../../base/index.ts";

export interface Kept {
  /** JSON of `[fields, matches]` of the first failure; matches stay in the form they came in (tuples). */
  readonly first: string;
  /** How many of the first failure's lines still count; the earlier ones have fallen out of the window. */
  readonly firstLeft: number;
  /** Lines of later failures, each as one text. */
  readonly later: readonly string[];
}

const NO_LINES: readonly string[] = [];

/** What is kept of the first failure: all its lines, however many. */
export function keepFirst(fields: Fields, matches: readonly Match[]): Kept {
  return { first: JSON.stringify([fields, matches]), firstLeft: matches.length, later: NO_LINES };
}

/** Adds the lines of a later failure and lets go of all but the last `most`. */
export function keepMore(kept: Kept, matches: readonly Match[], most: number): Kept {
  const later = most === 0 || matches.length === 0 ? kept.later : [...kept.later, ...matches.slice(-most).map(ownText)];
  if (kept.firstLeft + later.length <= most) return { first: kept.first, firstLeft: kept.firstLeft, later };
  return {
    first: kept.first,
    firstLeft: Math.max(0, most - later.length),
    later: most === 0 ? NO_LINES : later.slice(-most),
  };
}

/** The same offender without any line, and without fields of more than 256 characters. */
export function keepNone(kept: Kept): Kept {
  const bare = keepFirst(fieldsOf(kept), []);
  return bare.first.length <= 256 ? bare : keepFirst({}, []);
}

export function fieldsOf(kept: Kept): Fields {
  return unpack(kept)[0];
}

/** The lines in the order they came. */
export function matchesOf(kept: Kept): Match[] {
  const first = unpack(kept)[1];
  return [...first.slice(first.length - kept.firstLeft), ...kept.later];
}

/** Characters held. */
export function weightOf(kept: Kept): number {
  let weight = kept.first.length;
  for (const line of kept.later) weight += line.length;
  return weight;
}

function unpack(kept: Kept): readonly [Fields, readonly Match[]] {
  return JSON.parse(kept.first) as readonly [Fields, readonly Match[]];
}

/** The line as a text that shares nothing with the buffer it was cut from (V8 copies when a joined text is cut). */
function ownText(match: Match): string {
  return ` ${matchText(match)}`.slice(1);
}
