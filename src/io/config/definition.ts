/**
 * What filters and actions have in common: how `[Definition]`, `[Init]`, the arguments in brackets and the jail's options
 * become one set of values (config-cli.md §2.3, "Combination algorithm").
 */
import { lettersOf, type Place } from "../../base/index.ts";
import type { Written } from "./files.ts";
import { interpolate, interpolateText, rawOption, type Variables } from "./interpolate.ts";
import type { Book } from "./merge.ts";
import { noFlats, type Flats, type Meanings } from "./flat.ts";

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
  /** What tags that are no option here were found to mean, or not to mean, when they were first asked for: it stays so. Null: it is read once only. */
  readonly answers: Map<string, string | undefined> | null;
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

/** The values of a definition before their tags are replaced, and what tags mean. */
export interface Combined extends Meanings {
  readonly definition: Definition;
}

/**
 * @param jail options of the jail read so far: they win over the definition's own
 * @param all whether the definition's other options are wanted too (they become `known/…` names of the jail)
 * @returns every value, in the order in which commands are made of them
 */
export function combine(definition: Definition, jail: JailView, all: boolean): Combined {
  const { book } = definition;
  const variables = new Overlay(jail, definition.arguments);
  const values = new Map<string, string>();
  const isGiven = (key: string): boolean => jail.has(key) || definition.arguments.has(key);
  if (variables.isLower)
    keptOf(definition).written.forEach((raw, key) => {
      if (!isGiven(key)) values.set(key, interpolateText(book, "Definition", key, raw, variables).text);
    });
  else takeRecognised(definition, values, variables, isGiven);
  takeInit(definition);
  if (all) takeOthers(definition, values);
  definition.arguments.forEach((value, key) => values.set(key, value));
  return new Values(definition, values, variables);
}

/** All of them: an argument in capitals may be one for an option that is not written. */
function takeRecognised(
  { book, recognised }: Definition,
  values: Map<string, string>,
  variables: Variables,
  isGiven: (key: string) => boolean,
): void {
  for (const { key } of recognised) {
    const value = isGiven(key) ? null : interpolate(book, "Definition", key, variables);
    if (value !== null) values.set(key, value.text);
  }
}

class Values implements Combined {
  readonly definition: Definition;
  readonly values: ReadonlyMap<string, string>;
  readonly ignored: ReadonlySet<string>;
  readonly flats: Flats;
  readonly #variables: Variables;
  readonly #unknown: Map<string, string>;

  constructor(definition: Definition, values: ReadonlyMap<string, string>, variables: Overlay) {
    const known = keptOf(definition);
    this.definition = definition;
    this.values = values;
    this.flats = known.flats;
    this.#unknown = known.unknown;
    this.#variables = variables;
    const isSame = known.isPlain && !variables.isConditional;
    this.ignored = (isSame ? known.ignored : null) ?? ignoredIn(definition, values);
    if (isSame) known.ignored = this.ignored;
  }

  elsewhere(name: string): string | undefined {
    const { answers } = this.definition;
    if (answers === null) return this.#search(name);
    const before = answers.get(name);
    if (before !== undefined || answers.has(name)) return before;
    const found = this.#search(name);
    answers.set(name, found);
    return found;
  }

  /** Most names have no meaning here, in no jail: that is looked up once. */
  #search(name: string): string | undefined {
    const { book } = this.definition;
    const known = this.#unknown.get(name);
    if (known !== undefined && this.#variables.get(known) === undefined) return undefined;
    if (known === undefined && !name.includes("/")) {
      const low = name.toLowerCase();
      if (rawOption(book, "Definition", low) === null) this.#unknown.set(name, low);
    }
    return search(book, name, this.#variables);
  }

  at(option: string): Place {
    return placeOf(this.definition, option)?.at ?? this.definition.at;
  }
}

/** What is the same for every jail that uses a filter or an action. */
interface Kept {
  /** One file may be used as both. */
  readonly recognised: readonly Recognised[];
  /** The recognised options that have a value in the files. */
  readonly written: ReadonlyMap<string, Written>;
  readonly flats: Flats;
  /** Names that are not in the book, in lower case. */
  readonly unknown: Map<string, string>;
  /** Whether only `[Init]` has values for conditions; then the same tags are ignored at each use, but for those of arguments. */
  readonly isPlain: boolean;
  ignored: ReadonlySet<string> | null;
}

const kept = new WeakMap<Book, Kept>();

function keptOf({ book, recognised }: Definition): Kept {
  const known = kept.get(book);
  if (known?.recognised === recognised) return known;
  const written = new Map<string, Written>();
  for (const { key } of recognised) {
    const raw = rawOption(book, "Definition", key);
    if (raw !== null) written.set(key, raw);
  }
  const own = [...(book.sections.get("Definition")?.keys() ?? [])];
  const isPlain = !own.some((key) => key.includes("?"));
  const fresh: Kept = { recognised, written, flats: noFlats(), unknown: new Map(), isPlain, ignored: null };
  kept.set(book, fresh);
  return fresh;
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

/** `section/option` in that section; a plain name, and a `known/option` that neither a previous file nor `[DEFAULT]` has, in `[Definition]`, where variables overlay a plain name. */
function search(book: Book, name: string, variables: Variables): string | undefined {
  const slash = name.indexOf("/");
  if (slash < 1) return interpolate(book, "Definition", name.toLowerCase(), variables)?.text;
  const section = name.slice(0, slash);
  const option = name.slice(slash + 1).toLowerCase();
  const there = inSection(book, section, option);
  if (there !== undefined || section !== "known") return there;
  return interpolate(book, "Definition", option)?.text;
}

/** Another section is read for itself, with its defaults: arguments and jail options do not reach into it. */
function inSection(book: Book, section: string, option: string): string | undefined {
  if (section === "known")
    return book.known.has("Definition") ? interpolate(book, "KNOWN/Definition", option)?.text : undefined;
  if (section.toLowerCase() === "default") return interpolate(book, "DEFAULT", option)?.text;
  return book.sections.has(section) ? interpolate(book, section, option)?.text : undefined;
}

/** The arguments before the jail's options; interpolation looks names up in lower case, as jail options are named anyway. */
class Overlay implements Variables {
  /** Whether all arguments are written in lower case. */
  readonly isLower: boolean;
  /** Whether one of them is for a condition. */
  readonly isConditional: boolean;
  readonly #low = new Map<string, string>();
  readonly #jail: Variables;

  constructor(jail: Variables, given: ReadonlyMap<string, string>) {
    this.#jail = jail;
    let isLower = true;
    let isConditional = false;
    given.forEach((value, key) => {
      const low = key.toLowerCase();
      isLower &&= low === key;
      isConditional ||= key.includes("?");
      this.#low.set(low, value);
    });
    this.isLower = isLower;
    this.isConditional = isConditional;
  }

  get(name: string): string | undefined {
    return this.#low.get(name) ?? this.#jail.get(name);
  }
}
