/** What a trial came to: hits of each expression, kinds of lines. Counts and keeps; prints nothing (config-cli.md §8.4). */
import type { Instant } from "../../base/index.ts";
import type { Match } from "../../core/pattern/index.ts";
import { LineList } from "./lines.ts";
import type { Listing, RegexOptions } from "./options.ts";

export interface ResultsWanted {
  readonly options: RegexOptions;
  readonly failregexes: number;
  readonly ignoreregexes: number;
}

/** Lines listed unless `-L` or `--print-all-…` says otherwise. */
export const LISTED = 20;

/** Hits of one failregex. For `-v` each is remembered in 16 bytes. */
export class RuleHits {
  hits = 0;
  readonly ids: number[] = [];
  readonly times: Instant[] = [];
  /** Indices of hits on lines that others had matched before. */
  readonly multiple = new Set<number>();
}

export class Results {
  readonly limit: number;
  readonly rules: readonly RuleHits[];
  readonly ignores: number[];
  prefixHits = 0;
  /** The first matches of the prefregex, for `-v`. */
  readonly prefixes: ReadonlyMap<string, string | null>[] = [];
  readonly missed: LineList;
  readonly ignored: LineList;
  readonly matched: LineList;
  tested = 0;
  readonly #numbers = new Map<string | null, number>();
  readonly #texts: (string | null)[] = [];
  /** Single hits are kept, for `-v`. */
  readonly isDetailed: boolean;

  constructor({ options, failregexes, ignoreregexes }: ResultsWanted) {
    this.limit = options.maxlines > 0 ? options.maxlines : LISTED;
    this.rules = Array.from({ length: failregexes }, () => new RuleHits());
    this.ignores = Array.from({ length: ignoreregexes }, () => 0);
    this.isDetailed = options.verbosity > 0;
    this.missed = new LineList(keptOf(options.missed, this.limit));
    this.ignored = new LineList(keptOf(options.ignored, this.limit));
    this.matched = new LineList(options.matched ? Infinity : 0);
  }

  hit(rule: number, id: string | null, at: Instant, isMultiple: boolean): void {
    const hits = this.rules[rule];
    if (hits === undefined) return;
    hits.hits += 1;
    if (!this.isDetailed) return;
    if (isMultiple) hits.multiple.add(hits.ids.length);
    hits.ids.push(this.#numberOf(id));
    hits.times.push(at);
  }

  prefixHit(match: Match, groups: readonly string[]): void {
    this.prefixHits += 1;
    if (!this.isDetailed || this.prefixes.length >= this.limit) return;
    this.prefixes.push(new Map(groups.map((name) => [name, match.get(name) ?? null])));
  }

  /** The id with that number, as `hit` was given it. */
  idOf(number: number): string | null {
    return this.#texts[number] ?? null;
  }

  #numberOf(id: string | null): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#texts.length);
    return this.#texts.push(id) - 1;
  }
}

/** One more than the limit: lines may be taken out again. */
function keptOf(listing: Listing, limit: number): number {
  return listing === "none" ? 0 : listing === "all" ? Infinity : limit + 1;
}
