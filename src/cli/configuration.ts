/** What the client reads from files: where the server is, and the commands that make up the configuration (config-cli.md §3.5, §6.2, §7.1). */
import { printIssue, VERSION, type Issue } from "../base/index.ts";
import { disk, readConfiguration, readEarly, type Early, type Reading } from "../io/config/index.ts";
import type { Log } from "./log.ts";
import type { CommandLine } from "./options.ts";

const NUMERIC = /^\d+$/;
const LEVELS: ReadonlySet<string> = new Set([
  "CRITICAL",
  "ERROR",
  "WARNING",
  "NOTICE",
  "INFO",
  "MSG",
  "DEBUG",
  "TRACEDEBUG",
  "HEAVYDEBUG",
  "WARN",
  "FATAL",
  "NOTSET",
]);

/** Where the server is and how it logs: from the command line, and from fail2ban.conf only where that leaves something open. */
export function settle(line: CommandLine): Early | { readonly message: string } {
  const { socket, pidfile, loglevel, logtarget, syslogsocket } = line;
  const complete =
    socket !== null && pidfile !== null && loglevel !== null && logtarget !== null && syslogsocket !== null;
  if (!complete && disk.kind(line.conf) !== "directory")
    return { message: `Base configuration directory ${line.conf} does not exist ` };
  const read = complete ? null : readEarly(disk, line.conf);
  if (read !== null && !read.ok) return { message: read.message };
  const early = read?.early;
  const level = loglevel ?? early?.loglevel ?? "INFO";
  if (!NUMERIC.test(level) && !LEVELS.has(level.toUpperCase())) return { message: `Invalid log level '${level}'` };
  return {
    socket: socket ?? early?.socket ?? "",
    pidfile: pidfile ?? early?.pidfile ?? "",
    loglevel: level.toUpperCase(),
    logtarget: logtarget ?? early?.logtarget ?? "",
    syslogsocket: syslogsocket ?? early?.syslogsocket ?? "",
  };
}

/** Reads the whole configuration, or what one jail needs of it; complaints go to the log with file and line. */
export function readCommands(
  line: CommandLine,
  log: Log,
  options: { readonly jail?: string; readonly allowNoLogs?: boolean; readonly quiet?: boolean } = {},
): Reading {
  const { loglevel, logtarget, syslogsocket } = line;
  const overrides = {
    ...(loglevel === null ? {} : { loglevel }),
    ...(logtarget === null ? {} : { logtarget }),
    ...(syslogsocket === null ? {} : { syslogsocket }),
  };
  const reading = readConfiguration(disk, line.conf, { version: VERSION, overrides, ...options });
  if (options.quiet !== true)
    for (const issue of reading.issues) log(LEVEL_OF[issue.level], printIssue(issue), "fail2ban.config");
  return reading;
}

const LEVEL_OF = { error: "ERROR", warning: "WARNING", notice: "NOTICE" } as const satisfies Record<
  Issue["level"],
  string
>;
