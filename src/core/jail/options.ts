/**
 * THE table of jail options, heavy half: what each command of `words.ts` does to the settings of a jail and how it is shown
 * (config-cli.md §2.2, §6.4, §6.5). Every `put` is a function from settings to settings; it throws a Refusal in fail2ban's words
 * and then nothing has changed.
 */
import { Refusal, Tuple, type Plain, type Zone } from "../../base/index.ts";
import { createDetector, parseTimezone } from "../date/index.ts";
import { encodingOf } from "../line/index.ts";
import { argument, booleanArgument, integerArgument, textArgument } from "./arguments.ts";
import { BAN_OPTIONS, putBanOption, showBanOption } from "./bantime.ts";
import { ignoreCacheOf, sameEntry, shownEntries } from "./ignoring.ts";
import { addRegexes, prefregexOf, removeRegex } from "./regexes.ts";
import type { JailSettings } from "./settings.ts";
import { JAIL_WORDS, type JailKey } from "../option/index.ts";

/** What the meaning of a value depends on. */
export interface OptionWorld {
  readonly zone: Zone;
  readonly thisYear: number;
  /** The machine's encoding, for `logencoding = auto`. */
  readonly encoding: string;
}

export interface OptionMeaning {
  /** `set JAIL <key> …` or `set JAIL add<key> …` */
  put(jail: JailSettings, args: readonly Plain[], world: OptionWorld): JailSettings;
  /** `set JAIL del<key> …` */
  remove?(jail: JailSettings, args: readonly Plain[]): JailSettings;
  show(jail: JailSettings, world: OptionWorld): Plain;
}

/** Every option that a command carries. */
export type CommandKey = Exclude<
  JailKey,
  "enabled" | "backend" | "filter" | "action" | "skip_if_nologs" | "systemd_if_nologs"
>;

type FilterPart = Partial<JailSettings["filter"]>;

/** Files of one jail; further ones are refused. */
const LOG_PATHS = 10_000;
/** Patterns of one jail that stay alive; further ones are refused. */
const LOG_GLOBS = 1000;
/** Entries of one ignore list; further ones are refused. */
const IGNORED = 1_000_000;
/** Lines of `journalmatch`. */
const JOURNAL_MATCHES = 1000;

export const JAIL_OPTIONS: Readonly<Record<CommandKey, OptionMeaning>> = {
  ...BAN_OPTIONS,
  maxretry: {
    put: (jail, args) => ({ ...jail, maxretry: integerArgument(argument(args, 0)) }),
    show: (jail) => jail.maxretry,
  },
  maxmatches: {
    put: (jail, args) => ({ ...jail, maxmatches: integerArgument(argument(args, 0)) }),
    show: (jail) => jail.maxmatches,
  },
  ignorecommand: {
    put: (jail, args) => filter(jail, { ignorecommand: textArgument(argument(args, 0)) }),
    show: (jail) => jail.filter.ignorecommand ?? false,
  },
  ignoreself: {
    put: (jail, args) => filter(jail, { ignoreself: booleanArgument(argument(args, 0)) }),
    show: (jail) => jail.filter.ignoreself,
  },
  ignoreip: {
    put: (jail, args) => {
      const fresh = args.map(textArgument).filter((entry) => entry !== "");
      const entries = [...jail.filter.ignoreip];
      for (const entry of fresh) if (!entries.some((known) => sameEntry(known, entry))) entries.push(entry);
      return filter(jail, { ignoreip: bounded(entries, IGNORED, "entries of ignoreip") });
    },
    remove: (jail, args) => {
      const entry = textArgument(argument(args, 0));
      const entries = jail.filter.ignoreip.filter((known) => !sameEntry(known, entry));
      if (entries.length === jail.filter.ignoreip.length)
        throw new Refusal("ValueError", "list.remove(x): x not in list");
      return filter(jail, { ignoreip: entries });
    },
    show: (jail) => shownEntries(jail.filter.ignoreip),
  },
  ignorecache: {
    put: (jail, args) => filter(jail, { ignorecache: ignoreCacheOf(textArgument(argument(args, 0))) }),
    show: ({ filter: { ignorecache: cache } }) => (cache === null ? null : [cache.key, cache.maxCount, cache.maxTime]),
  },
  logtimezone: {
    put: (jail, args) => {
      const zone = textArgument(argument(args, 0));
      if (parseTimezone(zone) === null) throw new Refusal("ValueError", `Unknown or unsupported time zone: '${zone}'`);
      return filter(jail, { logtimezone: zone });
    },
    show: (jail) => jail.filter.logtimezone,
  },
  logencoding: {
    put: (jail, args, world) => {
      const name = textArgument(argument(args, 0));
      if (encodingOf(name, world.encoding) === null) throw new Refusal("LookupError", `unknown encoding: ${name}`);
      return filter(jail, { logencoding: name });
    },
    show: (jail, world) => encodingOf(jail.filter.logencoding, world.encoding)?.name ?? jail.filter.logencoding,
  },
  logpath: {
    put: (jail, args) => {
      const path = textArgument(argument(args, 0));
      if (args.length > 2) throw new Refusal("ValueError", "Only one file can be added at a time");
      const option = textArgument(args[1] ?? "head").toLowerCase();
      if (option !== "head" && option !== "tail")
        throw new Refusal("ValueError", "File option must be 'head' or 'tail'");
      if (jail.logpath.some((known) => known.path === path)) return jail;
      return {
        ...jail,
        logpath: bounded([...jail.logpath, { path, tail: option === "tail" }], LOG_PATHS, "log files of one jail"),
      };
    },
    remove: (jail, args) => {
      const path = textArgument(argument(args, 0));
      return { ...jail, logpath: jail.logpath.filter((known) => known.path !== path) };
    },
    show: (jail) => jail.logpath.map(({ path }) => path),
  },
  logformat: {
    put: (jail, args) => {
      const format = textArgument(argument(args, 0));
      if (format !== "plain" && format !== "json-file")
        throw new Refusal("ValueError", `Unknown logformat '${format}'. Must be 'plain' or 'json-file'`);
      return filter(jail, { logformat: format });
    },
    show: (jail) => jail.filter.logformat,
  },
  logglob: {
    put: (jail, args) => {
      const pattern = textArgument(argument(args, 0));
      if (jail.logglobs.includes(pattern)) return jail;
      return { ...jail, logglobs: bounded([...jail.logglobs, pattern], LOG_GLOBS, "patterns of one jail") };
    },
    remove: (jail, args) => {
      const pattern = textArgument(argument(args, 0));
      return { ...jail, logglobs: jail.logglobs.filter((known) => known !== pattern) };
    },
    show: (jail) => jail.logglobs,
  },
  usedns: {
    put: (jail, args) => filter(jail, { usedns: useDnsOf(argument(args, 0)) }),
    show: (jail) => jail.filter.usedns,
  },
  prefregex: {
    put: (jail, args) => filter(jail, { prefregex: prefregexOf(jail, textArgument(argument(args, 0))) }),
    show: (jail) => jail.filter.prefregex?.expanded ?? "",
  },
  ignoreregex: {
    put: (jail, args) => filter(jail, { ignoreregex: addRegexes(jail, "ignoreregex", args) }),
    remove: (jail, args) => filter(jail, { ignoreregex: removeRegex(jail.filter.ignoreregex, argument(args, 0)) }),
    show: (jail) => jail.filter.ignoreregex.map((pattern) => pattern.expanded),
  },
  failregex: {
    put: (jail, args) => filter(jail, { failregex: addRegexes(jail, "failregex", args) }),
    remove: (jail, args) => filter(jail, { failregex: removeRegex(jail.filter.failregex, argument(args, 0)) }),
    show: (jail) => jail.filter.failregex.map((pattern) => pattern.expanded),
  },
  maxlines: {
    put: (jail, args) => {
      const maxlines = integerArgument(argument(args, 0));
      if (maxlines < 1) throw new Refusal("ValueError", "maxlines must be integer greater than zero");
      return filter(jail, { maxlines });
    },
    show: (jail) => jail.filter.maxlines,
  },
  datepattern: {
    put: (jail, args, world) => {
      const text = textArgument(argument(args, 0));
      const made = detector(text === "" ? null : text, world);
      if (!made.ok) throw new Refusal("TypeError", made.message);
      return filter(jail, { datepattern: text === "" ? null : text });
    },
    show: (jail, world) => {
      const made = detector(jail.filter.datepattern, world);
      if (!made.ok) return null;
      const { pattern, name } = made.detector.name();
      return new Tuple(pattern, name);
    },
  },
  journalmatch: {
    put: (jail, args) => {
      const line = args.map(textArgument);
      return { ...jail, journalmatch: bounded([...jail.journalmatch, line], JOURNAL_MATCHES, "lines of journalmatch") };
    },
    remove: (jail, args) => {
      const line = args.map(textArgument).join("\n");
      const kept = jail.journalmatch.filter((known) => known.join("\n") !== line);
      if (args.length > 0 && kept.length === jail.journalmatch.length)
        throw new Refusal("ValueError", "Match not found");
      return { ...jail, journalmatch: args.length === 0 ? [] : kept };
    },
    show: (jail) => jail.journalmatch,
  },
};

type Change = (jail: JailSettings, args: readonly Plain[], world: OptionWorld) => JailSettings;

const BY_WORD: ReadonlyMap<string, Change> = new Map(JAIL_WORDS.flatMap(changesOf));

/**
 * Does `set JAIL <word> <args…>` for every word of the table, for `bantime.anything` and for `idle`.
 * @throws Refusal; `Exception` for a word that there is not
 */
export function putOption(jail: JailSettings, word: string, args: readonly Plain[], world: OptionWorld): JailSettings {
  const change = BY_WORD.get(word);
  if (change !== undefined) return change(jail, args, world);
  if (word.startsWith("bantime.")) return putBanOption(jail, word.slice("bantime.".length), argument(args, 0));
  if (word !== "idle")
    throw new Refusal("Exception", `Invalid command '${word}' (no set action or not yet implemented)`);
  const idle = argument(args, 0);
  if (idle !== "on" && idle !== "off") throw new Refusal("Exception", "Invalid idle option, must be 'on' or 'off'");
  return { ...jail, idle: idle === "on" };
}

/** The answer of `get JAIL <key>`. @throws Refusal for a key that cannot be asked */
export function showOption(jail: JailSettings, key: string, world: OptionWorld): Plain {
  if (isCommandKey(key)) return JAIL_OPTIONS[key].show(jail, world);
  if (key.startsWith("bantime.")) return showBanOption(jail, key.slice("bantime.".length));
  throw new Refusal("Exception", "Invalid command (no get action or not yet implemented)");
}

/** A jail as `add JAIL BACKEND` makes it: the server's own defaults, not those of jail.conf. */
export function emptyJail(name: string, backend: string): JailSettings {
  return {
    name,
    backend,
    filter: {
      usedns: "warn",
      maxlines: 1,
      prefregex: null,
      failregex: [],
      ignoreregex: [],
      datepattern: null,
      logtimezone: null,
      logencoding: "auto",
      logformat: "plain",
      ignoreself: true,
      ignoreip: [],
      ignorecommand: null,
      ignorecache: null,
    },
    maxretry: 3,
    maxmatches: 5,
    findtime: 600,
    findtimeIsFloat: false,
    ban: {
      bantime: 600,
      increment: false,
      factor: null,
      formula: null,
      multipliers: null,
      maxtime: null,
      rndtime: null,
      overalljails: false,
      other: new Map(),
    },
    logpath: [],
    logglobs: [],
    journalmatch: [],
    actions: [],
    idle: false,
  };
}

function changesOf(row: (typeof JAIL_WORDS)[number]): [string, Change][] {
  if (!isCommandKey(row.key)) return [];
  const { put, remove } = JAIL_OPTIONS[row.key];
  const out: [string, Change][] = [["add" in row ? row.add : row.key, put]];
  if ("del" in row && remove !== undefined) out.push([row.del, remove]);
  return out;
}

function isCommandKey(key: string): key is CommandKey {
  return Object.hasOwn(JAIL_OPTIONS, key);
}

function filter(jail: JailSettings, part: FilterPart): JailSettings {
  return { ...jail, filter: { ...jail.filter, ...part } };
}

function detector(datepattern: string | null, { zone, thisYear }: OptionWorld): ReturnType<typeof createDetector> {
  return createDetector({ datepattern, zone, timezone: null, thisYear });
}

/** Anything that is none of the four words is the safe one. */
function useDnsOf(value: Plain): JailSettings["filter"]["usedns"] {
  const word = typeof value === "boolean" ? (value ? "yes" : "no") : textArgument(value).toLowerCase();
  return word === "yes" || word === "warn" || word === "raw" ? word : "no";
}

function bounded<T>(items: readonly T[], limit: number, what: string): readonly T[] {
  if (items.length > limit) throw new Refusal("ValueError", `more than ${limit} ${what}`);
  return items;
}
