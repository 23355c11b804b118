/** fail2ban-server: starts the daemon in this process or behind it; with any command but `start` it is the client (config-cli.md §7.2). */
import { FAILED, finish, runCommandLine } from "./client.ts";
import { prepare, unconfigured, type Start } from "./foreground.ts";
import type { Io } from "./io.ts";
import { start } from "./lifecycle.ts";
import { readCommandLine, type CommandLine } from "./options.ts";
import { openSession } from "./session.ts";

/** @returns the exit status: 0 after a start in the background, 255 for every failure; or what the server in this process is to be started with. */
export async function runServerProgram(argv: readonly string[], io: Io): Promise<number | Start> {
  const line = readCommandLine(argv);
  if ("end" in line) return finish(line, io, "fail2ban-server");
  const [word, ...rest] = line.words;
  const starts = !line.interactive && rest.length === 0 && (word === undefined || word === "start");
  const inspects = line.dump !== null || line.test;
  if (!starts || inspects) {
    const passed = await runCommandLine(starts ? { ...line, words: [] } : line, io);
    if (!passed || !starts || word === undefined || line.dump !== null) return passed ? 0 : FAILED;
  }
  return launch(line, io);
}

async function launch(line: CommandLine, io: Io): Promise<number | Start> {
  const session = openSession(line, io);
  if (session === null) return FAILED;
  if (line.async || !line.background) return (await prepare(session)) ?? FAILED;
  if (await start(session)) return 0;
  unconfigured(session);
  return FAILED;
}
