/**
 * Line → failures: the pipeline of one filter (engine.md §1.2–1.6).
 *
 * Finds the date and cuts it out, cuts the message out by prefregex, asks the failregexes in order, then the
 * ignoreregexes, joins the lines of one session, and names the offender. Counts nothing and asks nobody.
 */
import type { Entry, Instant, Match, Said, Span } from "../../base/index.ts";
import type { Detector } from "../date/index.ts";
import type { Printed } from "../line/index.ts";
import { GAVE_UP, isAscii, type Match as PatternMatch, type Pattern } from "../pattern/index.ts";
import { say, warnOnce } from "../report/index.ts";
import { Dating } from "./dating.ts";
import { Found, NOTHING_FOUND } from "./found.ts";
import { KNOWN, matchOf, messageOf, type Captures, type CutLine } from "./groups.ts";
import { identify } from "./identify.ts";
import { clearOutcome, freshOutcome } from "./outcome.ts";
import { passingOf, type Passed, type Passing } from "./passing.ts";
import { rulesOf, type Rule, type Rules } from "./rules.ts";
import { Sessions } from "./session.ts";
import type { FilterSettings } from "./settings.ts";
import { searchText, splitByMatch, type Split } from "./window.ts";

export interface ReaderContext {
  readonly jail: string;
  /** True in the daemon; false where logs are only tested. */
  readonly checkTime: boolean;
  /** Ask every failregex though one has matched, and tell of matches that are no failure too (they captured `nofail`): to test expressions. */
  readonly allRules: boolean;
  /** The hits of prefregex and ignoreregex are told of too, not only failures: where expressions are tested. */
  readonly countsHits?: boolean;
  /** False: nobody asks for the lines of a failure, where each is searched alone. */
  readonly keepsLines?: boolean;
  readonly say: (said: Said) => void;
  /** Told of each expression that was given up for one text. */
  readonly gaveUp?: (kind: string, index: number) => void;
}

export class FilterReader {
  readonly #context: ReaderContext;
  readonly #warn = warnOnce();
  readonly #sessions = new Sessions();
  readonly dating: Dating;
  readonly outcome = freshOutcome();
  #settings: FilterSettings;
  #rules: Rules;
  #detector: Detector | null;
  #passing: Passing | null;
  #ascii = false;
  #now: Instant = 0;
  #window: readonly CutLine[] = NO_LINES;
  /** What nearly all lines that tell of something are answered with: one failure. */
  readonly #one: Found[] = [];
  /** Which group of the prefregex is the content, and whether it ends with it: then it is mostly the line's rest and need not be copied. */
  #content = { group: -1, isLast: false };

  constructor(context: ReaderContext, settings: FilterSettings, detector: Detector | null, findtime: Span) {
    this.#context = context;
    const { jail, checkTime, say: tell } = context;
    this.dating = new Dating({ jail, checkTime, warn: this.#warn, say: tell }, detector, findtime);
    this.#settings = settings;
    this.#rules = rulesOf(settings);
    this.#content = contentOf(settings);
    this.#passing = this.#passingOf(settings);
    this.#detector = detector;
  }

  /** New settings take hold with the next line; sessions and the last date live on. */
  change(settings: FilterSettings, detector: Detector | null, findtime: Span): void {
    if (settings !== this.#settings) {
      this.#rules = rulesOf(settings);
      this.#content = contentOf(settings);
      this.#passing = this.#passingOf(settings);
    }
    this.#settings = settings;
    this.#detector = detector;
    this.dating.change(detector, findtime);
  }

  /** The lines that the next one is searched together with; none where each is searched alone. */
  get window(): readonly CutLine[] {
    return this.#window;
  }

  /** The date of a line, when it has one. Trains the detector and nothing else. */
  dateOf(text: string, now: Instant): Instant | null {
    return this.#detector?.find(text, now)?.at ?? null;
  }

  /**
   * @param line with exactly one line feed at its end
   * @param surelyAscii whether the caller knows that it is ASCII
   * @param live the file's end had been reached before this line came
   * @returns failures, in a list that is good until the next line
   */
  line(line: string, surelyAscii: boolean, now: Instant, live: boolean): readonly Found[] {
    const ascii = surelyAscii || isAscii(line);
    if (!this.dating.line(line, ascii, now, live)) return NOTHING_FOUND;
    return this.#search(now, ascii);
  }

  /** See `passing.ts`. */
  begin(bytes: string): boolean {
    return this.#passing !== null && this.#passing.begin(bytes);
  }

  /** To be asked for the lines of a chunk that `begin` was told of. */
  pass(bytes: string, from: number, to: number, now: Instant, live: boolean): Passed {
    return this.#passing === null ? "no" : this.#passing.pass(bytes, from, to, now, live);
  }

  /** A line that a container printed, with the time at which it did. */
  printed(line: Printed, now: Instant, live: boolean): readonly Found[] {
    return this.dating.printed(line, now, live) ? this.#search(now, false) : NOTHING_FOUND;
  }

  entry(entry: Entry, now: Instant, live: boolean): readonly Found[] {
    return this.dating.entry(entry, now, live) ? this.#search(now, false) : NOTHING_FOUND;
  }

  #passingOf(settings: FilterSettings): Passing | null {
    return passingOf(settings, this.dating, this.#context.countsHits === true);
  }

  #search(now: Instant, ascii: boolean): readonly Found[] {
    const { outcome } = this;
    this.#now = now;
    clearOutcome(outcome, this.#context.allRules);
    const { maxlines, prefregex, ignoreregex, failregex } = this.#settings;
    const text = this.#searchText(maxlines);
    // Of an ASCII line all is ASCII; of several, the others may not be.
    this.#ascii = (ascii && maxlines === 1) || isAscii(text);
    if (ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2 && this.#ignores(text))
      return NOTHING_FOUND;
    if (prefregex === null) return this.#failures(text, null, now);
    const prefix = this.#exec(prefregex, text, "prefregex", 0);
    if (prefix === null) return NOTHING_FOUND;
    outcome.prefix = prefix;
    const content = prefix.text(this.#content.group);
    if (content === undefined || content.length === 0) return this.#failures(text, prefix, now);
    if (maxlines > 1) this.#window = [{ before: "", date: "", after: content }];
    return this.#failures(this.#contentText(text, prefix, content), prefix, now);
  }

  /** The content with a line feed behind it. */
  #contentText(text: string, prefix: PatternMatch, content: string): string {
    const isRest = this.#content.isLast && prefix.end === text.length - 1;
    return isRest ? text.slice(prefix.end - content.length) : `${content}\n`;
  }

  #searchText(maxlines: number): string {
    const { before, rest } = this.dating.dated;
    if (maxlines === 1) {
      this.#window = NO_LINES;
      return before.length === 0 ? rest : before + rest;
    }
    this.#window = [...this.#window, this.dating.cut()].slice(-maxlines);
    return searchText(this.#window);
  }

  #failures(text: string, prefix: PatternMatch | null, now: Instant): readonly Found[] {
    let found: Found[] | null = null;
    let rest = text;
    const rules = this.#rules.for(text);
    for (let at = 0; at < rules.length; at += 1) {
      const rule = rules[at];
      if (rule === undefined) break;
      const match = this.#exec(rule.pattern, rest, "failregex", rule.index);
      if (match === null) continue;
      const verdict = this.#accept(rule, match, prefix, rest, now);
      if (verdict === "next") continue;
      if (!this.#context.allRules) return verdict === null ? NOTHING_FOUND : this.#only(verdict);
      this.outcome.hits.push(rule.index);
      if (verdict !== null) (found ??= []).push(verdict);
      // Of several lines the next rule sees those that are left.
      if (this.#settings.maxlines > 1) rest = searchText(this.#window);
    }
    return found ?? NOTHING_FOUND;
  }

  #only(found: Found): readonly Found[] {
    this.#one[0] = found;
    return this.#one;
  }

  /** @returns the failure; null when the match tells of none; "next" when another failregex may be tried. */
  #accept(
    rule: Rule,
    match: PatternMatch,
    prefix: PatternMatch | null,
    text: string,
    now: Instant,
  ): Found | null | "next" {
    const split = this.#split(rule.pattern, match);
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
    const lines =
      split !== null
        ? split.matched.map(matchOf)
        : this.#context.keepsLines === false
          ? NO_MATCHES
          : [this.dating.match()];
    return this.#failure(rule.read(match, prefix), lines, rule.index, dated.at, now);
  }

  #failure(captures: Captures, lines: readonly Match[], rule: number, at: Instant | null, now: Instant): Found | null {
    const id = captures.text(KNOWN.mlfid);
    const session = id === null ? null : this.#sessions.merge(id, captures, lines, now);
    if (session !== null && session.nofail) {
      this.outcome.nofail = true;
      if (!this.#context.allRules) return null;
    }
    const live = session?.captures ?? captures;
    // Where every rule is asked, the next one that matches this line must not change what this one found.
    const all = session !== null && this.#context.allRules ? live.copy() : live;
    const identity = identify(all, this.#settings.usedns);
    if (identity.is === "pending") {
      if (session === null) return null;
      session.pending = true;
      this.outcome.pending.push(rule);
      if (session.nofail) this.outcome.quiet.push(rule);
      return null;
    }
    return new Found(identity, at, session?.matches ?? lines, rule, all, session?.users ?? null);
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
    let ignored = false;
    for (let index = 0; index < ignoreregex.length; index += 1) {
      const pattern = ignoreregex[index];
      if (pattern === undefined || this.#exec(pattern, text, "ignoreregex", index) === null) continue;
      this.outcome.ignoredBy = index;
      this.outcome.ignores.push(index);
      ignored = true;
      if (!this.#context.allRules) return true;
    }
    return ignored;
  }

  #exec(pattern: Pattern, text: string, kind: string, index: number): PatternMatch | null {
    const match = pattern.exec(text, this.#ascii);
    if (match !== GAVE_UP) return match;
    this.#context.gaveUp?.(kind, index);
    if (this.#warn.due(`lost ${kind} ${index}`, this.#now))
      this.#context.say(say.gaveUp(this.#context.jail, kind, index, text));
    return null;
  }
}

function contentOf({ prefregex }: FilterSettings): { readonly group: number; readonly isLast: boolean } {
  if (prefregex === null) return { group: -1, isLast: false };
  return { group: prefregex.groupAt("content"), isLast: prefregex.isLast("content") };
}

const NO_LINES: readonly CutLine[] = [];
const NO_MATCHES: readonly Match[] = [];
