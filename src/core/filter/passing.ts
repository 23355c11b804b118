/**
 * Passes over those lines of a chunk that surely tell nothing: each is dated and counted as a line, and that is all. Most lines of most
 * logs are never cut out of their chunk.
 */
import type { Instant } from "../../base/index.ts";
import type { DateFound } from "../date/index.ts";
import { GAVE_UP, type Pattern } from "../pattern/index.ts";
import type { Dating } from "./dating.ts";
import type { FilterSettings } from "./settings.ts";
import { failureSieve, prefixSieve, type Sieve } from "./sieve.ts";

/** no: the line must be read, and nothing was done; hit: passed over, and a hit of the prefregex, where hits are counted. */
export type Passed = "no" | "over" | "hit";

export class Passing {
  readonly #sieve: Sieve;
  readonly #dating: Dating;
  /** A line may be a hit of this one though it holds no failure. */
  readonly #prefix: Pattern | null;

  constructor(sieve: Sieve, dating: Dating, prefix: Pattern | null) {
    this.#sieve = sieve;
    this.#dating = dating;
    this.#prefix = prefix;
  }

  /** @param bytes a chunk of which every line is ASCII. @returns whether `pass` is worth being asked for each of its lines */
  begin(bytes: string): boolean {
    return this.#sieve.open(bytes);
  }

  /** The lines of a chunk come in their order, each from one place to before its end. */
  pass(bytes: string, from: number, to: number, now: Instant, live: boolean): Passed {
    if (this.#sieve.mayHold(from, to)) return "no";
    const found = this.#dating.glance(bytes, from, to, now, live);
    if (found === null) return "no";
    const { start, end } = found;
    if (start > 0 && this.#sieve.mayJoin(bytes.charCodeAt(from + start - 1), bytes.charCodeAt(from + end))) return "no";
    const isHit = this.#prefix === null ? false : this.#prefix.test(messageOf(bytes, from, to, found), true);
    if (isHit === GAVE_UP) return "no";
    this.#dating.pass(found, now);
    return isHit ? "hit" : "over";
  }
}

/** The line without its date, with a line feed. */
function messageOf(bytes: string, from: number, to: number, { start, end }: DateFound): string {
  // Joined texts would be copied before they can be searched.
  if (start === 0 && bytes.charCodeAt(to) === LINE_FEED) return bytes.slice(from + end, to + 1);
  return `${bytes.slice(from, from + start)}${bytes.slice(from + end, to)}\n`;
}

const LINE_FEED = 10;

/**
 * @param countsHits hits of the prefregex and of ignoreregexes count, too
 * @returns null where every line must be read
 */
export function passingOf(settings: FilterSettings, dating: Dating, countsHits: boolean): Passing | null {
  const { prefregex, ignoreregex } = settings;
  if (countsHits && ignoreregex.length > 0) return null;
  const first = countsHits ? prefixSieve(settings) : null;
  const sieve = first ?? failureSieve(settings);
  return sieve === null ? null : new Passing(sieve, dating, countsHits && first === null ? prefregex : null);
}
