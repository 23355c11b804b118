/** What a line came to, beside its failures: one object for all lines, which is cleared before each. */
import type { Match as PatternMatch } from "../pattern/index.ts";

/** What became of the last line, beside its failures. */
export interface LineOutcome {
  /** Which ignoreregex hit it, or null. */
  ignoredBy: number | null;
  /** Every hit of an ignoreregex, in the order in which they were asked; where not all rules are asked, at most one. */
  ignores: number[];
  /** An expression matched and says that it is no failure. */
  nofail: boolean;
  prefix: PatternMatch | null;
  /** Failregexes that matched, failure or not; only where all are asked. */
  hits: number[];
  /** Failregexes that matched for a session of which nobody is known yet. */
  pending: number[];
  /** Those of them that say that it is no failure. */
  quiet: number[];
}

export function freshOutcome(): LineOutcome {
  return { ignoredBy: null, ignores: [], nofail: false, prefix: null, hits: [], pending: [], quiet: [] };
}

/** Lists that were filled are replaced, for somebody may still hold them. @param allRules as `ReaderContext` has it */
export function clearOutcome(outcome: LineOutcome, allRules: boolean): void {
  outcome.ignoredBy = null;
  outcome.nofail = false;
  outcome.prefix = null;
  if (allRules) outcome.hits = [];
  if (outcome.ignores.length > 0) outcome.ignores = [];
  if (outcome.pending.length === 0) return;
  outcome.pending = [];
  outcome.quiet = [];
}
