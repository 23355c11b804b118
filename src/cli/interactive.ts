/** Interactive mode (`-i`): a prompt, one command a line (config-cli.md §6.2). */
import { shellWords } from "../io/config/index.ts";
import type { Session } from "./session.ts";
import { BANNER, usage } from "./usage.ts";

const PROMPT = "fail2ban> ";

/** @param run carries out one command. @returns whether the user left of his own will; the end of input is an error. */
export async function converseWithUser(
  session: Session,
  run: (words: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  const { io, log } = session;
  io.out(`${BANNER}\n\n`);
  for (;;) {
    const line = await io.readLine(PROMPT);
    if (line === null) {
      io.out("\n");
      log("ERROR", "EOF when reading a line");
      return false;
    }
    const words = shellWords(line);
    if ("message" in words) log("ERROR", words.message);
    else if (words.length === 1 && words[0] === "help") io.out(`${usage("fail2ban-client", true)}\n`);
    else if (words.length === 1 && (words[0] === "quit" || words[0] === "exit")) return true;
    else if (words.length > 0) await run(words);
  }
}
