/** Stage: `fail2ban.conf` → what the client must know before it can speak to a server, and the general part of the stream (config-cli.md §2.1, §3.1). */
import type { Issue, Place, Plain } from "../../base/index.ts";
import { Unreadable, type Files } from "./files.ts";
import { readFileSet } from "./fileset.ts";
import { shelf, type Shelf } from "./shelf.ts";
import { interpolate } from "./interpolate.ts";
import type { Book } from "./merge.ts";
import type { StreamCommand, Wanted } from "./stream.ts";
import { integerOf } from "./values.ts";

export interface Early {
  readonly socket: string;
  readonly pidfile: string;
  readonly loglevel: string;
  readonly logtarget: string;
  readonly syslogsocket: string;
}

export type EarlyReading =
  /** `loglevelAt`: where the level was written; null: nowhere. */
  | { readonly ok: true; readonly early: Early; readonly loglevelAt: Place | null; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly message: string; readonly issues: readonly Issue[] };

const EARLY: Early = {
  socket: "/var/run/fail2ban/fail2ban.sock",
  pidfile: "/var/run/fail2ban/fail2ban.pid",
  loglevel: "INFO",
  logtarget: "/var/log/fail2ban.log",
  syslogsocket: "auto",
};

const UNREADABLE = "Read fail2ban configuration failed.";

/**
 * What every call of the client needs: reads `fail2ban.conf` and its companions only.
 * `message` is what the original prints behind `ERROR: `.
 */
export function readEarly(files: Files, base: string): EarlyReading {
  const issues: Issue[] = [];
  const opened = openGeneral(shelf(files), base, issues);
  if (!opened.ok) return { ok: false, message: opened.message, issues };
  const early = { ...EARLY };
  try {
    for (const key of EARLY_KEYS) early[key] = optionOf(opened.book, key)?.text ?? EARLY[key];
    return { ok: true, early, loglevelAt: optionOf(opened.book, "loglevel")?.at ?? null, issues };
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    issues.push(issueOf(cause));
    return { ok: false, message: cause.message, issues };
  }
}

/** The second socket, which only answers questions; both options are ours, and the original passes them over. */
export interface ReadOnlySocket {
  readonly path: string;
  /** Name or number of the group that may ask. */
  readonly group: string;
}

/** `readonlysocket` and `readonlygroup` of `fail2ban.conf`; null: there shall be no second socket. */
export function readReadOnlySocket(files: Files, base: string): ReadOnlySocket | null {
  const opened = openGeneral(shelf(files), base, []);
  if (!opened.ok) return null;
  try {
    const path = optionOf(opened.book, "readonlysocket")?.text ?? "";
    return path === "" ? null : { path, group: optionOf(opened.book, "readonlygroup")?.text ?? "" };
  } catch (cause) {
    if (cause instanceof Unreadable) return null;
    throw cause;
  }
}

const EARLY_KEYS = ["socket", "pidfile", "loglevel", "logtarget", "syslogsocket"] as const;

export type Opened = { readonly ok: true; readonly book: Book } | { readonly ok: false; readonly message: string };

/** The merged `fail2ban` configuration; every file that cannot be used is an issue, and any of them ends the reading. */
export function openGeneral(store: Shelf, base: string, issues: Issue[]): Opened {
  return openSet(store, base, "fail2ban", UNREADABLE, issues);
}

export function openSet(store: Shelf, base: string, name: string, refusal: string, issues: Issue[]): Opened {
  try {
    const { book, missed } = readFileSet(store, base, name, null, refusal);
    issues.push(...missed.map(issueOf));
    return missed.length > 0 ? { ok: false, message: refusal } : { ok: true, book };
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    issues.push(...issuesOf(cause));
    return { ok: false, message: cause.message };
  }
}

interface GeneralOption {
  readonly key: string;
  readonly default: string | null;
  readonly int?: true;
}

/** In the order in which they are sent: by the original's weights, equals by name. */
const GENERAL: readonly GeneralOption[] = [
  { key: "syslogsocket", default: "auto" },
  { key: "loglevel", default: "INFO" },
  { key: "logtarget", default: "STDERR" },
  { key: "allowipv6", default: "auto" },
  { key: "dbfile", default: "/var/lib/fail2ban/fail2ban.sqlite3" },
  { key: "dbmaxmatches", default: null, int: true },
  { key: "dbpurgeage", default: "1d" },
];

/** @throws Unreadable for a value that cannot be read */
export function generalCommands(book: Book, overrides: Wanted["overrides"], issues: Issue[]): StreamCommand[] {
  if (!book.sections.has("Definition"))
    issues.push({
      level: "warning",
      at: null,
      message: "No section: 'Definition'",
      remedy: "put the options of fail2ban.conf below [Definition]",
    });
  const given: Readonly<Record<string, string | undefined>> = { ...overrides };
  const commands = GENERAL.flatMap((option) => generalCommand(book, option, given[option.key], issues));
  const stacksize = book.sections.has("Thread") ? interpolate(book, "Thread", "stacksize") : null;
  if (stacksize === null) return commands;
  const size = integerOf(stacksize.text);
  if (size === null) issues.push(badInteger("stacksize", "Thread", stacksize.text, stacksize.at));
  return [{ words: ["set", "thread", new Map<string, Plain>([["stacksize", size]])], at: stacksize.at }, ...commands];
}

function generalCommand(
  book: Book,
  option: GeneralOption,
  override: string | undefined,
  issues: Issue[],
): StreamCommand[] {
  const written = optionOf(book, option.key);
  if (override !== undefined) return [{ words: ["set", option.key, override], at: null }];
  const text = written?.text ?? (option.key === "logtarget" ? EARLY.logtarget : option.default);
  if (text === null) return [];
  const value = option.int === true ? integerOf(text) : text;
  if (value === null && written !== null) issues.push(badInteger(option.key, "Definition", text, written.at));
  return [{ words: ["set", option.key, value], at: written?.at ?? null }];
}

function badInteger(key: string, section: string, text: string, at: StreamCommand["at"]): Issue {
  return {
    level: "error",
    at,
    message: `Wrong value for '${key}' in '${section}'. Using default one: None`,
    remedy: `write a whole number, not "${text}"`,
  };
}

function optionOf(book: Book, key: string): ReturnType<typeof interpolate> {
  return book.sections.has("Definition") ? interpolate(book, "Definition", key) : null;
}

export function issueOf(cause: Unreadable): Issue {
  return {
    level: "error",
    at: cause.at,
    message: cause.message,
    ...(cause.remedy === undefined ? {} : { remedy: cause.remedy }),
  };
}

export function issuesOf(cause: Unreadable): Issue[] {
  if (cause.all.length === 0) return [issueOf(cause)];
  return cause.all.map(({ at, message, remedy }) => ({ level: "error", at, message, remedy }));
}
