/** The test of the configuration (config-cli.md §7.1). */
import { printIssue } from "../base/index.ts";
import { readConfiguration } from "../io/config/index.ts";
import { readCommands } from "./configuration.ts";
import { dump } from "./dump.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import type { CommandLine } from "./options.ts";
import { valueIssues } from "./values.ts";

/**
 * Carries out `-t`, with `-d` or `--dp` beside it or not; it may be all that is wanted.
 * @returns whether it worked; "go on": a command stands behind `-t`, and the configuration is sound
 */
export function inspect(line: CommandLine, io: Io, log: Log): boolean | "go on" {
  const reading = readCommands(readConfiguration, line, log, { allowNoLogs: line.dump !== null });
  const refused = reading.usable ? valueIssues(reading, io.env) : [];
  for (const issue of refused) log("ERROR", printIssue(issue), "fail2ban.config");
  const sound = reading.usable && reading.fatal === null && reading.broken.length === 0 && refused.length === 0;
  if (line.dump !== null && sound) dump(reading, line.dump, io);
  if (line.words.length > 0 || line.interactive) {
    if (!sound) log("ERROR", "ERROR: test configuration failed");
    return sound ? "go on" : false;
  }
  io.out(sound ? "OK: configuration test is successful\n" : "ERROR: test configuration failed\n");
  return sound;
}
