/**
 * What is asked most and needs little: one command for a server, and `-d`. A package carries this as a script of its own with the code that
 * V8 made of it (`loader.ts`), so it loads nothing later.
 */
import { disk, printStream, readPlainly, remembering, type Reading } from "../io/config/index.ts";
import { readCommands } from "./configuration.ts";
import type { Io } from "./io.ts";
import type { CommandLine } from "./options.ts";
import { carry, fail, openSession, tellPlaces, type Session } from "./session.ts";

/** Commands that take more than a word to a server. */
const LONG: ReadonlySet<string> = new Set(["start", "restart", "reload"]);

export function isQuick({ dump, test, interactive, words }: CommandLine): boolean {
  const [word] = words;
  return !test && (dump !== null || (!interactive && word !== undefined && !LONG.has(word)));
}

/** @param line one for which `isQuick` holds. @returns whether it worked. */
export async function runQuickly(line: CommandLine, io: Io): Promise<boolean> {
  const files = line.dump === null ? disk : remembering(disk);
  const session = openSession(line, io, files);
  if (session === null) return false;
  tellPlaces(session);
  if (line.dump === null) return carryOver(session, line.words);
  // The optimising compilers would have done each function when it is no longer needed: they took a quarter of the whole time.
  for (const flag of ["--no-maglev", "--no-opt"]) process.getBuiltinModule("node:v8").setFlagsFromString(flag);
  return dump(readCommands(readPlainly, line, session.log, { allowNoLogs: true, files }), line.dump, io);
}

/** One command of which the server does all. */
export async function carryOver(session: Session, words: readonly string[]): Promise<boolean> {
  const [word, timeout] = words;
  if (word !== "ping" || timeout === undefined) return carry(session, word === "ping" ? ["ping"] : words);
  const seconds = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(timeout) ? Number(timeout) : null;
  if (seconds === null) return fail(session, "ValueError", `could not convert string to float: '${timeout}'`);
  return carry(session, ["ping"], ["ping"], seconds);
}

/** Commands that are printed at once. */
const PIECE = 100;

/** The commands of the configuration, printed. */
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
