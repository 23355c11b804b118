/** The commands that make up the configuration, as the client reads them from files (config-cli.md §3.5, §6.2). */
import { printIssue, VERSION, type Issue } from "../base/index.ts";
import { disk, readConfiguration, type Reading } from "../io/config/index.ts";
import type { Log } from "./log.ts";
import type { CommandLine } from "./options.ts";

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
