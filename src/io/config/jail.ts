/**
 * Stages: one section of the jail configuration → its options (`readJail`), and those → its commands (`jailCommands`)
 * (config-cli.md §2.2, §3.2). Two steps, because the original reads all jails before it makes commands of any.
 */
import { JAIL_WORDS, type OptionWords } from "../../core/option/index.ts";
import { blankWords, splitReferences, textRepr, type Issue, type Plain } from "../../base/index.ts";
import { actionCommands, readAction, type ReadAction } from "./action.ts";
import { combine, placeOf, type Combined, type JailView } from "./definition.ts";
import { isSkipped, Unreadable, type Written } from "./files.ts";
import type { Shelf } from "./shelf.ts";
import { filterValues, openFilter, FILTER_OPTIONS, type ReadFilter } from "./filter.ts";
import { interpolate, interpolateText, type Variables } from "./interpolate.ts";
import { globCommands, lineOf, logCommands } from "./logs.ts";
import type { Book } from "./merge.ts";
import { regexPart, type FilterOption } from "./regexes.ts";
import type { StreamCommand } from "./stream.ts";
import { checkTags } from "./tags.ts";
import { booleanOf, integerOf } from "./values.ts";

/** One option with its value; `value` is null for an integer that is none. */
export interface JailOption {
  readonly words: OptionWords;
  readonly written: Written;
  readonly value: Plain;
}

export interface ReadJailResult {
  readonly name: string;
  readonly options: ReadonlyMap<string, JailOption>;
  readonly filter: ReadFilter | null;
  /** Options of the filter as its second reading gives them. */
  readonly combined: Combined | null;
  readonly actions: readonly ReadAction[];
}

export interface JailReading {
  readonly store: Shelf;
  readonly base: string;
  readonly book: Book;
  readonly issues: Issue[];
}

const LONG_NAME = 26;
/** Options that the original reads from the files; and those of them that must be known before the filter is. */
const READ = JAIL_WORDS.filter((words) => !("ours" in words && words.ours === "commands"));
const FIRST = READ.filter(({ key }) => ["enabled", "backend", "filter"].includes(key));
const FILTER_KEYS = new Set(FILTER_OPTIONS.map(({ key }) => key));

/** @returns whether the section is a jail that is used; throws Unreadable when that cannot be read */
export function isEnabled(book: Book, name: string): boolean {
  const enabled = interpolate(book, name, "enabled");
  return enabled !== null && booleanOf(enabled.text);
}

/** @throws Unreadable with the first mistake that keeps the jail from being read */
export function readJail(reading: JailReading, name: string): ReadJailResult {
  const { store, base, book, issues } = reading;
  const early = readOptions(reading, name, FIRST, false);
  if (name.length >= LONG_NAME) {
    const message = `Jail name '${name}' might be too long and some commands might not function correctly. Please shorten`;
    issues.push({ level: "warning", at: early.get("enabled")?.written.at ?? null, jail: name, message });
  }
  const reference = early.get("filter")?.written;
  const hasFilter = reference !== undefined && reference.text !== "";
  const filter = hasFilter ? openFilter(store, base, reference, backendOf(early)) : null;
  if (filter === null)
    issues.push({
      level: "warning",
      at: reference?.at ?? null,
      jail: name,
      message: `No filter set for jail ${name}`,
      remedy: "add filter = <name of a file in filter.d>",
    });
  else keepKnown(book, name, filter, combine(filter.definition, new OptionsView(early), true));
  const options = readOptions(reading, name, READ, true);
  const view = new OptionsView(options);
  const combined = filter === null ? null : combine(filter.definition, view, false);
  return { name, options, filter, combined, actions: readActions(reading, name, options, view) };
}

/**
 * Commands of one jail, without its `start`; `backend` may differ from the written one.
 * @throws Unreadable where tags refer to themselves or a journalmatch cannot be split
 */
export function jailCommands(
  jail: ReadJailResult,
  backend: string,
  logs: readonly StreamCommand[],
  issues: Issue[],
): StreamCommand[] {
  const { name, options } = jail;
  const regexes: StreamCommand[] = [];
  if (jail.combined !== null) regexPart(name, filterPart(jail.combined, issues), regexes);
  regexPart(name, jailPart(jail), regexes);
  const add: StreamCommand = { words: ["add", name, backend], at: options.get("backend")?.written.at ?? null };
  return [add].concat(
    regexes,
    plainCommands(jail),
    logs,
    jail.actions.flatMap((action) => actionCommands(action, name)),
  );
}

/** What only our server is told of the jail; in `-d` it does not stand, and the original's server never sees it. */
export function ownCommands({ name, options }: ReadJailResult, backend: string): StreamCommand[] {
  const own: StreamCommand[] = [];
  options.forEach(({ words, written, value }, key) => {
    if (words.ours !== undefined) own.push({ words: ["set", name, key, value], at: written.at });
  });
  const logpath = backend.startsWith("systemd") ? undefined : options.get("logpath");
  return logpath === undefined ? own : own.concat(globCommands(name, logpath.written));
}

/** The log files of the jail; null where it names none or reads the journal. */
export function jailLogs(reading: JailReading, jail: ReadJailResult): StreamCommand[] | null {
  const logpath = jail.options.get("logpath");
  if (logpath === undefined || backendOf(jail.options).startsWith("systemd")) return null;
  return logCommands(reading.store.files, jail.name, logpath.written, reading.issues);
}

export function backendOf(options: ReadonlyMap<string, JailOption>): string {
  return options.get("backend")?.written.text ?? "auto";
}

export function flagOf(
  options: ReadonlyMap<string, JailOption>,
  key: "skip_if_nologs" | "systemd_if_nologs",
  absent: boolean,
): boolean {
  const option = options.get(key);
  return option === undefined ? absent : option.value === true;
}

/** What filters and actions see of the jail's options: those that the original has. */
class OptionsView implements JailView, Variables {
  readonly #options: ReadonlyMap<string, JailOption>;

  constructor(options: ReadonlyMap<string, JailOption>) {
    this.#options = options;
  }

  has(name: string): boolean {
    const option = this.#options.get(name);
    return option !== undefined && option.words.ours === undefined;
  }

  get(name: string): string | undefined {
    return this.has(name) ? textOf(this.#options.get(name)?.value) : undefined;
  }
}

function textOf(value: Plain | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : undefined;
}

function readOptions(
  { book, issues }: JailReading,
  jail: string,
  rows: readonly OptionWords[],
  tell: boolean,
): Map<string, JailOption> {
  const out = new Map<string, JailOption>();
  const own = book.sections.get(jail);
  const shared = sharedOf(book);
  rows.forEach((words) => {
    const { key } = words;
    const mine = own?.get(key);
    const same = mine === undefined ? shared.get(key) : undefined;
    if (same !== undefined) return void out.set(key, same);
    const raw = mine ?? book.defaults.get(key);
    if (raw === undefined) return;
    const written = interpolateText(book, jail, key, raw);
    const value = valueOf(words, written.text);
    if (value === null && tell) issues.push(badInteger(key, jail, written));
    const option = { words, written, value };
    out.set(key, option);
    if (mine === undefined && written === raw && value !== null) shared.set(key, option);
  });
  return out;
}

/** Options of `[DEFAULT]` that are the same in every jail that does not write them. */
function sharedOf(book: Book): Map<string, JailOption> {
  const known = shared.get(book);
  if (known !== undefined) return known;
  const fresh = new Map<string, JailOption>();
  shared.set(book, fresh);
  return fresh;
}

const shared = new WeakMap<Book, Map<string, JailOption>>();

function badInteger(key: string, jail: string, { text, at }: Written): Issue {
  return {
    level: "error",
    at,
    jail,
    message: `Wrong value for '${key}' in '${jail}'. Using default one: None`,
    remedy: `write a whole number without anything behind it, not "${text}"; a comment needs a line of its own`,
  };
}

function valueOf(words: OptionWords, text: string): Plain {
  if (words.written === "bool") return booleanOf(text);
  return words.written === "int" ? integerOf(text) : text;
}

/** What the filter defines can be read by the jail's options as `%(known/…)s`; a fault in it counts, whether any of them does so or not. */
function keepKnown(book: Book, jail: string, { definition }: ReadFilter, combined: Combined): void {
  if (!hasKnown(book)) return checkTags(combined);
  const section = book.sections.get(jail);
  filterValues(combined, []).forEach((text, key) => {
    const written = placeOf(definition, key);
    section?.set(`known/${key}`, { text, at: written?.at ?? definition.at, lines: written?.lines ?? null });
  });
}

/** Whether any option refers to `%(known/…)s`: few configurations have one. */
function hasKnown(book: Book): boolean {
  const before = known.get(book);
  if (before !== undefined) return before;
  const all = [book.defaults, ...book.sections.values()];
  const found = all.some((options) =>
    [...options.values()].some(({ text }) => text.includes("%(") && text.toLowerCase().includes("%(known/")),
  );
  known.set(book, found);
  return found;
}

const known = new WeakMap<Book, boolean>();

function readActions(
  { store, base, issues }: JailReading,
  jail: string,
  options: ReadonlyMap<string, JailOption>,
  view: JailView,
): ReadAction[] {
  const action = options.get("action");
  const references = splitReferences(action?.written.text ?? "");
  if (references.length === 0)
    issues.push({
      level: "warning",
      at: action?.written.at ?? null,
      jail,
      message: `No actions were defined for ${jail}`,
      remedy: "add action = %(action_)s, or the name of a file in action.d",
    });
  const written = action?.written ?? { text: "", at: { file: "", line: 0 }, lines: null };
  let from = 0;
  return references.map((text) => {
    from = Math.max(from, written.text.indexOf(text, from));
    const at = lineOf(written, written.text.slice(0, from).split("\n").length - 1);
    try {
      return readAction(store, base, jail, { text, at, lines: null }, view);
    } catch (cause) {
      throw cause instanceof Unreadable && !isSkipped(cause) ? within(text, cause) : cause;
    }
  });
}

/** The original says in which action it happened. */
function within(reference: string, { message, at, remedy, all }: Unreadable): Unreadable {
  return new Unreadable(`Error in action definition ${textRepr(reference)}: ${message}`, at, remedy, all);
}

/** A filter's options, of which commands are made. */
export function filterPart(combined: Combined, issues: Issue[]): FilterOption[] {
  const { definition } = combined;
  const out: FilterOption[] = [];
  filterValues(combined, issues).forEach((text, key) => {
    const written = placeOf(definition, key);
    const value = key === "maxlines" ? integerOf(text) : text;
    out.push({ key, value, at: written?.at ?? definition.at, lines: written?.lines ?? null });
  });
  return out;
}

/** In the filter's order, which for these is also the table's. */
function jailPart({ options }: ReadJailResult): FilterOption[] {
  return FILTER_OPTIONS.flatMap(({ key }) => {
    const option = options.get(key);
    return option === undefined
      ? []
      : [{ key, value: option.value, at: option.written.at, lines: option.written.lines }];
  });
}

function plainCommands({ name, options }: ReadJailResult): StreamCommand[] {
  const out: StreamCommand[] = [];
  options.forEach(({ words, written, value }, key) => {
    if (words.reader === true || words.ours !== undefined || FILTER_KEYS.has(key) || key === "logpath") return;
    if (key === "ignoreip") {
      const addresses = blankWords(written.text.replaceAll(",", " "));
      out.push({ words: ["set", name, "addignoreip", ...addresses], at: written.at });
    } else out.push({ words: ["set", name, key, value], at: written.at });
  });
  return out;
}
