/** Dump and test of the configuration (config-cli.md §3, §7.1). */
import { printIssue } from "../base/index.ts";
import { printStream, type Reading } from "../io/config/index.ts";
import { readCommands } from "./configuration.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import type { CommandLine } from "./options.ts";

/**
 * Carries out `-d`, `--dp` and `-t`, which may be all that is wanted.
 * @returns whether it worked; "go on": a command stands behind `-t`, and the configuration is sound
 */
export async function inspect(line: CommandLine, io: Io, log: Log): Promise<boolean | "go on"> {
  const reading = await readCommands(line, log, { allowNoLogs: line.dump !== null, plain: !line.test });
  if (line.dump !== null && !line.test) return dump(reading, line.dump, io);
  const { valueIssues } = await import("./values.ts");
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

function dump(reading: Reading, how: "plain" | "pretty", io: Io): boolean {
  if (reading.fatal !== null) {
    io.out("ERROR: The configuration stream failed because of the invalid syntax.\n");
    return false;
  }
  io.out(printStream(reading.commands, how === "pretty"));
  return reading.usable;
}
