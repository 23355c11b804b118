/**
 * What is asked most and needs little: one command for a server. A package carries this as a script of its own with the code that V8 made of
 * it (`loader.ts`), so it loads nothing later.
 */
import type { Io } from "./io.ts";
import type { CommandLine } from "./options.ts";
import { carry, fail, openSession, tellPlaces, type Session } from "./session.ts";

/** Commands that take more than a word to a server. */
const LONG: ReadonlySet<string> = new Set(["start", "restart", "reload"]);

export function isQuick({ dump, test, interactive, words }: CommandLine): boolean {
  const [word] = words;
  return !test && dump === null && !interactive && word !== undefined && !LONG.has(word);
}

/** @param line one for which `isQuick` holds. @returns whether it worked. */
export async function runQuickly(line: CommandLine, io: Io): Promise<boolean> {
  const session = openSession(line, io);
  if (session === null) return false;
  tellPlaces(session);
  return carryOver(session, line.words);
}

/** One command of which the server does all. */
export async function carryOver(session: Session, words: readonly string[]): Promise<boolean> {
  const [word, timeout] = words;
  if (word !== "ping" || timeout === undefined) return carry(session, word === "ping" ? ["ping"] : words);
  const seconds = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(timeout) ? Number(timeout) : null;
  if (seconds === null) return fail(session, "ValueError", `could not convert string to float: '${timeout}'`);
  return carry(session, ["ping"], ["ping"], seconds);
}
