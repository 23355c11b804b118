/**
 * What is tried: the arguments → settings of a filter, with the lines of the report's head that name them (config-cli.md §8.2, §8.4).
 */
import { isList, Refusal, pythonRepr, VERSION, type Issue, type Place, type Plain } from "../../base/index.ts";
import { createDetector, parseTimezone, sharedTemplates, type Detector } from "../../core/date/index.ts";
import { emptyJail, putOption, showOption, type JailSettings, type OptionWorld } from "../../core/jail/index.ts";
import { Tuple } from "../../base/index.ts";
import { disk, readOneFilter, readOneJail, type OneReading, type StreamCommand } from "../../io/config/index.ts";
import { findFilter, mayBeJail, namedBy } from "./place.ts";
import type { RegexOptions } from "./options.ts";

export interface Trial {
  readonly jail: JailSettings;
  /** Where each expression was written; null for one of the command line. */
  readonly places: Readonly<Record<Kind, readonly (Place | null)[]>>;
  readonly issues: readonly Issue[];
}

export type Kind = "prefregex" | "failregex" | "ignoreregex";

/** Cannot be tried: the message goes behind `ERROR: `. */
export class Untriable extends Error {}

interface Draft {
  jail: JailSettings;
  readonly places: Record<Kind, (Place | null)[]>;
  readonly issues: Issue[];
  readonly options: RegexOptions;
  readonly world: OptionWorld;
  readonly use: (label: string, value: string) => void;
  readonly real: (text: string) => void;
}

export interface TrialWanted {
  readonly options: RegexOptions;
  readonly world: OptionWorld;
  /** LOG is the journal. */
  readonly journal: boolean;
  /** Takes a line of the report's head. */
  readonly head: (line: string) => void;
}

/** Name of the jail that a filter is tried in. */
const JAIL = "fail2ban-regex-jail";
/** Longest expression or line that the head shows. */
const SHOWN = 53;

/** @throws Untriable */
export function readTrial({ options, world, journal, head }: TrialWanted): Trial {
  const draft: Draft = {
    jail: emptyJail(JAIL, journal ? "systemd" : "auto"),
    places: { prefregex: [], failregex: [], ignoreregex: [] },
    issues: [],
    options,
    world,
    use: (label, value) => head(useLine(label, value)),
    real: (text) => head(`Real${"filter options".padStart(16)} : ${text}`),
  };
  putOwn(draft);
  const [, regex = "", ignoreregex] = options.words;
  const named = namedBy(regex);
  if (named.is === "wrong")
    throw new Untriable(`Wrong filter name or options: ${named.reason}\n       while parsing: ${regex}`);
  if (named.is === "expression" || !readNamed(draft, named.name, named.options, journal)) {
    draft.use("failregex line", shorten(regex));
    putMaxlines(draft);
    putExpressions(draft, "failregex", [regex], [null]);
  }
  if (ignoreregex !== undefined) {
    draft.use("ignoreregex line", shorten(ignoreregex));
    draft.jail = { ...draft.jail, filter: { ...draft.jail.filter, ignoreregex: [] } };
    draft.places.ignoreregex = [];
    putExpressions(draft, "ignoreregex", [ignoreregex], [null]);
  }
  if (options.encoding !== "auto") put(draft, "logencoding", [options.encoding]);
  return draft;
}

/** The detector that the trial's settings ask for. */
export function detectorOf({ jail: { filter } }: Trial, { zone, thisYear }: OptionWorld): Detector {
  const timezone = filter.logtimezone === null ? null : parseTimezone(filter.logtimezone);
  const templates = sharedTemplates;
  const made = createDetector({ datepattern: filter.datepattern, zone, timezone, thisYear, templates });
  if (!made.ok) throw new Untriable(made.message);
  return made.detector;
}

/** `Use         log file : r.log`: labels end in one column. */
export function useLine(label: string, value: string): string {
  return `Use ${label.padStart(16)} : ${value}`;
}

export function shorten(text: string): string {
  const chars = [...text];
  return chars.length > SHOWN ? `${chars.slice(0, SHOWN - 3).join("")}...` : text;
}

/** What the command line says wins over the filter. */
function putOwn(draft: Draft): void {
  const { options } = draft;
  if (options.maxlines < 0) put(draft, "maxlines", [options.maxlines]); // which is refused before anything is said
  if (options.timezone !== null) put(draft, "logtimezone", [options.timezone]);
  if (options.usedns !== null) put(draft, "usedns", [options.usedns]);
  if (options.maxlines > 0) draft.use("maxlines", String(options.maxlines));
  if (options.datepattern !== null) putDatepattern(draft, options.datepattern);
}

/** Set when the prefregex, which sees single lines, is compiled already. */
function putMaxlines(draft: Draft): void {
  if (draft.options.maxlines > 0) put(draft, "maxlines", [draft.options.maxlines]);
}

function putDatepattern(draft: Draft, pattern: string): void {
  put(draft, "datepattern", [pattern]);
  const shown = showOption(draft.jail, "datepattern", draft.world);
  const name = shown instanceof Tuple ? shown.items[1] : null;
  draft.use("datepattern", `${pattern} : ${typeof name === "string" ? name : ""}`);
}

/** @returns whether there is a jail or a filter of that name */
function readNamed(draft: Draft, name: string, options: ReadonlyMap<string, string>, journal: boolean): boolean {
  const { config } = draft.options;
  const wanted = { options, backend: journal ? "systemd" : "auto" } as const;
  const jail = mayBeJail(name) ? readOneJail(disk, config, { ...wanted, jail: name }, VERSION) : null;
  if (jail !== null) {
    draft.use("jail", name);
    if (options.size > 0) draft.use("jail/flt options", dictionary(options));
    if (!jail.ok) refuseReading(draft, jail, `Failed to get jail for '${draft.options.words[1] ?? ""}'`);
    else take(draft, jail, journal ? "systemd" : "auto");
    return true;
  }
  const found = findFilter(disk, config, name);
  if (found === null) return false;
  draft.use("filter file", found.shown);
  if (options.size > 0) draft.use("filter options", dictionary(options));
  const filter = readOneFilter(disk, found.place, { ...wanted, jail: JAIL });
  if (!filter.ok) refuseReading(draft, filter, `failed to load filter ${draft.options.words[1] ?? ""}`);
  else take(draft, filter, null);
  return true;
}

function refuseReading(draft: Draft, reading: OneReading & { readonly ok: false }, message: string): never {
  draft.issues.push(...reading.issues);
  throw new Untriable(message, { cause: reading });
}

/** Commands that a trial carries out, in this order; of the others it has no use. */
const WORDS = [
  "usedns",
  "prefregex",
  "maxlines",
  "addfailregex",
  "addignoreregex",
  "datepattern",
  "addjournalmatch",
  "logtimezone",
  "logencoding",
] as const;
type Word = (typeof WORDS)[number];

function take(draft: Draft, reading: OneReading & { readonly ok: true }, backend: string | null): void {
  draft.issues.push(...reading.issues);
  showReal(draft, reading, backend);
  const commands = reading.commands.filter(({ words }) => words[0] === "set" || words[0] === "multi-set");
  for (const word of WORDS) {
    for (const command of commands) if (command.words[2] === word) takeCommand(draft, word, command);
    if (word === "prefregex") putMaxlines(draft);
  }
}

function takeCommand(draft: Draft, word: Word, command: StreamCommand): void {
  const { options } = draft;
  const [, , , value = null] = command.words;
  switch (word) {
    case "usedns":
      if (options.usedns === null) put(draft, word, [value]);
      return;
    case "prefregex":
      draft.places.prefregex = [command.at];
      return put(draft, word, [value]);
    case "maxlines":
      if (options.maxlines > 0) return;
      put(draft, word, [value]);
      return draft.use(word, String(draft.jail.filter.maxlines));
    case "addfailregex":
    case "addignoreregex": {
      const many = isList(value);
      const places = many ? value.map((_, at) => command.itemAt?.(at) ?? command.at) : [command.at];
      return putExpressions(
        draft,
        word === "addfailregex" ? "failregex" : "ignoreregex",
        many ? value : [value],
        places,
      );
    }
    case "datepattern":
      if (options.datepattern === null && typeof value === "string") putDatepattern(draft, value);
      return;
    case "addjournalmatch":
      return put(draft, word, command.words.slice(3));
    case "logtimezone":
      if (options.timezone === null) put(draft, word, [value]);
      return;
    case "logencoding":
      if (options.encoding === "auto") put(draft, word, [value]);
  }
}

/** What the filter was given, in the original's order; shown to those who ask for much. */
function showReal(draft: Draft, reading: OneReading & { readonly ok: true }, backend: string | null): void {
  const { verbosity, logLevel } = draft.options;
  if (verbosity < 2 && !/^(?:debug|trace|heavy)/i.test(logLevel)) return;
  const datepattern = reading.commands.find(({ words }) => words[2] === "datepattern")?.words[3];
  const real = new Map<string, string>();
  const logtype = reading.options.get("logtype");
  if (logtype !== undefined) real.set("logtype", logtype);
  if (typeof datepattern === "string") real.set("datepattern", datepattern);
  for (const [key, value] of reading.options) if (!real.has(key)) real.set(key, value);
  if (backend !== null) real.set("backend", backend);
  draft.real(dictionary(real));
}

function putExpressions(
  draft: Draft,
  kind: "failregex" | "ignoreregex",
  sources: readonly Plain[],
  places: readonly (Place | null)[],
): void {
  put(draft, kind === "failregex" ? "addfailregex" : "addignoreregex", sources);
  draft.places[kind].push(...places);
}

function put(draft: Draft, word: string, args: readonly Plain[]): void {
  try {
    draft.jail = putOption(draft.jail, word, args, draft.world);
  } catch (cause) {
    if (cause instanceof Refusal && cause.kind !== "LookupError") throw new Untriable(cause.message, { cause });
    throw cause;
  }
}

function dictionary(options: ReadonlyMap<string, string>): string {
  return pythonRepr(options);
}
