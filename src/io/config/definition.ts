/**
 * What filters and actions have in common: how `[Definition]`, `[Init]`, the arguments in brackets and the jail's options
 * become one set of values (config-cli.md §2.3, "Combination algorithm").
 */
import { lettersOf, type Place } from "../../base/index.ts";
import type { Written } from "./files.ts";
import { interpolate, rawOption, type Variables } from "./interpolate.ts";
import type { Book } from "./merge.ts";
import { noFlats, type Flats } from "./flat.ts";
import { checkTags, putTags } from "./tags.ts";

/** An option that the program itself reads from `[Definition]`. */
export interface Recognised {
  readonly key: string;
  readonly type: "text" | "lines" | "bool" | "int";
}

export interface Definition {
  readonly book: Book;
  readonly recognised: readonly Recognised[];
  /** Tags that are left for run time whatever they might mean here. */
  readonly ignored: ReadonlySet<string>;
  /** As written in brackets, in order; `[Init]` adds its keys, each also as `known/key`. */
  readonly arguments: Map<string, string>;
  /** Where the reference to this filter or action stands. */
  readonly at: Place;
  /** What tags that are no option here were found to mean, or not to mean, when they were first asked for: it stays so. */
  readonly answers: Map<string, string | undefined>;
}

const CONDITION = lettersOf("^([\\p{L}\\p{N}_]+)\\?.+$", "s");

/** `chain` of `chain?family=inet6`; undefined for a plain name. */
function baseOf(key: string): string | undefined {
  return key.includes("?") ? CONDITION(key).exec(key)?.[1] : undefined;
}

/** What is known of the jail: its options as text, and the names of all that it has, also of those without a value. */
export interface JailView extends Variables {
  has(name: string): boolean;
}

/** The values of a definition before their tags are replaced, and what tags may refer to. */
export interface Combined {
  readonly definition: Definition;
  readonly values: ReadonlyMap<string, string>;
  readonly variables: Variables;
}

/**
 * @param jail options of the jail read so far: they win over the definition's own
 * @param all whether the definition's other options are wanted too (they become `known/…` names of the jail)
 * @returns every value, in the order in which commands are made of them
 */
export function combine(definition: Definition, jail: JailView, all: boolean): Combined {
  const { book } = definition;
  const variables = overlaid(jail, definition.arguments);
  const values = new Map<string, string>();
  writtenIn(definition).forEach((key) => {
    if (jail.has(key) || definition.arguments.has(key)) return;
    const value = interpolate(book, "Definition", key, variables);
    if (value !== null) values.set(key, value.text);
  });
  takeInit(definition);
  if (all) takeOthers(definition, values);
  definition.arguments.forEach((value, key) => values.set(key, value));
  return { definition, values, variables };
}

/** The recognised options that may have a value: an argument in capitals may be one for what is not written. */
function writtenIn({ book, recognised, arguments: given }: Definition): readonly string[] {
  const known = written.get(book);
  if (known !== undefined && isLower(given)) return known;
  const keys = recognised.map(({ key }) => key);
  if (!isLower(given)) return keys;
  const found = keys.filter((key) => rawOption(book, "Definition", key) !== null);
  written.set(book, found);
  return found;
}

/** The same for every jail. */
const written = new WeakMap<Book, readonly string[]>();

function isLower(given: ReadonlyMap<string, string>): boolean {
  let lower = true;
  given.forEach((_, key) => (lower &&= key === key.toLowerCase()));
  return lower;
}

/**
 * The same values with their tags replaced. The original does this later than reading, which shows in the order of its complaints.
 * @throws Unreadable when options refer to themselves
 */
export function withTags(combined: Combined): Map<string, string> {
  return putTags(...asked(combined));
}

/** The same for those who need not know what comes of it. */
export function checked(combined: Combined): void {
  checkTags(...asked(combined));
}

function asked({ definition, values, variables }: Combined): Parameters<typeof putTags> {
  const { book, at } = definition;
  const known = flats.get(book) ?? noFlats();
  flats.set(book, known);
  const ignored = ignoredIn(definition, values);
  return [
    { values, ignored, elsewhere: (name) => elsewhere(definition, name, variables), flats: known },
    (option) => placeOf(definition, option)?.at ?? at,
  ];
}

/** Also what has values for conditions: which one holds shows only at run time. */
function ignoredIn({ ignored }: Definition, values: ReadonlyMap<string, string>): ReadonlySet<string> {
  let all: Set<string> | null = null;
  values.forEach((_, key) => {
    const base = baseOf(key);
    if (base !== undefined) (all ??= new Set(ignored)).add(base);
  });
  return all ?? ignored;
}

/** What is the same for every jail that uses a filter or an action. */
const flats = new WeakMap<Book, Flats>();

/** Where the value of a combined option was written: the file's own line, else the reference's. */
export function placeOf(definition: Definition, key: string): Written | null {
  return definition.book.sections.get("Definition")?.get(key) ?? definition.book.sections.get("Init")?.get(key) ?? null;
}

/** `[Init]` gives defaults for the arguments; an argument also replaces the file's conditional values of the same name. */
function takeInit({ book, arguments: given }: Definition): void {
  const all = initOf(book);
  if (all.length === 0) return;
  const named = new Set(given.keys());
  all.forEach(({ key, known, base, value }) => {
    const override = base === undefined || named.has(key) ? undefined : named.has(base) ? given.get(base) : undefined;
    if (!given.has(known)) given.set(known, value);
    if (!given.has(key)) given.set(key, override ?? value);
  });
}

interface InitOption {
  readonly key: string;
  /** `known/…` */
  readonly known: string;
  readonly base: string | undefined;
  readonly value: string;
}

/** The same for every jail: a hundred of them use one action. */
const inits = new WeakMap<Book, readonly InitOption[]>();

function initOf(book: Book): readonly InitOption[] {
  const known = inits.get(book);
  if (known !== undefined) return known;
  const options = [...(book.sections.get("Init")?.keys() ?? [])].map((key) => {
    const value = interpolate(book, "Init", key)?.text ?? "";
    return { key, known: `known/${key}`, base: baseOf(key), value };
  });
  inits.set(book, options);
  return options;
}

function takeOthers({ book }: Definition, values: Map<string, string>): void {
  book.sections.get("Definition")?.forEach((_, key) => {
    if (values.has(key)) return;
    const value = interpolate(book, "Definition", key);
    if (value !== null) values.set(key, value.text);
  });
}

/** Value of a tag that is no combined option. */
function elsewhere({ book, answers }: Definition, name: string, variables: Variables): string | undefined {
  const before = answers.get(name);
  if (before !== undefined || answers.has(name)) return before;
  const found = search(book, name, variables);
  answers.set(name, found);
  return found;
}

/** `section/option` in that section; a plain name, and a `known/option` that neither a previous file nor `[DEFAULT]` has, in `[Definition]`, where variables overlay a plain name. */
function search(book: Book, name: string, variables: Variables): string | undefined {
  const slash = name.indexOf("/");
  if (slash < 1) return plain(book, name, variables);
  const section = name.slice(0, slash);
  const option = name.slice(slash + 1).toLowerCase();
  const there = inSection(book, section, option);
  if (there !== undefined || section !== "known") return there;
  return interpolate(book, "Definition", option)?.text;
}

/** Most names have no meaning here, in no jail: that is looked up once. */
function plain(book: Book, name: string, variables: Variables): string | undefined {
  const names = unknown.get(book) ?? new Map<string, string>();
  const known = names.get(name);
  const low = known ?? name.toLowerCase();
  if (known === undefined && rawOption(book, "Definition", low) === null) {
    names.set(name, low);
    unknown.set(book, names);
  }
  if (names.has(name) && variables.get(low) === undefined) return undefined;
  return interpolate(book, "Definition", low, variables)?.text;
}

/** By book: names that it does not have, in lower case. */
const unknown = new WeakMap<Book, Map<string, string>>();

/** Another section is read for itself, with its defaults: arguments and jail options do not reach into it. */
function inSection(book: Book, section: string, option: string): string | undefined {
  if (section === "known")
    return book.known.has("Definition") ? interpolate(book, "KNOWN/Definition", option)?.text : undefined;
  if (section.toLowerCase() === "default") return interpolate(book, "DEFAULT", option)?.text;
  return book.sections.has(section) ? interpolate(book, section, option)?.text : undefined;
}

/** The arguments before the jail's options; interpolation looks names up in lower case, as jail options are named anyway. */
function overlaid(jail: Variables, given: ReadonlyMap<string, string>): Variables {
  const low = new Map<string, string>();
  given.forEach((value, key) => low.set(key.toLowerCase(), value));
  return { get: (name) => low.get(name) ?? jail.get(name) };
}
