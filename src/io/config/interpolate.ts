/**
 * Stage: an option as read, its `%(…)s` replaced (config-cli.md §1.5).
 *
 * Names are looked up among the given variables, the section's own options and `[DEFAULT]`; `%(section/option)s` elsewhere.
 * Whatever is found is read on in the section that asked. Errors are `Unreadable` in the original's words.
 */
import { lettersOf, textRepr, type Place } from "../../base/index.ts";
import { Unreadable, type Written } from "./files.ts";
import { VALUE_LENGTH } from "./limits.ts";
import type { Lookup } from "./merge.ts";

/** Values that win over the section's own, by lower-case name. */
export interface Variables {
  get(name: string): string | undefined;
}

const NO_VARIABLES: Variables = new Map();
const NOWHERE: Place = { file: "", line: 0 };
const MAX_DEPTH = 10;
const ELSEWHERE = lettersOf("^([\\p{L}\\p{N}_-]+)\\/(.+)$", "s");

interface Asking {
  readonly book: Lookup;
  readonly section: string;
  readonly option: string;
  readonly variables: Variables;
  readonly raw: Written;
  out: string;
}

/** @returns the option's value with everything put in; null when it is neither in the section nor in `[DEFAULT]`. */
export function interpolate(
  book: Lookup,
  section: string,
  option: string,
  variables: Variables = NO_VARIABLES,
): Written | null {
  const written = rawOption(book, section, option);
  const given = variables.get(option);
  const raw = given === undefined ? written : { text: given, at: written?.at ?? NOWHERE, lines: null };
  return raw === null ? null : interpolateText(book, section, option, raw, variables);
}

/** As written; the hidden section `KNOWN/x` has the previous values of `[x]`. */
export function rawOption(book: Lookup, section: string, option: string): Written | null {
  const options = isKnown(section) ? book.known.get(section.slice("KNOWN/".length)) : book.sections.get(section);
  return options?.get(option) ?? book.defaults.get(option) ?? null;
}

/** Asked thousands of times: most names differ in their first character. */
function isKnown(section: string): boolean {
  return section[0] === "K" && section.startsWith("KNOWN/");
}

/** The same for a text that is being read as the value of `option`. */
export function interpolateText(
  book: Lookup,
  section: string,
  option: string,
  raw: Written,
  variables: Variables = NO_VARIABLES,
): Written {
  if (!raw.text.includes("%")) return raw;
  const asking: Asking = { book, section, option, variables, raw, out: "" };
  put(asking, raw.text, 1);
  return { ...raw, text: asking.out };
}

function put(asking: Asking, text: string, depth: number): void {
  if (depth > MAX_DEPTH) throw tooDeep(asking);
  const { references, rest, fault } = cutOf(asking.book, text);
  references.forEach(({ before, name, low }) => {
    emit(asking, before);
    if (name === null) emit(asking, "%");
    else putValue(asking, lookup(asking, name, low), depth);
  });
  emit(asking, rest);
  if (fault !== null) throw badReference(asking, fault);
}

/** A text cut at its references, up to the first `%` that begins none. */
interface Cut {
  readonly references: readonly Reference[];
  readonly rest: string;
  /** From that `%` on. */
  readonly fault: string | null;
}

interface Reference {
  readonly before: string;
  /** As written, and in lower case; null for `%%`. */
  readonly name: string | null;
  readonly low: string;
}

/** Texts that were cut before: a hundred jails have their action from `[DEFAULT]`. */
const cuts = new WeakMap<Lookup, Map<string, Cut>>();

function cutOf(book: Lookup, text: string): Cut {
  const all = cuts.get(book) ?? new Map<string, Cut>();
  const known = all.get(text);
  if (known !== undefined) return known;
  const cut = cutText(text);
  cuts.set(book, all.set(text, cut));
  return cut;
}

function cutText(text: string): Cut {
  const references: Reference[] = [];
  let from = 0;
  for (let percent = text.indexOf("%"); percent >= 0; percent = text.indexOf("%", from)) {
    const before = text.slice(from, percent);
    if (text[percent + 1] === "%") {
      references.push({ before, name: null, low: "" });
      from = percent + 2;
      continue;
    }
    const name = nameAt(text, percent);
    if (name === null) return { references, rest: before, fault: text.slice(percent) };
    references.push({ before, name, low: name.toLowerCase() });
    from = percent + name.length + 4;
  }
  return { references, rest: text.slice(from), fault: null };
}

/** The name in the `%(name)s` that stands there; null for what is none. */
function nameAt(text: string, percent: number): string | null {
  const begin = percent + 2;
  const end = text[percent + 1] === "(" ? text.indexOf(")", begin) : -1;
  return end <= begin || text[end + 1] !== "s" ? null : text.slice(begin, end);
}

function badReference({ raw }: Asking, from: string): Unreadable {
  return from[1] === "("
    ? new Unreadable(`bad interpolation variable reference ${textRepr(from)}`, raw.at, "write %(name)s")
    : new Unreadable(
        `'%' must be followed by '%' or '(', found: ${textRepr(from)}`,
        raw.at,
        "write %% for a percent sign",
      );
}

function putValue(asking: Asking, value: string, depth: number): void {
  if (value.includes("%")) put(asking, value, depth + 1);
  else emit(asking, value);
}

function emit(asking: Asking, text: string): void {
  asking.out += text;
  if (asking.out.length > VALUE_LENGTH)
    throw new Unreadable(
      `option '${asking.option}' in section '${asking.section}' grows over ${VALUE_LENGTH} characters`,
      asking.raw.at,
      "look for options that repeat each other",
    );
}

function lookup(asking: Asking, written: string, name: string): string {
  const { book, section, variables } = asking;
  const given = variables.get(name);
  if (given !== undefined) return given;
  if (name === "__name__") return section;
  const found =
    rawOption(book, section, name)?.text ?? (written === name ? fromElsewhere(book, section, name) : undefined);
  if (found === undefined) throw missing(asking, name);
  return found;
}

/** `known/opt`, `default/opt`, `section/opt`: raw text, or undefined. Names are lower-cased by the lookup, so a section with capitals cannot be reached. */
function fromElsewhere(book: Lookup, section: string, name: string): string | undefined {
  const found = name.includes("/") ? ELSEWHERE(name).exec(name) : null;
  const place = found?.[1];
  const option = found?.[2];
  if (place === undefined || option === undefined) return undefined;
  const fallback = book.defaults.get(option)?.text;
  if (place === "known") return book.known.get(section)?.get(option)?.text ?? fallback;
  if (place === "default") return fallback;
  const other = book.sections.get(place);
  return other === undefined ? undefined : (other.get(option)?.text ?? fallback);
}

function missing({ option, section, raw }: Asking, name: string): Unreadable {
  const message = `Bad value substitution: option ${textRepr(option)} in section ${textRepr(section)} contains an interpolation key ${textRepr(name)} which is not a valid option name. Raw value: ${textRepr(raw.text)}`;
  return new Unreadable(
    message,
    raw.at,
    `define ${name} in this section or in [DEFAULT], or write %% for a percent sign`,
  );
}

function tooDeep({ option, section, raw }: Asking): Unreadable {
  const message = `Recursion limit exceeded in value substitution: option ${textRepr(option)} in section ${textRepr(section)} contains an interpolation key which cannot be substituted in ${MAX_DEPTH} steps. Raw value: ${textRepr(raw.text)}`;
  return new Unreadable(message, raw.at, "look for options that refer to each other");
}
