/**
 * The last date found, with the part of its line that decided: a line that has the same there has the same date, and one that
 * differs in the digits of its clock only needs no search either. Gives exactly what the search would have given.
 */
import { detach, type Instant } from "../../base/index.ts";
import { type DateFound } from "./found.ts";
import { DIFFERENT, OTHER_CLOCK, Prefix } from "./prefix.ts";
import { instantOf, type Present, type Reading } from "./reading.ts";
import { settledUpTo } from "./settled.ts";
import { type Template } from "./template.ts";

/** What the search came to. */
export interface Settled {
  readonly found: DateFound;
  /** The second of now that it holds for: years are inferred from it. */
  readonly second: number;
  readonly template: Template;
  /** Where the match ended. */
  readonly end: number;
  /** A template that is not bound to the line's begin was searched at its last place only. */
  readonly inPlace: boolean;
}

export class Held {
  readonly #reading: Reading;
  readonly #present: Present;
  #found: DateFound | null = null;
  #second = NaN;
  /** The part is at the line's begin, or after its first bracket. */
  readonly #part = new Prefix();
  #from = 0;
  #inBracket = false;

  /** @param reading what the last date's fields said @param present the wall clock of its second */
  constructor(reading: Reading, present: Present) {
    this.#reading = reading;
    this.#present = present;
  }

  /**
   * @param timezone minutes east of UTC for dates without a zone; null: the machine's zone
   * @returns the date of the line of `bytes` between two offsets, its place counted from the line's begin; null: it must be searched for
   */
  glance(bytes: string, from: number, to: number, now: Instant, timezone: number | null): DateFound | null {
    if (Math.floor(now) !== this.#second) return null;
    const part = this.#inBracket ? behindBracket(bytes, from, to) : from;
    if (part < 0) return null;
    const likeness = this.#part.compare(bytes, part, to);
    if (likeness === DIFFERENT) return null;
    this.#move(part - from);
    if (likeness === OTHER_CLOCK) this.#turn(bytes, from, part, timezone);
    return this.#found;
  }

  /** Remembers which part of the line decides the next result to be this one again. Not where that cannot be told. */
  keep(line: string, { found, second, template, end, inPlace }: Settled): void {
    const { settles } = template;
    const to = settles === "no" ? (inPlace ? end + 1 : -1) : settledUpTo(line, end);
    this.#found = found;
    this.#second = second;
    this.#inBracket = settles === "bracket";
    this.#from = this.#inBracket ? line.indexOf("[") + 1 : 0;
    if (to < 0) this.#part.forget();
    else this.#part.keep(line, this.#from, to, this.#mayTurn(template) ? end : -1);
  }

  forget(): void {
    this.#part.forget();
  }

  /** Whether another clock of as many digits leaves everything else of the date as it is: so it is with the default formats that have 24 hours. */
  #mayTurn({ settles, draft }: Template): boolean {
    return settles !== "no" && draft.kind === "fields" && !this.#reading.twelve && this.#found?.at !== null;
  }

  /** The part that decides stands at another offset of its line. */
  #move(from: number): void {
    const shift = from - this.#from;
    if (shift === 0 || this.#found === null) return;
    const { start, end, text, at, whole } = this.#found;
    this.#from = from;
    this.#found = { start: start + shift, end: end + shift, text, at, whole };
  }

  /** The date becomes that of a line, begun at `line`, whose part differs in its clock only. */
  #turn(bytes: string, line: number, part: number, timezone: number | null): void {
    if (this.#found === null) return;
    this.#part.turn(bytes, part);
    this.#reading.hour = this.#part.hour;
    this.#reading.minute = this.#part.minute;
    this.#reading.second = this.#part.second;
    const at = instantOf(this.#reading, this.#present, timezone);
    this.#found = new Turned(this.#found, bytes, line, at);
  }
}

/** A date in a chunk: of most its text is never asked for. */
class Turned implements DateFound {
  readonly start: number;
  readonly end: number;
  readonly at: Instant | null;
  readonly whole: boolean;
  readonly #line: number;
  #bytes: string;
  #text: string | null = null;

  constructor({ start, end, whole }: DateFound, bytes: string, line: number, at: Instant | null) {
    this.start = start;
    this.end = end;
    this.at = at;
    this.whole = whole;
    this.#bytes = bytes;
    this.#line = line;
  }

  get text(): string {
    if (this.#text !== null) return this.#text;
    this.#text = detach(this.#bytes.slice(this.#line + this.start, this.#line + this.end));
    this.#bytes = "";
    return this.#text;
  }
}

/** Where a line's text behind its first bracket begins; −1: it has none. */
function behindBracket(bytes: string, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (bytes.charCodeAt(at) === BRACKET) return at + 1;
  return -1;
}

const BRACKET = 0x5b;
