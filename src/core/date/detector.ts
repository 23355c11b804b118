/**
 * Finds the date in a line and learns from each line which template to try first (engine.md §3.5).
 *
 * The order of the templates is a memory: the same line may be read otherwise after other lines. Everything here that
 * makes it fast (`held.ts`) gives exactly what the search would have given, counters included.
 */
import { detach, type Instant, type Zone } from "../../base/index.ts";
import { type Finding, isAscii } from "../pattern/index.ts";
import { type DateFound, type Learned } from "./found.ts";
import { offersOf } from "./needs.ts";
import { Held } from "./held.ts";
import { Present, Reading } from "./reading.ts";
import { standIn } from "./stand-in.ts";
import { type Template } from "./template.ts";

interface Entry {
  readonly template: Template;
  hits: number;
  lastUsed: Instant;
  distance: number;
}

/** Lines that are longer are searched as their stand-ins where they are not ASCII: else each template would take milliseconds. */
const LONG_LINE = 2048;
/** Also stands for "no last template yet". */
const FAR = 0x7fffffff;
/** After this many seconds without use a template gives way whatever its weight. */
const UNUSED = 300;

export class Detector {
  readonly #entries: Entry[];
  readonly #present: Present;
  readonly #reading = new Reading();
  readonly #held: Held;
  #timezone: number | null;

  /** Index of the last winner, and where and between which characters it stood. */
  #last = FAR;
  #begin = 1;
  #end = FAR;
  #beforeBegin = "";
  #atBegin = "";
  #atLastChar = "";
  #atEnd = "";
  #firstUnused = 0;

  /** The present search: its winner, the best of those that did not win, and whether only the last place was searched. */
  #winner = -1;
  #candidate = -1;
  #candidateFound: Finding | null = null;
  #inPlace = false;

  /** A template that ran out of steps on a line, until somebody has told of it; null: none. */
  lost: string | null = null;
  /** What the default formats search in the place of the present line: it is long and not ASCII. */
  #standIn: string | null = null;

  constructor(templates: readonly Template[], zone: Zone, timezone: number | null) {
    this.#entries = templates.map((template) => ({ template, hits: 0, lastUsed: 0, distance: FAR }));
    this.#present = new Present(zone);
    this.#held = new Held(this.#reading, this.#present);
    this.#timezone = timezone;
  }

  /**
   * @param now the wall clock: years are inferred from it, and last use is judged by it
   * @param ascii whether the line is, if the caller knows
   * @param end where the line ends in `whole`: before its line feed
   * @returns null where no template matches
   */
  find(whole: string, now: Instant, ascii = isAscii(whole), end = whole.length): DateFound | null {
    const held = this.glance(whole, 0, end, now);
    if (held === null) return this.#search(end === whole.length ? whole : whole.slice(0, end), now, ascii);
    this.repeat(now);
    return held;
  }

  /**
   * The same for the line of `bytes` from one offset to another, where it has the last line's date or one that differs in its clock
   * only. Counts nothing: see `repeat`.
   * @returns null where `find` must be asked; the date's place is that in its own line
   */
  glance(bytes: string, from: number, to: number, now: Instant): DateFound | null {
    return this.#held.glance(bytes, from, to, now, this.#timezone);
  }

  /** Counts a line of which `glance` told the date as the search would have done: the last template wins at the same place. */
  repeat(now: Instant): void {
    const entry = this.#entries[this.#last];
    if (entry === undefined) return;
    entry.hits += 1;
    entry.lastUsed = now;
  }

  #search(line: string, now: Instant, ascii: boolean): DateFound | null {
    this.#standIn = ascii || line.length <= LONG_LINE ? null : standIn(line);
    const match = this.#tryLast(line, ascii) ?? this.#tryAll(line, ascii);
    if (match === null) return null;
    const { template } = this.#learn(line, match, now);
    const second = Math.floor(now);
    this.#present.set(second);
    const at = template.read(match, this.#reading, this.#present, this.#timezone);
    const { kind } = template.draft;
    const whole = kind === "tai64n" || (kind === "fields" && (this.#reading.offset ?? this.#timezone) !== null);
    const [start, end] = match.spanAt(1) ?? [match.start, match.start];
    const found = { start, end, text: detach(line.slice(start, end)), at, whole };
    this.#held.keep(line, { found, second, template, end: match.end, inPlace: this.#inPlace });
    return found;
  }

  /** In present order. */
  templates(): readonly Learned[] {
    return this.#entries.map((entry) => {
      const { template, hits } = entry;
      const { name, pattern, regex } = template.draft;
      return {
        name,
        pattern,
        regex,
        hits,
        weight: weightOf(entry),
        staticWeight: template.weight,
        gaveUp: template.gaveUp,
      };
    });
  }

  /** What `get … datepattern` answers. */
  name(): { readonly pattern: string | null; readonly name: string } {
    const [first] = this.#entries;
    if (first === undefined || this.#entries.length > 2) return { pattern: null, name: "Default Detectors" };
    return { pattern: first.template.draft.pattern, name: first.template.name };
  }

  /** @param minutes east of UTC, for dates without a zone; null: the machine's zone */
  setTimezone(minutes: number | null): void {
    this.#timezone = minutes;
    this.#held.forget();
  }

  /** Fast path A: the last winner, at its last place if nothing speaks against it. */
  #tryLast(line: string, ascii: boolean): Finding | null {
    this.#inPlace = false;
    this.#candidate = -1;
    this.#candidateFound = null;
    const entry = this.#entries[this.#last];
    if (entry === undefined) return null;
    const { template } = entry;
    this.#winner = this.#last;
    if (template.anchored) return this.#searchBy(template, line, 0, line.length, ascii);
    this.#inPlace = this.#sameBounds(line);
    const found = this.#inPlace
      ? this.#searchBy(template, line, this.#begin, this.#end, ascii)
      : this.#searchBy(template, line, 0, line.length, ascii);
    if (found === null) return null;
    if (this.#entries.length === 1 || (found.start === this.#begin && found.end === this.#end)) return found;
    this.#reserve(this.#last, found);
    return null;
  }

  #searchBy(template: Template, line: string, from: number, to: number, ascii: boolean): Finding | null {
    if (this.#standIn !== null && template.isKnown && !template.anchored)
      return template.search(this.#standIn, from, to, true);
    const { gaveUp } = template;
    const found = template.search(line, from, to, ascii);
    if (template.gaveUp !== gaveUp) this.lost = template.name;
    return found;
  }

  /** Outside of the place the characters are the same, or inside they are the same and no letters or digits. */
  #sameBounds(line: string): boolean {
    if (this.#begin > line.length) return false;
    const begins =
      line.charAt(this.#begin - 1) === this.#beforeBegin ||
      (line.charAt(this.#begin) === this.#atBegin && !isAlphanumeric(this.#atBegin));
    if (!begins) return false;
    return (
      line.charAt(this.#end) === this.#atEnd ||
      (line.charAt(this.#end - 1) === this.#atLastChar && !isAlphanumeric(this.#atLastChar))
    );
  }

  /** Full search B, in present order. */
  #tryAll(line: string, ascii: boolean): Finding | null {
    const searched = this.#inPlace ? -1 : this.#last;
    this.#inPlace = false;
    const offers = ascii ? offersOf(line) : -1;
    const count = this.#entries.length;
    for (let index = 0; index < count; index += 1) {
      const entry = this.#entries[index];
      if (index === searched || entry === undefined || (entry.template.needs & offers) === 0) continue;
      const found = this.#searchBy(entry.template, line, 0, line.length, ascii);
      if (found === null) continue;
      if (this.#wins(index, entry, found.start)) {
        this.#winner = index;
        return found;
      }
      this.#reserve(index, found);
    }
    this.#winner = this.#candidate;
    return this.#candidateFound;
  }

  /** Rules B1 to B5; B3 needs no line of its own, for a match at 0 is never farther than another. */
  #wins(index: number, entry: Entry, distance: number): boolean {
    const next = this.#entries[index + 1];
    if (next === undefined || entry.template.anchored) return true;
    return distance <= entry.distance && distance <= this.#begin;
  }

  /** The nearest to the line's begin is kept, the first of equals. */
  #reserve(index: number, found: Finding): void {
    if (this.#candidateFound !== null && found.start >= this.#candidateFound.start) return;
    this.#candidate = index;
    this.#candidateFound = found;
  }

  /** Bookkeeping C. */
  #learn(line: string, found: Finding, now: Instant): Entry {
    const index = this.#winner;
    const entry = this.#entries[index];
    if (entry === undefined) throw new Error("a winner without an entry");
    const { start, end } = found;
    entry.hits += 1;
    entry.lastUsed = now;
    entry.distance = start;
    if (this.#firstUnused === index) this.#firstUnused += 1;
    this.#inPlace &&= start === this.#begin && end === this.#end;
    this.#begin = start;
    this.#end = end;
    this.#beforeBegin = line.charAt(start - 1);
    this.#atBegin = line.charAt(start);
    this.#atLastChar = line.charAt(end - 1);
    this.#atEnd = line.charAt(end);
    this.#last = index !== 0 && index !== this.#last ? this.#reorder(index, entry) : index;
    return entry;
  }

  /** @returns the new index of the entry */
  #reorder(index: number, entry: Entry): number {
    let target = this.#firstUnused < index ? this.#firstUnused : index >> 1;
    if (!this.#givesWay(target, entry)) {
      if (target === index - 1) return index;
      target = index - 1;
      if (!this.#givesWay(target, entry)) return index;
    }
    this.#entries.splice(index, 1);
    this.#entries.splice(target, 0, entry);
    while ((this.#entries[this.#firstUnused]?.hits ?? 0) > 0) this.#firstUnused += 1;
    return target;
  }

  #givesWay(target: number, entry: Entry): boolean {
    const other = this.#entries[target];
    if (other === undefined) return false;
    return weightOf(entry) > weightOf(other) || entry.lastUsed - UNUSED > other.lastUsed;
  }
}

function weightOf(entry: Entry): number {
  return (entry.hits * entry.template.weight) / Math.max(1, entry.distance);
}

function isAlphanumeric(char: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(char);
}
