/** Which rows are bans to be carried out again, and for how long (config-cli.md §9.4, engine.md §5.4). */
import { FOREVER, whoOf, type Ban, type Instant, type Span } from "../../base/index.ts";
import { decodeData, numberOf } from "./rows.ts";

export interface LiveRules {
  /** `bantime.increment` of the jail. */
  readonly increment: boolean;
  /** The jail's ban time: seconds, or FOREVER. */
  readonly bantime: Span;
  /** `bantime.maxtime`, which counts only with increment. */
  readonly maxtime: Span | null;
  /** Lines to keep. */
  readonly maxmatches: number;
}

/** Length of a ban that an older version did not write down. */
const UNKNOWN = -2;

/**
 * One row as a ban.
 * @param row columns since, lasts, count, data, of any type
 * @returns null when the jail's rules have it over by now
 */
export function liveRow(
  jail: string,
  key: string,
  row: Readonly<Record<string, unknown>>,
  now: Instant,
  rules: LiveRules,
): Ban | null {
  const since = numberOf(row["since"], NaN);
  const lasts = lengthOf(numberOf(row["lasts"], UNKNOWN), rules);
  if (Number.isNaN(since) || (lasts !== FOREVER && since + lasts <= now)) return null;
  const { matches, failures, fields } = decodeData(row["data"]);
  const kept = rules.maxmatches > 0 ? matches.slice(-rules.maxmatches) : [];
  return {
    jail,
    who: whoOf(key),
    since,
    lasts,
    count: numberOf(row["count"], 1),
    failures,
    matches: kept,
    fields,
    restored: true,
  };
}

/** Whether a ban is to be looked at at all; the same question as the statement asks. */
export function isAlive(ban: { readonly since: Instant; readonly lasts: Span }, now: Instant, since: Instant): boolean {
  return (ban.lasts <= FOREVER || ban.since + ban.lasts > now) && ban.since > since;
}

function lengthOf(stored: Span, rules: LiveRules): Span {
  const most = rules.increment ? (rules.maxtime ?? FOREVER) : rules.bantime;
  const lasts = stored === UNKNOWN ? rules.bantime : stored;
  return most >= 0 && (lasts === FOREVER || lasts > most) ? most : lasts;
}
