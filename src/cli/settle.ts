/**
 * Where the server is and how it logs (config-cli.md §7.1). Apart from `configuration.ts`, so that a simple command loads no more
 * than what reads fail2ban.conf.
 */
import type { Issue } from "../base/index.ts";
import { readEarly, type Early, type Files } from "../io/config/index.ts";
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

/** Why it cannot be settled: in the original's words, and with places where there are some. */
interface Unsettled {
  readonly message: string;
  readonly issues: readonly Issue[];
}

/** From the command line, and from fail2ban.conf only where that leaves something open. */
export function settle(line: CommandLine, files: Files): Early | Unsettled {
  const { socket, pidfile, loglevel, logtarget, syslogsocket } = line;
  const complete =
    socket !== null && pidfile !== null && loglevel !== null && logtarget !== null && syslogsocket !== null;
  if (!complete && files.kind(line.conf) !== "directory")
    return { message: `Base configuration directory ${line.conf} does not exist `, issues: [] };
  const read = complete ? null : readEarly(files, line.conf);
  if (read !== null && !read.ok) return read;
  const early = read?.early;
  const level = loglevel ?? early?.loglevel ?? "INFO";
  if (!NUMERIC.test(level) && !LEVELS.has(level.toUpperCase())) {
    const message = `Invalid log level '${level}'`;
    const at = loglevel === null ? (read?.loglevelAt ?? null) : null;
    const remedy = `write one of ${[...LEVELS].slice(0, 7).join(", ")}`;
    return { message, issues: at === null ? [] : [{ level: "error", at, message, remedy }] };
  }
  return {
    socket: socket ?? early?.socket ?? "",
    pidfile: pidfile ?? early?.pidfile ?? "",
    loglevel: level.toUpperCase(),
    logtarget: logtarget ?? early?.logtarget ?? "",
    syslogsocket: syslogsocket ?? early?.syslogsocket ?? "",
  };
}
