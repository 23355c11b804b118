/**
 * Line → failures: the pipeline of one filter (engine.md §1.2–1.6).
 *
 * Finds the date and cuts it out, cuts the message out by prefregex, asks the failregexes in order, then the
 * ignoreregexes, joins the lines of one session, and names the offender. Counts nothing and asks nobody.
 */
import type { Entry, Fields, Instant, Match, Said, Span, Who } from "../../base/index.ts";
import type { Detector } from "../date/index.ts";
import { GAVE_UP, mergedGroups, type Match as PatternMatch, type Pattern } from "../pattern/index.ts";
import { say, warnOnce } from "../report/index.ts";
import { Dating } from "./dating.ts";
import { fieldsOf, matchOf, messageOf, textOf, type Captured, type CutLine, type Groups } from "./groups.ts";
import { identify } from "./identify.ts";
import { Sessions } from "./session.ts";
import type { FilterSettings } from "./settings.ts";
import { searchText, splitByMatch, type Split } from "./window.ts";

/** A failure of somebody known, or of a host name whose addresses must be asked first. */
export interface Found {
  readonly who: Who | null;
  readonly name: string | null;
  /** False: what was captured as an address is none; `who` is its text and can be no offender. */
  readonly isAddress: boolean;
  /** Null only where dates are not checked. */
  readonly at: Instant | null;
  readonly matches: readonly Match[];
  readonly fields: Fields;
  /** Everything captured, groups that took no part too. */
  readonly groups: ReadonlyMap<string, Captured>;
  /** Which failregex, from 0. */
  readonly rule: number;
}

export const NOTHING_FOUND: readonly Found[] = [];

export interface ReaderContext {
  readonly jail: string;
  /** True in the daemon; false where logs are only tested. */
  readonly checkTime: boolean;
  /** Ask every failregex though one has matched: to test expressions. */
  readonly allRules: boolean;
  readonly say: (said: Said) => void;
}

/** What became of the last line, beside its failures. */
export interface LineOutcome {
  /** Which ignoreregex hit it, or null. */
  ignoredBy: number | null;
  /** An expression matched and says that it is no failure. */
  nofail: boolean;
  prefix: PatternMatch | null;
  /** Failregexes that matched, failure or not. */
  hits: number[];
}

export class FilterReader {
  readonly #context: ReaderContext;
  readonly #warn = warnOnce();
  readonly #sessions = new Sessions();
  readonly dating: Dating;
  readonly outcome: LineOutcome = { ignoredBy: null, nofail: false, prefix: null, hits: [] };
  #settings: FilterSettings;
  #detector: Detector | null;
  #findtime: Span;
  #window: readonly CutLine[] = [];

  constructor(context: ReaderContext, settings: FilterSettings, detector: Detector | null, findtime: Span) {
    this.#context = context;
    this.dating = new Dating({ jail: context.jail, checkTime: context.checkTime, warn: this.#warn, say: context.say });
    this.#settings = settings;
    this.#detector = detector;
    this.#findtime = findtime;
  }

  /** New settings take hold with the next line; sessions and the last date live on. */
  change(settings: FilterSettings, detector: Detector | null, findtime: Span): void {
    this.#settings = settings;
    this.#detector = detector;
    this.#findtime = findtime;
  }

  /** The date of a line, when it has one. Trains the detector and nothing else. */
  dateOf(text: string, now: Instant): Instant | null {
    return this.#detector?.find(text, now)?.at ?? null;
  }

  /** @param live the file's end had been reached before this line came */
  line(text: string, now: Instant, live: boolean): readonly Found[] {
    return this.dating.line(text, this.#detector, now, live, this.#findtime) ? this.#search(now) : NOTHING_FOUND;
  }

  entry(entry: Entry, now: Instant, live: boolean): readonly Found[] {
    return this.dating.entry(entry, now, live, this.#findtime) ? this.#search(now) : NOTHING_FOUND;
  }

  #search(now: Instant): readonly Found[] {
    const { outcome } = this;
    outcome.ignoredBy = null;
    outcome.nofail = false;
    outcome.prefix = null;
    if (outcome.hits.length > 0) outcome.hits = [];
    const { maxlines, prefregex, ignoreregex, failregex } = this.#settings;
    const text = this.#searchText(maxlines);
    if (ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2 && this.#ignores(text)) return NOTHING_FOUND;
    if (prefregex === null) return this.#failures(text, null, now);
    const prefix = this.#exec(prefregex, text, "prefregex", 0);
    if (prefix === null) return NOTHING_FOUND;
    outcome.prefix = prefix;
    const content = prefix.get("content");
    if (content === undefined || content.length === 0) return this.#failures(text, prefix, now);
    this.#window = [{ before: "", date: "", after: content }];
    return this.#failures(`${content}\n`, prefix, now);
  }

  #searchText(maxlines: number): string {
    const { before, after } = this.dating.dated;
    if (maxlines === 1) {
      this.#window = NO_LINES;
      return before.length === 0 ? `${after}\n` : `${before}${after}\n`;
    }
    this.#window = [...this.#window, this.dating.cut()].slice(-maxlines);
    return searchText(this.#window);
  }

  #failures(text: string, prefix: PatternMatch | null, now: Instant): readonly Found[] {
    const { failregex } = this.#settings;
    let found: Found[] | null = null;
    for (let rule = 0; rule < failregex.length; rule += 1) {
      const pattern = failregex[rule];
      const match = pattern === undefined ? null : this.#exec(pattern, text, "failregex", rule);
      if (pattern === undefined || match === null) continue;
      const verdict = this.#accept(pattern, match, prefix, rule, text, now);
      if (verdict === "next") continue;
      this.outcome.hits.push(rule);
      if (verdict !== null) (found ??= []).push(verdict);
      if (!this.#context.allRules) break;
    }
    return found ?? NOTHING_FOUND;
  }

  /** @returns the failure; null when the match tells of none; "next" when another failregex may be tried. */
  #accept(pattern: Pattern, match: PatternMatch, prefix: PatternMatch | null, rule: number, text: string, now: Instant): Found | null | "next" {
    const split = this.#split(pattern, match);
    if (this.#settings.ignoreregex.length > 0) {
      const ignored = this.#ignores(split === null ? text : searchText(split.matched));
      if (ignored) {
        this.#window = split?.unmatched ?? NO_LINES;
        return null;
      }
    }
    const { dated } = this.dating;
    if (dated.undated && !this.#undated(split, text, now)) return "next";
    this.#window = split?.unmatched ?? NO_LINES;
    const lines = split === null ? [matchOf(this.dating.cut())] : split.matched.map(matchOf);
    const groups = this.#groups(pattern, match, prefix);
    return this.#failure(groups, lines, rule, dated.at, now);
  }

  #failure(groups: Groups, lines: readonly Match[], rule: number, at: Instant | null, now: Instant): Found | null {
    const session = textOf(groups, "mlfid");
    const merged = session === null ? null : this.#sessions.merge(session, groups, lines, now);
    if (merged?.nofail === true) {
      this.outcome.nofail = true;
      return null;
    }
    const all = merged?.groups ?? groups;
    const identity = identify(all, this.#settings.usedns);
    if (identity.is === "pending") {
      merged?.wait();
      return null;
    }
    const matches = merged?.matches ?? lines;
    const fields = fieldsOf(all, merged?.users ?? null);
    const kept = { at, matches, fields, groups: all, rule };
    if (identity.is === "who") return { ...kept, who: identity.who, name: null, isAddress: true };
    if (identity.is === "name") return { ...kept, who: null, name: identity.name, isAddress: true };
    return { ...kept, who: { key: identity.text, address: null }, name: null, isAddress: false };
  }

  /** The prefix's groups, overwritten by the failregex's groups that took part. */
  #groups(pattern: Pattern, match: PatternMatch, prefix: PatternMatch | null): Groups {
    const own = mergedGroups(pattern, match);
    if (prefix === null || this.#settings.prefregex === null) return new Map(own);
    const groups: Groups = new Map(mergedGroups(this.#settings.prefregex, prefix));
    groups.delete("content");
    for (const [name, value] of own) if (value !== null || !groups.has(name)) groups.set(name, value);
    return groups;
  }

  #split(pattern: Pattern, match: PatternMatch): Split | null {
    return this.#window.length <= 1 ? null : splitByMatch(this.#window, match, pattern.groups);
  }

  /** A match without a date: told of once a day. @returns whether it may be taken nevertheless. */
  #undated(split: Split | null, text: string, now: Instant): boolean {
    const { dated } = this.dating;
    if (this.#warn.due("no time", now)) {
      const matched = split === null ? text.slice(0, -1) : split.matched.map(messageOf).join("\n");
      for (const said of say.noTime(this.#context.jail, dated.date, matched)) this.#context.say(said);
    }
    return dated.at !== null || !this.#context.checkTime;
  }

  #ignores(text: string): boolean {
    const { ignoreregex } = this.#settings;
    for (let index = 0; index < ignoreregex.length; index += 1) {
      const pattern = ignoreregex[index];
      if (pattern === undefined || this.#exec(pattern, text, "ignoreregex", index) === null) continue;
      this.outcome.ignoredBy = index;
      return true;
    }
    return false;
  }

  #exec(pattern: Pattern, text: string, kind: string, index: number): PatternMatch | null {
    const match = pattern.exec(text);
    if (match !== GAVE_UP) return match;
    this.#context.say(say.gaveUp(this.#context.jail, kind, index, text));
    return null;
  }
}

const NO_LINES: readonly CutLine[] = [];
