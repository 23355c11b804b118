/**
 * When did it happen: finds the date of a line, cuts it out and judges it (engine.md §1.2, §1.3).
 *
 * Keeps the last date seen, which lines without one inherit for a minute. Warnings are given once a day.
 */
import type { Entry, Instant, Match, Said, Span } from "../../base/index.ts";
import type { DateFound, Detector } from "../date/index.ts";
import type { Printed } from "../line/index.ts";
import { isAscii } from "../pattern/index.ts";
import { say, type WarnOnce } from "../report/index.ts";
import type { CutLine } from "./groups.ts";

/** How long a date serves lines that have none, and how far a fresh line's date may lie off. */
const MINUTE = 60;

export interface DatingContext {
  readonly jail: string;
  /** Whether dates are held against the clock: in the daemon always, when logs are only tested never. */
  readonly checkTime: boolean;
  readonly warn: WarnOnce;
  readonly say: (said: Said) => void;
}

/** What the date step found; one object, overwritten by each line. */
export interface Dated {
  before: string;
  date: string;
  /** What stands after the date, with the line's feed. */
  rest: string;
  /** Null: unknown. */
  at: Instant | null;
  /** No date stood in the line: the failure is told of once. */
  undated: boolean;
  /** The date was counted in whole seconds: see `DateFound`. */
  whole: boolean;
}

const NO_DATE = { text: "", whole: false } as const;

export class Dating {
  readonly #context: DatingContext;
  readonly dated: Dated = { before: "", date: "", rest: "", at: null, undated: false, whole: false };
  #last: Instant | null = null;
  /** What is inherited of the last date. */
  #lastDate: Pick<DateFound, "text" | "whole"> = NO_DATE;

  #detector: Detector | null;
  #findtime: Span;

  constructor(context: DatingContext, detector: Detector | null, findtime: Span) {
    this.#context = context;
    this.#detector = detector;
    this.#findtime = findtime;
  }

  /** Holds from the next line on. */
  change(detector: Detector | null, findtime: Span): void {
    this.#detector = detector;
    this.#findtime = findtime;
  }

  /**
   * @param line with its line feed
   * @param ascii whether the line is
   * @returns false when the line is too old to count. The answer stands in `dated`.
   */
  line(line: string, ascii: boolean, now: Instant, live: boolean): boolean {
    this.#find(line, ascii, now);
    return this.#settle(line, now, live);
  }

  /**
   * The date of a line of a chunk, from one place to before its end, as far as it can be told at a glance: it is the last line's, but for
   * the clock, and not odd. Leaves `dated` alone.
   * @returns null when `line` must be asked
   */
  glance(bytes: string, from: number, to: number, now: Instant, live: boolean): DateFound | null {
    const found = this.#detector === null ? null : this.#detector.glance(bytes, from, to, now);
    if (found === null || found.at === null || found.start === found.end) return null;
    if (!this.#context.checkTime) return found;
    const isOdd = live ? Math.abs(Math.trunc(found.at - now)) > MINUTE : found.at < now - this.#findtime;
    return isOdd ? null : found;
  }

  /** The line of which `glance` told the date is passed over: it counts as one that has it. */
  pass(found: DateFound, now: Instant): void {
    this.#detector?.repeat(now);
    this.#last = found.at;
    this.#lastDate = found;
  }

  /** The same for a journal entry, whose time is known. */
  entry(entry: Entry, now: Instant, live: boolean): boolean {
    const line = `${entry.text}\n`;
    this.#put("", entry.stamp, line, entry.at, false);
    this.#last = entry.at;
    this.#lastDate = { text: entry.stamp, whole: false };
    this.dated.whole = false;
    return this.#settle(line, now, live);
  }

  /** A container's line: the date that it carries is cut out, the time is that at which it was printed. */
  printed({ text, at }: Printed, now: Instant, live: boolean): boolean {
    const line = `${text}\n`;
    this.#find(line, isAscii(line), now);
    if (at !== null) {
      this.dated.at = at;
      this.dated.undated = false;
      this.#last = at;
    }
    return this.#settle(line, now, live);
  }

  /** The line as its three parts: a fresh object, for keeping. */
  cut(): CutLine {
    const { before, date, rest } = this.dated;
    return { before, date, after: withoutEnd(rest) };
  }

  /** The same as a ticket keeps it. */
  match(): Match {
    const { before, date, rest } = this.dated;
    return [before, date, withoutEnd(rest)];
  }

  #find(line: string, ascii: boolean, now: Instant): void {
    const detector = this.#detector;
    const found = detector === null ? null : detector.find(line, now, ascii, line.length - 1);
    if (detector !== null && detector.lost !== null) {
      const { lost } = detector;
      detector.lost = null;
      this.#warn(`lost ${lost}`, now, () => [say.dateGaveUp(this.#context.jail, lost, withoutEnd(line))]);
    }
    this.dated.whole = found !== null && found.whole;
    if (found === null) {
      this.#put("", "", line, null, true);
      return;
    }
    const { start, end, text, at } = found;
    if (start === end) {
      if (this.#fresh(now)) this.#inherit(line, false);
      else this.#put(line.slice(0, start), "", line.slice(end), now, false);
      return;
    }
    this.#put(start === 0 ? "" : line.slice(0, start), text, line.slice(end), at, at === null);
    if (at === null) this.#context.say(say.badStamp(text));
    else {
      this.#last = at;
      this.#lastDate = found;
    }
  }

  #settle(line: string, now: Instant, live: boolean): boolean {
    const { dated } = this;
    if (dated.at === null) {
      if (this.#fresh(now)) this.#inherit(line, true);
      else if (this.#context.checkTime && live) dated.at = now;
    }
    if (!this.#context.checkTime || dated.at === null) return true;
    if (live) {
      const delta = Math.trunc(dated.at - now);
      if (delta > MINUTE || delta < -MINUTE) this.#simulate(line, now, delta);
      return true;
    }
    if (dated.at >= now - this.#findtime) return true;
    this.#warn("old entries", now, () => say.oldEntries(this.#context.jail, this.#findtime, withoutEnd(line)));
    return false;
  }

  /** A fresh line with an odd date happened just now. */
  #simulate(line: string, now: Instant, delta: Span): void {
    this.dated.at = now;
    this.#last = now;
    this.#warn("odd time", now, () => say.oddTime(this.#context.jail, delta, withoutEnd(line)));
  }

  #warn(kind: string, now: Instant, words: () => readonly Said[]): void {
    if (this.#context.warn.due(kind, now)) for (const said of words()) this.#context.say(said);
  }

  #fresh(now: Instant): boolean {
    return this.#last !== null && this.#last > now - MINUTE;
  }

  /** A line without a date has that of the last one. */
  #inherit(line: string, undated: boolean): void {
    this.#put("", this.#lastDate.text, line, this.#last, undated);
    this.dated.whole = this.#lastDate.whole;
  }

  #put(before: string, date: string, rest: string, at: Instant | null, undated: boolean): void {
    const { dated } = this;
    dated.before = before;
    dated.date = date;
    dated.rest = rest;
    dated.at = at;
    dated.undated = undated;
  }
}

function withoutEnd(line: string): string {
  return line.slice(0, -1);
}
