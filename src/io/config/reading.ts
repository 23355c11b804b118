/**
 * Assembly: a configuration directory → the command stream and everything that is wrong or doubtful in it (config-cli.md §3).
 *
 * Where the original gives up altogether because of one jail, that jail stands as `config-error` here and `fatal` has the original's
 * words: `-t` and `-d` fail as they do there, a start guards the other doors.
 */
import type { Issue } from "../../base/index.ts";
import { isSkipped, Unreadable, withoutSlash, type Files } from "./files.ts";
import { shelf } from "./shelf.ts";
import { generalCommands, issueOf, issuesOf, openGeneral, openSet } from "./general.ts";
import {
  backendOf,
  flagOf,
  isEnabled,
  jailCommands,
  ownCommands,
  jailLogs,
  readJail,
  type JailReading,
  type ReadJailResult,
} from "./jail.ts";
import { interpolate } from "./interpolate.ts";
import { ISSUES } from "./limits.ts";
import type { Book } from "./merge.ts";
import type { Reading, StreamCommand, Wanted } from "./stream.ts";

interface Progress {
  readonly reading: JailReading;
  readonly wanted: Wanted;
  /** The original's words, in the order in which it would come to them: reading all jails comes before making commands of any. */
  readonly fatalReading: string[];
  readonly fatalMaking: string[];
  readonly own: StreamCommand[];
  readonly good: string[];
  readonly broken: string[];
}

export interface General {
  readonly book: Book;
  readonly commands: readonly StreamCommand[];
}

/** What is doubtful in what was read. @param general what `fail2ban.conf` says */
export type Doubts = (reading: JailReading, jails: readonly ReadJailResult[], general: General) => readonly Issue[];

/**
 * @param base directory of the configuration, as given (its name is part of some commands)
 * @param doubts looks for what is accepted and surely a mistake; its issues come last
 */
export function readPlainly(files: Files, base: string, wanted: Wanted, doubts: Doubts = () => []): Reading {
  const directory = withoutSlash(base);
  const issues: Issue[] = [];
  if (files.kind(directory) !== "directory") {
    const message = `Base configuration directory ${directory} does not exist `;
    return refused(message, [
      { level: "error", at: null, message: message.trimEnd(), remedy: "create it, or name another with -c" },
    ]);
  }
  const store = shelf(files);
  const general = openGeneral(store, directory, issues);
  const jails = openSet(store, directory, "jail", "Read jails configuration failed.", issues);
  if (!general.ok) return refused(general.message, issues);
  if (!jails.ok) return refused(jails.message, issues);
  putStatics(jails.book, directory, wanted.version);
  try {
    const commands = generalCommands(general.book, wanted.overrides, issues);
    const reading = { store, base: directory, book: jails.book, issues };
    return readJails(reading, wanted, { book: general.book, commands }, doubts);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    issues.push(...issuesOf(cause));
    return refused(cause.message, issues);
  }
}

function readJails(reading: JailReading, wanted: Wanted, general: General, doubts: Doubts): Reading {
  const { book, issues } = reading;
  const names = [...book.sections.keys()].filter((name) => name !== "INCLUDES" && !name.startsWith("KNOWN/"));
  if (wanted.jail !== undefined && !book.sections.has(wanted.jail))
    throw new Unreadable(`No section: '${wanted.jail}'`, null, "name a jail of the configuration");
  const progress: Progress = { reading, wanted, fatalReading: [], fatalMaking: [], own: [], good: [], broken: [] };
  const read = names
    .filter((name) => wanted.jail === undefined || name === wanted.jail)
    .map((name) => readOne(progress, name));
  const blocks = read.flatMap((jail) =>
    jail === null ? [] : Array.isArray(jail) ? jail : makeCommands(progress, jail),
  );
  const starts = progress.good.map((name): StreamCommand => ({ words: ["start", name], at: null }));
  const jails = read.filter((jail): jail is ReadJailResult => jail !== null && !Array.isArray(jail));
  issues.push(...doubts(reading, jails, general));
  const { own, good, broken } = progress;
  const fatal = progress.fatalReading[0] ?? progress.fatalMaking[0] ?? null;
  return {
    commands: general.commands.concat(blocks, starts),
    own,
    issues: bounded(issues),
    fatal,
    usable: good.length > 0 || broken.length === 0,
    good,
    broken,
  };
}

/** @returns null for a jail that is not used, the commands that stand for it when it is broken */
function readOne(progress: Progress, name: string): ReadJailResult | StreamCommand[] | null {
  const { reading } = progress;
  try {
    if (isEnabled(reading.book, name)) return readJail(reading, name);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    if (!isSkipped(cause)) progress.fatalReading.push(cause.message);
    return breakJail(progress, name, cause, `Jail '${name}' skipped, because of wrong configuration: ${cause.message}`);
  }
  readUnused(progress, name);
  return null;
}

/** The original reads two options more before it asks whether a jail is used: a mistake there ends its reading. A start can do without. */
function readUnused({ reading, fatalReading }: Progress, name: string): void {
  try {
    for (const option of ["backend", "filter"]) interpolate(reading.book, name, option);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    fatalReading.push(cause.message);
    reading.issues.push(...issuesOf(cause).map((issue) => ({ ...issue, jail: name })));
  }
}

function makeCommands(progress: Progress, jail: ReadJailResult): StreamCommand[] {
  const { reading, wanted } = progress;
  try {
    const logs = jailLogs(reading, jail);
    const backend = backendOf(jail.options);
    const missing = logs !== null && logs.length === 0;
    const journal =
      missing &&
      backend.startsWith("auto") &&
      flagOf(jail.options, "systemd_if_nologs", true) &&
      jail.options.has("journalmatch");
    if (missing && !journal) {
      const skipped = missingLogs(progress, jail);
      if (skipped !== null) return skipped;
    }
    if (journal)
      warnLogs(
        progress,
        jail,
        `Have not found any log file for '${jail.name}' jail. Jail will monitor systemd journal.`,
        "warning",
      );
    const used = journal ? "systemd" : backend;
    const commands = jailCommands(jail, used, logs ?? [], reading.issues);
    progress.own.push(...ownCommands(jail, used));
    progress.good.push(jail.name);
    return commands;
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    progress.fatalMaking.push(cause.message);
    return breakJail(
      { ...progress, wanted },
      jail.name,
      cause,
      `Jail '${jail.name}' skipped, because of wrong configuration: ${cause.message}`,
    );
  }
}

/** @returns what stands for the jail, or null when it is used all the same */
function missingLogs(progress: Progress, jail: ReadJailResult): StreamCommand[] | null {
  const message = `Have not found any log file for '${jail.name}' jail.`;
  const skip = flagOf(jail.options, "skip_if_nologs", false);
  const at = jail.options.get("logpath")?.written.at ?? null;
  const skipped: StreamCommand[] = [
    { words: ["config-error", `Jail '${jail.name}' skipped, because of missing log files.`], at },
  ];
  if (skip) {
    warnLogs(progress, jail, message, "warning");
    return skipped;
  }
  if (progress.wanted.allowNoLogs === true) {
    warnLogs(progress, jail, message, "warning");
    return null;
  }
  warnLogs(progress, jail, message, "error");
  progress.fatalMaking.push(message);
  progress.broken.push(jail.name);
  return skipped;
}

function warnLogs(
  { reading }: Progress,
  { name, options }: ReadJailResult,
  message: string,
  level: Issue["level"],
): void {
  const at = options.get("logpath")?.written.at ?? null;
  reading.issues.push({
    level,
    at,
    jail: name,
    message,
    remedy: "correct logpath, create the file, or set backend = systemd for a service that logs to the journal",
  });
}

function breakJail(progress: Progress, name: string, cause: Unreadable, words: string): StreamCommand[] {
  const issues = cause.all.length > 0 ? issuesOf(cause) : [issueOf(cause)];
  progress.reading.issues.push(...issues.map((issue) => ({ ...issue, jail: name })));
  progress.broken.push(name);
  return [{ words: ["config-error", words], at: cause.at }];
}

/** What every jail may refer to without anyone writing it down. */
export function putStatics(book: Book, base: string, version: string): void {
  const at = { file: base, line: 0 };
  book.defaults.set("fail2ban_version", { text: version, at, lines: null });
  book.defaults.set("fail2ban_confpath", { text: base, at, lines: null });
}

function refused(fatal: string, issues: readonly Issue[]): Reading {
  return { commands: [], own: [], issues: bounded(issues), fatal, usable: false, good: [], broken: [] };
}

function bounded(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length <= ISSUES) return issues;
  return [
    ...issues.slice(0, ISSUES),
    { level: "notice", at: null, message: `${issues.length - ISSUES} more are not shown` },
  ];
}
