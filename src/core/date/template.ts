/**
 * One way in which a date may be written: made from a pattern (engine.md §3.2–3.4), searched for in a line, read.
 *
 * Templates are shared by all detectors that were given the same registry, which saves compiling them again; what a
 * detector learns of them is its own (`detector.ts`). The original's shared counter of hits decides only rule B3 of engine.md
 * §3.5, which B5 makes needless: it has no equal here.
 */
import { type Instant } from "../../base/index.ts";
import { compileRegex, type Finding, GAVE_UP, type Regex } from "../pattern/index.ts";
import { spell } from "./codes.ts";
import { AT_LINE_BEGIN, bind, type Begin, LINE_BEGIN, LINE_END, NO_BOUNDS } from "./expression.ts";
import { knownFormat } from "./formats.ts";
import { needsOf } from "./needs.ts";
import {
  epochOf,
  type Field,
  fieldsOf,
  instantOf,
  offsetOf,
  type Present,
  type Reading,
  taiOf,
  takeFields,
} from "./reading.ts";

type Kind = "fields" | "epoch" | "longepoch" | "tai64n";

/** What a template is before its expression is compiled. */
export interface Draft {
  readonly kind: Kind;
  readonly name: string;
  /** As written; null for epochs and TAI64N, which have none. */
  readonly pattern: string | null;
  readonly regex: string;
  readonly flags: number;
}

export type Drafted = { readonly ok: true; readonly draft: Draft } | { readonly ok: false; readonly message: string };

const EPOCH = String.raw`\d{10,11}\b(?:\.\d{3,6})?`;
const LONG_EPOCH = String.raw`\d{10,11}(?:\d{3}(?:\.\d{1,6}|\d{3})?)?`;
/** Where epoch seconds may begin: a line, its first bracket, or the bracket of an audit record. */
const EPOCH_BEGINS = String.raw`(?:^|(?<=^\[)|(?<=\baudit\())`;
const TAI64N = "@[0-9a-f]{24}";
const EPOCH_WORD = /(?<!\\)\{L?EPOCH\}/gi;
const DATE_WORD = /(?<!\\)\{DATE\}/gi;
const BEGIN_FORMS = ["", AT_LINE_BEGIN, "^"];

/** Words are known in any case, but for patterns with codes, in which case has a meaning. */
export function keyOf(pattern: string): string {
  return pattern.includes("%") ? pattern : pattern.toUpperCase();
}

/** Makes the draft of any pattern that stands for one template. */
export function draftOf(pattern: string, thisYear: number): Drafted {
  const key = keyOf(pattern);
  if (key === "{NONE}") return draftFields(`${NO_BOUNDS}^`, thisYear);
  const form = BEGIN_FORMS.find(
    (form) => ["EPOCH", "LEPOCH", "TAI64N"].includes(key.slice(form.length)) && key.startsWith(form),
  );
  if (form !== undefined) return { ok: true, draft: draftWord(key.slice(form.length), form !== "") };
  if (key.includes("EPOCH") && pattern.search(EPOCH_WORD) >= 0) return { ok: true, draft: draftEpochIn(pattern, key) };
  return draftFields(pattern, thisYear);
}

function draftWord(word: string, lineBegin: boolean): Draft {
  const long = word === "LEPOCH";
  const name = `${lineBegin ? AT_LINE_BEGIN : ""}${word === "TAI64N" ? word : long ? "LongEpoch" : "Epoch"}`;
  const expression = word === "TAI64N" ? TAI64N : `(?P<epoch>${long ? LONG_EPOCH : EPOCH})`;
  const front = lineBegin || word === "TAI64N" ? "" : EPOCH_BEGINS;
  const { regex, flags } = bind(`${front}(${expression})`, lineBegin ? "line" : "none", true);
  return { kind: word === "TAI64N" ? "tai64n" : long ? "longepoch" : "epoch", name, pattern: null, regex, flags };
}

function draftEpochIn(pattern: string, key: string): Draft {
  const long = key.includes("LEPOCH");
  const expression = pattern.replace(EPOCH_WORD, () => `(?P<epoch>${long ? LONG_EPOCH : EPOCH})`);
  const { regex, flags } = bind(expression, "word", true);
  return { kind: long ? "longepoch" : "epoch", name: pattern, pattern: null, regex, flags };
}

function draftFields(pattern: string, thisYear: number): Drafted {
  const unbound = pattern.startsWith(NO_BOUNDS);
  const rest = unbound ? pattern.slice(NO_BOUNDS.length) : pattern;
  const lineBegin = !unbound && rest.startsWith(AT_LINE_BEGIN);
  const spelled = spell(lineBegin ? rest.slice(AT_LINE_BEGIN.length) : rest, thisYear);
  if (!spelled.ok) return { ok: false, message: refusal(pattern, spelled.reason) };
  const begin: Begin = unbound ? "none" : lineBegin ? "line" : "word";
  const bound = bind(`${spelled.caseless ? "(?iu)" : ""}${spelled.expression}`, begin, !unbound);
  const name = `${bound.lineBegin ? AT_LINE_BEGIN : ""}${spelled.name}`;
  return { ok: true, draft: { kind: "fields", name, pattern, regex: bound.regex, flags: bound.flags } };
}

/** A default template put in the place of `{DATE}`: its format, or its name where it has none, without its own binding. */
export function embed(pattern: string, template: Draft): string {
  const inner = template.pattern ?? template.name;
  const bare = inner.startsWith(AT_LINE_BEGIN) ? inner.slice(AT_LINE_BEGIN.length) : inner;
  return pattern.replace(DATE_WORD, () => bare);
}

export function refusal(pattern: string, reason: string): string {
  return `Failed to set datepattern '${pattern}' (may be an invalid format or unescaped percent char): ${reason}`;
}

/** A zone that may stand in front and be left out: any word of the right length looks like one. */
const LEADING_ZONE = /\(\?:%(?:Ex)?[zZ] \)\?/;

export class Template {
  readonly draft: Draft;
  readonly name: string;
  /** Anchored to an end of the line, so that its place says nothing. */
  readonly anchored: boolean;
  /** Where the text begins that alone decides the match, as `settled.ts` bounds it: at the line's begin, after its first bracket. */
  readonly settles: "no" | "line" | "bracket";
  /** What an ASCII line must have for a match: see `needs.ts`. */
  readonly needs: number;
  /**
   * One of the default formats: these have no choice that grows with the text, and find only ASCII in it but for digits.
   * No line makes them slow, and a long one may be searched as `stand-in.ts` has it.
   */
  readonly isKnown: boolean;
  /** Static weight. */
  readonly weight: number;
  /** Searches without an answer, for the expression ran out of steps; they count as "not found". */
  gaveUp = 0;
  /** Compiled at the first search: a detector needs few of the default ones. */
  #regex: Regex | null = null;
  #fields: readonly Field[] = [];
  #epochGroup = 1;
  #zoneGroup = 0;

  constructor(draft: Draft, weight = 1) {
    this.draft = draft;
    this.name = draft.name;
    this.anchored = (draft.flags & (LINE_BEGIN | LINE_END)) !== 0;
    const known = knownFormat(draft);
    const settles = known !== null && (draft.flags & LINE_BEGIN) !== 0;
    this.settles = settles ? (known.inBracket ? "bracket" : "line") : "no";
    this.isKnown = known !== null;
    this.needs = needsOf(known?.format ?? null);
    this.weight = weight;
  }

  /** @returns what is wrong with the expression or its codes, or null. */
  compile(): string | null {
    if (this.#regex !== null) return null;
    const made = compileRegex(caseFree(this.draft.regex), {}, this.isKnown);
    if (!made.ok) return made.message;
    const { names } = made.regex;
    const half = this.draft.kind === "fields" ? halfDay(new Set(names.keys())) : null;
    if (half !== null) return half;
    this.#fields = fieldsOf(names);
    this.#epochGroup = names.get("epoch") ?? 1;
    this.#zoneGroup = LEADING_ZONE.test(this.draft.pattern ?? "") ? (names.get("z") ?? names.get("Z") ?? 0) : 0;
    this.#regex = made.regex;
    return null;
  }

  /**
   * Searches `line` between two offsets; `^` and look-behind see what is before, nothing sees what is after.
   *
   * @param ascii whether the line is, which is asked once for all templates
   */
  search(line: string, from: number, to: number, ascii: boolean): Finding | null {
    const found = (this.#regex ?? this.#compiled()).exec(line, from, to, ascii ? true : undefined);
    if (found === null) return null;
    if (found === GAVE_UP) {
      this.gaveUp += 1;
      return null;
    }
    if (this.#zoneGroup !== 0) {
      const zone = found.text(this.#zoneGroup);
      if (zone !== undefined && offsetOf(zone) === null) return null;
    }
    return found;
  }

  /** Null where what was found is no date. */
  read(found: Finding, reading: Reading, present: Present, timezone: number | null): Instant | null {
    const { kind } = this.draft;
    if (kind === "fields")
      return takeFields(reading, this.#fields, found) ? instantOf(reading, present, timezone) : null;
    const text = found.text(kind === "tai64n" ? 1 : this.#epochGroup);
    if (text === undefined) return null;
    return kind === "tai64n" ? taiOf(text) : epochOf(text, kind === "longepoch");
  }

  #compiled(): Regex {
    const message = this.compile();
    if (this.#regex === null) throw new Error(message ?? "not compiled");
    return this.#regex;
  }
}

/**
 * The default formats repeat a separator that is no letter. Saying that its case does not matter lets the expression be
 * run by V8, which could not compare letters that way.
 */
function caseFree(regex: string): string {
  return /\(\?P<_sep>\[[-/.]+\]\)/.test(regex) ? regex.replaceAll("(?P=_sep)", "(?-i:(?P=_sep))") : regex;
}

/** A day needs its month and a month its day, unless both follow from something else. */
function halfDay(groups: ReadonlySet<string>): string | null {
  const month = groups.has("m") || groups.has("b") || groups.has("B");
  const counted =
    groups.has("j") || ((groups.has("U") || groups.has("W")) && ["a", "A", "w"].some((day) => groups.has(day)));
  if (month === groups.has("d") || counted) return null;
  return month ? "month without a day" : "day without a month";
}
