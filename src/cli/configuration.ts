/** The commands that make up the configuration, as the client reads them from files (config-cli.md §3.5, §6.2). */
import { printIssue, VERSION, type Issue } from "../base/index.ts";
import { disk, type Files, type readPlainly, type Reading } from "../io/config/index.ts";
import type { Log } from "./log.ts";
import type { CommandLine } from "./options.ts";

interface Options {
  /** Only this jail. */
  readonly jail?: string;
  /** Missing log files are no mistake. */
  readonly allowNoLogs?: boolean;
  readonly files?: Files;
}

/**
 * Reads the whole configuration, or what one jail needs of it; complaints go to the log with file and line.
 * @param read `readConfiguration`, or `readPlainly` without looking for what is accepted and surely a mistake
 */
export function readCommands(
  read: typeof readPlainly,
  line: CommandLine,
  log: Log,
  { jail, allowNoLogs = false, files = disk }: Options = {},
): Reading {
  const { loglevel, logtarget, syslogsocket } = line;
  const overrides = {
    ...(loglevel === null ? {} : { loglevel }),
    ...(logtarget === null ? {} : { logtarget }),
    ...(syslogsocket === null ? {} : { syslogsocket }),
  };
  const reading = read(files, line.conf, {
    version: VERSION,
    overrides,
    allowNoLogs,
    ...(jail === undefined ? {} : { jail }),
  });
  for (const issue of reading.issues) log(LEVEL_OF[issue.level], printIssue(issue), "fail2ban.config");
  return reading;
}

const LEVEL_OF = { error: "ERROR", warning: "WARNING", notice: "NOTICE" } as const satisfies Record<
  Issue["level"],
  string
>;
