/** fail2ban-server: starts the daemon in this process or behind it; with any command but `start` it is the client (config-cli.md §7.2). */
import { FAILED, finish, runCommandLine } from "./client.ts";
import { serveInForeground, unconfigured } from "./foreground.ts";
import type { Io } from "./io.ts";
import { start } from "./lifecycle.ts";
import { clientLog } from "./log.ts";
import { readCommandLine, type CommandLine } from "./options.ts";
import type { Session } from "./session.ts";
import { settle } from "./settle.ts";

/** @returns the exit status: 0 after a normal end or a start in the background, 255 for every failure. */
export async function runServerProgram(argv: readonly string[], io: Io): Promise<number> {
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

async function launch(line: CommandLine, io: Io): Promise<number> {
  const log = clientLog(io, line.verbosity);
  const early = settle(line);
  if ("message" in early) {
    io.out(`ERROR: ${early.message}\n`);
    log("ERROR", "Init of command line failed");
    return FAILED;
  }
  const session: Session = { io, line, log, early, socket: early.socket, pidfile: early.pidfile };
  if (line.async || !line.background) return serveInForeground(session);
  return (await start(session)) ? 0 : unconfigured(session);
}
