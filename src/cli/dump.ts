/**
 * `-d` and `--dp`: the commands of the configuration, printed. The launchers know these words and have a package run a script of its own, with
 * the code that V8 made of it (`loader.ts`), so it loads nothing later.
 */
import { disk, printStream, readPlainly, remembering, type Reading } from "../io/config/index.ts";
import { readCommands } from "./configuration.ts";
import type { Io } from "./io.ts";
import type { CommandLine } from "./options.ts";
import { openSession, tellPlaces } from "./session.ts";

/** Whether that is all that is wanted: `-t` beside it looks closer. */
export function isDump({ dump, test }: CommandLine): boolean {
  return !test && dump !== null;
}

/** @param line one for which `isDump` holds. @returns whether it worked. */
export function runDump(line: CommandLine, io: Io): boolean {
  const files = remembering(disk);
  const session = openSession(line, io, files);
  if (session === null) return false;
  tellPlaces(session);
  return dump(readCommands(readPlainly, line, session.log, { allowNoLogs: true, files }), line.dump ?? "plain", io);
}

/** Commands that are printed at once. */
const PIECE = 100;

export function dump(reading: Reading, how: "plain" | "pretty", io: Io): boolean {
  if (reading.fatal !== null) {
    io.out("ERROR: The configuration stream failed because of the invalid syntax.\n");
    return false;
  }
  // In pieces: one that has other than Latin letters takes twice the memory.
  for (let at = 0; at < reading.commands.length; at += PIECE)
    io.out(printStream(reading.commands.slice(at, at + PIECE), how === "pretty"));
  return reading.usable;
}
