/** Which rows are bans to be carried out again, and for how long (config-cli.md §9.4, engine.md §5.4). */
import {
  FOREVER,
  whoOf,
  type Ban,
  type Fields,
  type Instant,
  type Match,
  type Span,
  type Who,
} from "../../base/index.ts";
import { dataText, decodeText, numberOf, type Data } from "./rows.ts";

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
  const count = numberOf(row["count"], 1);
  return new Remembered({ jail, who: whoOf(key), since, lasts, count }, dataText(row["data"]), rules.maxmatches);
}

/** A ban as the database has it. What it tells of failures is read when it is asked for: of a hundred thousand, all would be held at once. */
class Remembered implements Ban {
  readonly jail: string;
  readonly who: Who;
  readonly since: Instant;
  readonly lasts: Span;
  readonly count: number;
  readonly restored = true;
  readonly #text: string;
  readonly #most: number;

  constructor(ban: Pick<Ban, "jail" | "who" | "since" | "lasts" | "count">, text: string, most: number) {
    this.jail = ban.jail;
    this.who = ban.who;
    this.since = ban.since;
    this.lasts = ban.lasts;
    this.count = ban.count;
    this.#text = text;
    this.#most = most;
  }

  get failures(): number {
    return dataOf(this.#text).failures;
  }

  get matches(): readonly Match[] {
    return this.#most > 0 ? dataOf(this.#text).matches.slice(-this.#most) : [];
  }

  get fields(): Fields {
    return dataOf(this.#text).fields;
  }
}

/** One ban is asked for all that it tells before the next one is. */
let lastText = "";
let lastData: Data = decodeText("");

function dataOf(text: string): Data {
  if (text !== lastText) lastData = decodeText(text);
  lastText = text;
  return lastData;
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
