/**
 * Tries a filter on lines: asks the same reader as the server, counts what comes out, and hands failures to the output
 * (config-cli.md §8.4, §8.5; engine.md §1).
 */
import type { Entry, Instant, Match } from "../../base/index.ts";
import type { CutLine, FilterReader, FilterSettings, Found } from "../../core/filter/index.ts";
import { LINE_LIMIT } from "../../core/line/index.ts";
import type { Results } from "./results.ts";

/** One failregex that matched. */
export interface Hit {
  readonly rule: number;
  /** Null: nobody is known yet. */
  readonly id: string | null;
  readonly at: Instant | null;
  /** Null where nobody is known. */
  readonly found: Found | null;
}

export interface ExaminationWanted {
  readonly reader: FilterReader;
  readonly settings: FilterSettings;
  readonly results: Results;
  readonly addresses: (name: string) => Promise<readonly string[]>;
  /** Takes the failures of one line, or none: see `Examined`. */
  readonly emit: ((line: Examined) => Promise<void> | void) | null;
}

/** A line that was tried, for those who print it at once. */
export interface Examined {
  readonly hits: readonly Hit[];
  readonly isIgnored: boolean;
  readonly text: string;
  readonly at: Instant | null;
  /** The date was counted in whole seconds, which the original prints as an integer. */
  readonly whole: boolean;
  /** The line in the three parts that its date cuts it into. */
  readonly match: Match;
  /** Physical number, from 1. */
  readonly number: number;
  readonly now: Instant;
}

/** Names whose addresses are remembered; when there are more, all are forgotten. */
const NAMES = 10_000;
const NOBODY: readonly string[] = [];

export class Examination {
  readonly #wanted: ExaminationWanted;
  readonly #names = new Map<string, readonly string[]>();
  readonly #mayBeQuiet: boolean;
  readonly #prefixGroups: readonly string[];
  /** Lines searched with later ones (`maxlines`): those before this line, and which of them count as missed so far. */
  readonly #isMany: boolean;
  #before: readonly CutLine[] = [];
  readonly #missed = new WeakSet<CutLine>();
  #prefix: FilterReader["outcome"]["prefix"] = null;

  constructor(wanted: ExaminationWanted) {
    this.#wanted = wanted;
    const { prefregex, failregex } = wanted.settings;
    this.#prefixGroups = prefregex?.groups ?? [];
    this.#isMany = wanted.settings.maxlines > 1;
    const groups = [prefregex, ...failregex].flatMap((pattern) => pattern?.groups ?? []);
    this.#mayBeQuiet = groups.includes("nofail") || groups.includes("mlfgained");
  }

  /** @returns whether `pass` is worth being asked for the lines of this text, which is ASCII */
  begin(bytes: string): boolean {
    const { reader, emit, results } = this.#wanted;
    return emit === null && !results.missed.wants && !results.isDetailed && reader.begin(bytes);
  }

  /** Counts a line that surely tells nothing as missed. @returns false where `line` must be asked */
  pass(bytes: string, from: number, to: number, now: Instant): boolean {
    const { results, reader } = this.#wanted;
    const passed = to - from > LINE_LIMIT ? "no" : reader.pass(bytes, from, to, now, false);
    if (passed === "no") return false;
    results.tested += 1;
    results.missed.count += 1;
    if (passed === "hit") results.prefixHits += 1;
    return true;
  }

  /**
   * @param line with its line feed
   * @param surelyAscii whether it is known to be ASCII
   * @returns a promise only where somebody must be asked for addresses
   */
  line(line: string, surelyAscii: boolean, number: number, now: Instant): Promise<void> | void {
    this.#before = this.#wanted.reader.window;
    const found = this.#wanted.reader.line(line, surelyAscii, now, false);
    return this.#settle(found, line, number, now);
  }

  entry(entry: Entry, number: number, now: Instant): Promise<void> | void {
    this.#before = this.#wanted.reader.window;
    return this.#settle(this.#wanted.reader.entry(entry, now, false), `${entry.stamp}${entry.text}\n`, number, now);
  }

  /** @param line with its line feed: most lines are only counted */
  #settle(found: readonly Found[], line: string, number: number, now: Instant): Promise<void> | void {
    const { outcome } = this.#wanted.reader;
    this.#wanted.results.tested += 1;
    this.#countPrefix();
    if (this.#isMany) this.#takeBack();
    if (found.length === 0 && outcome.pending.length === 0) return this.#noHit(line, number, now);
    const names = this.#unknown(found);
    if (names === null) return this.#finish(found, outcome.pending, line, number, now);
    return this.#ask(names).then(() => this.#finish(found, outcome.pending, line, number, now));
  }

  /** Names of which the addresses must be asked first; null: none. */
  #unknown(found: readonly Found[]): readonly string[] | null {
    let names: string[] | null = null;
    for (const { name } of found) if (name !== null && !this.#names.has(name)) (names ??= []).push(name);
    return names;
  }

  async #ask(names: readonly string[]): Promise<void> {
    for (const name of new Set(names)) {
      const addresses = await this.#wanted.addresses(name);
      if (this.#names.size >= NAMES) this.#names.clear();
      this.#names.set(name, addresses);
    }
  }

  #noHit(line: string, number: number, now: Instant): Promise<void> | void {
    const { results, reader, emit } = this.#wanted;
    const { ignores } = reader.outcome;
    for (const index of ignores) results.ignores[index] = (results.ignores[index] ?? 0) + 1;
    if (ignores.length > 0) results.ignored.add(line);
    else this.#miss(line);
    if (emit !== null) return emit(this.#examined([], ignores.length > 0, line, number, now));
  }

  #finish(
    found: readonly Found[],
    pending: readonly number[],
    line: string,
    number: number,
    now: Instant,
  ): Promise<void> | void {
    const { results, reader, emit } = this.#wanted;
    const { ignores } = reader.outcome;
    const only = found[0];
    if (emit === null && only !== undefined && found.length === 1 && pending.length + ignores.length === 0)
      if (only.name === null && only.isAddress) return this.#finishOne(only, line, now);
    for (const index of ignores) results.ignores[index] = (results.ignores[index] ?? 0) + 1;
    const hits = this.#hits(found, pending);
    let isIgnored = ignores.length > 0;
    let failures = 0;
    for (const hit of hits) {
      results.hit(hit.rule, hit.id, hit.at ?? now, failures > 1);
      if (this.#isQuiet(hit)) isIgnored = true;
      else failures += 1;
    }
    if (isIgnored) results.ignored.add(line);
    else if (failures > 0) results.matched.add(line);
    else this.#miss(line);
    if (emit !== null) return emit(this.#examined(hits, isIgnored, line, number, now));
  }

  /** The same for what nearly all lines are that a failregex takes: one failure of one address. */
  #finishOne(found: Found, line: string, now: Instant): void {
    const { results } = this.#wanted;
    results.hit(found.rule, found.who?.key ?? "", found.at ?? now, false);
    if (this.#mayBeQuiet && found.isQuiet) results.ignored.add(line);
    else results.matched.add(line);
  }

  #examined(hits: readonly Hit[], isIgnored: boolean, line: string, number: number, now: Instant): Examined {
    const { dating } = this.#wanted.reader;
    const { at, whole } = dating.dated;
    return { hits, isIgnored, text: line.slice(0, -1), at, whole, match: dating.match(), number, now };
  }

  #miss(line: string): void {
    this.#wanted.results.missed.add(line);
    const own = this.#isMany ? this.#wanted.reader.window.at(-1) : undefined;
    if (own !== undefined) this.#missed.add(own);
  }

  /** Earlier lines that this one has completed are no missed lines any more. */
  #takeBack(): void {
    const { reader, results, settings } = this.#wanted;
    const still = new Set(reader.window);
    const first = this.#before.length >= settings.maxlines ? 1 : 0;
    for (const cut of this.#before.slice(first)) {
      if (still.has(cut) || !this.#missed.has(cut)) continue;
      const line = `${cut.before}${cut.date}${cut.after}\n`;
      results.missed.remove(line);
      results.matched.add(line);
    }
  }

  /** In the order of the rules; of a name with several addresses one for each. */
  #hits(found: readonly Found[], pending: readonly number[]): readonly Hit[] {
    const hits: Hit[] = [];
    for (const one of found) {
      const { rule, at } = one;
      // A name that is none and has no address: nobody. What only looks like an address is told, though nobody can be banned by it.
      if (!one.isAddress && !isShaped(one)) continue;
      if (one.name === null) hits.push({ rule, id: one.who?.key ?? "", at, found: one });
      else for (const id of this.#names.get(one.name) ?? NOBODY) hits.push({ rule, id, at, found: one });
    }
    if (pending.length === 0) return hits;
    const { at } = this.#wanted.reader.dating.dated;
    for (const rule of pending) hits.push({ rule, id: null, at, found: null });
    return hits.toSorted((a, b) => a.rule - b.rule);
  }

  #isQuiet({ found, rule }: Hit): boolean {
    if (!this.#mayBeQuiet) return false;
    return found === null ? this.#wanted.reader.outcome.quiet.includes(rule) : found.isQuiet;
  }

  /** A line that an ignoreregex took before the prefregex was asked counts as the prefregex's last answer once more. */
  #countPrefix(): void {
    const { reader, settings, results } = this.#wanted;
    if (settings.prefregex === null) return;
    const { prefix, ignores } = reader.outcome;
    const last = prefix === null && ignores.length > 0 ? this.#prefix : prefix;
    if (settings.ignoreregex.length > 0) this.#prefix = last;
    if (last !== null) results.prefixHit(last, this.#prefixGroups);
  }
}

function isShaped(found: Found): boolean {
  return typeof found.captured("ip4") === "string" || typeof found.captured("ip6") === "string";
}
