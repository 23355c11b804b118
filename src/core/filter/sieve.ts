/**
 * Which lines of a chunk surely hold no failure: those in which none of the literals stands of which every match has one.
 *
 * Says "surely not" or "maybe", never yes. Which of an expression's literals are rare, the log tells: now and then a chunk is
 * looked through with all of them, the rarest are taken, and where most lines would be candidates nothing is looked for at all.
 */
import { searchFor, type NeedleSet, type Pattern } from "../pattern/index.ts";
import type { FilterSettings } from "./settings.ts";

/** With more candidates among the lines than this share the search costs more than it saves. */
const SHARE = 0.5;
/** Characters after which the log is looked at anew: at first, and at most; doubled each time. */
const AGAIN = 256 * 1024;
const AGAIN_MOST = 64 * 1024 * 1024;
/** Pairs that are avoided; with one more, lines that have it are candidates. */
const AVOIDED_MOST = 16;
/** ASCII. */
const CODES = 128;
/** A line's end would be found in another line. */
const LINE_ENDS = /[\r\n]/;

export class Sieve {
  /** A match has one literal of every set of its part: the expressions of the filter, or the one in front of them all. */
  readonly #parts: readonly (readonly NeedleSet[])[];
  /** What is looked for now; null: nothing, it does not pay. */
  #needles: NeedleSet | null = null;
  #search = NOTHING;
  #bytes = "";
  /** A place in the next literal; Infinity: there is none any more. */
  #next = -1;
  #left = 0;
  #again = AGAIN;
  #joint = -1;
  #isJoined = false;
  /** Pairs of characters between which dates were cut out. */
  readonly #avoided: string[] = [];

  constructor(parts: readonly (readonly NeedleSet[])[]) {
    this.#parts = parts;
  }

  /** @param bytes a chunk of ASCII lines. @returns whether its lines are worth being asked for */
  open(bytes: string): boolean {
    this.#left -= bytes.length;
    if (this.#left <= 0) this.#learn(bytes);
    this.#bytes = bytes;
    this.#next = -1;
    return this.#needles !== null;
  }

  /** Whether the line of the chunk from one place to another may hold a failure. To be asked in their order. */
  mayHold(from: number, to: number): boolean {
    if (this.#next < from) this.#seek(from);
    return this.#next < to;
  }

  /** Whether a literal may come about where the text between two characters is cut out, as a date is. */
  mayJoin(before: number, after: number): boolean {
    const joint = before * CODES + after;
    if (joint !== this.#joint) {
      const pair = String.fromCharCode(before, after);
      this.#joint = joint;
      this.#isJoined = this.#needles === null || this.#needles.some((needle) => needle.includes(pair));
      if (this.#isJoined) this.#avoid(pair);
    }
    return this.#isJoined;
  }

  /** Such literals do not stand in the chunk, so that they look rare: others must be found. */
  #avoid(pair: string): void {
    if (this.#avoided.length === AVOIDED_MOST) return;
    this.#avoided.push(pair);
    this.#left = 0;
  }

  #seek(from: number): void {
    const search = this.#search;
    search.lastIndex = from;
    this.#next = search.test(this.#bytes) ? search.lastIndex - 1 : Infinity;
  }

  #learn(bytes: string): void {
    const rare = this.#parts.map((sets) => rarest(sets, this.#avoided, bytes));
    const needles = rare.every((set) => set !== null) ? rare.flat() : null;
    if (needles !== null && needles.join("\n") !== this.#needles?.join("\n")) this.#search = searchFor(needles, "g");
    const pays = needles !== null && linesWith(this.#search, bytes) <= linesWith(LINE_FEED, bytes) * SHARE;
    this.#needles = pays ? needles : null;
    this.#joint = -1;
    this.#left = this.#again;
    this.#again = Math.min(this.#again * 2, AGAIN_MOST);
  }
}

const NOTHING = /(?!)/g;
const LINE_FEED = /\n/g;

/** What looking for one literal more costs, as a share of all lines that would be candidates. */
const WEIGHT = 0.02;

/** The set that costs least: stands in few lines and has few literals; of equals the first. Null: all of them have to be avoided. */
function rarest(sets: readonly NeedleSet[], avoided: readonly string[], bytes: string): NeedleSet | null {
  const weight = linesWith(LINE_FEED, bytes) * WEIGHT;
  let [best, least]: [NeedleSet | null, number] = [null, Infinity];
  for (const needles of sets) {
    if (avoided.some((pair) => needles.some((needle) => needle.includes(pair)))) continue;
    let cost = needles.length * weight;
    for (const needle of needles) cost += linesHolding(needle, bytes);
    if (cost < least) [best, least] = [needles, cost];
  }
  return best;
}

function linesHolding(needle: string, bytes: string): number {
  let lines = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at)) {
    lines += 1;
    at = bytes.indexOf("\n", at);
    if (at < 0) break;
  }
  return lines;
}

function linesWith(search: RegExp, bytes: string): number {
  let lines = 0;
  search.lastIndex = 0;
  while (search.test(bytes)) {
    lines += 1;
    const end = bytes.indexOf("\n", search.lastIndex - 1);
    if (end < 0) break;
    search.lastIndex = end + 1;
  }
  search.lastIndex = 0;
  return lines;
}

/** Every line that a failregex matches is kept back by it; null: of some expression nothing is known. */
export function failureSieve({ maxlines, prefregex, failregex }: FilterSettings): Sieve | null {
  if (maxlines > 1 || failregex.length === 0) return null;
  const own = partsOf(failregex);
  const first = prefregex === null ? null : partsOf([prefregex]);
  // The expression in front says as much as all others together, with fewer words.
  const parts = own ?? first;
  return parts === null ? null : new Sieve(parts);
}

/** Every line that the prefregex matches is kept back by it. */
export function prefixSieve({ maxlines, prefregex }: FilterSettings): Sieve | null {
  const parts = maxlines > 1 || prefregex === null ? null : partsOf([prefregex]);
  return parts === null ? null : new Sieve(parts);
}

function partsOf(patterns: readonly Pattern[]): readonly (readonly NeedleSet[])[] | null {
  const parts = patterns.map(({ needleSets }) =>
    needleSets.filter((needles) => !needles.some((needle) => LINE_ENDS.test(needle))),
  );
  return parts.every((sets) => sets.length > 0) ? parts : null;
}
