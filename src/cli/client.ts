/** fail2ban-client: options, then one command, or a prompt (config-cli.md §6, §7.1). */
import { isDump, runDump } from "./dump.ts";
import type { Io } from "./io.ts";
import { readCommandLine, type CommandLine, type Ending } from "./options.ts";
import { carryOver, isQuick, runQuickly } from "./quick.ts";
import { openSession, tellPlaces, type Session } from "./session.ts";

/** Everything that did not work. */
export const FAILED = 255;

/** @returns the exit status: 0, or 255 for every failure. */
export async function runClient(argv: readonly string[], io: Io): Promise<number> {
  const line = readCommandLine(argv);
  if ("end" in line) return finish(line, io, "fail2ban-client");
  return (await runCommandLine(line, io)) ? 0 : FAILED;
}

/** What the two programs do the same: everything but starting a server in this process. */
export async function runCommandLine(line: CommandLine, io: Io): Promise<boolean> {
  if (isQuick(line)) return runQuickly(line, io);
  if (isDump(line)) return runDump(line, io);
  const session = openSession(line, io);
  if (session === null) return false;
  tellPlaces(session);
  if (line.test) {
    const { inspect } = await import("./inspect.ts");
    const passed = inspect(line, io, session.log);
    if (passed !== "go on") return passed;
  }
  return command(session);
}

async function command(session: Session): Promise<boolean> {
  const { line, io } = session;
  if (line.interactive) {
    const { converseWithUser } = await import("./interactive.ts");
    const first = line.words.length === 0 || (await runCommand(session, line.words));
    return first && converseWithUser(session, (words) => runCommand(session, words));
  }
  if (line.words.length > 0) return runCommand(session, line.words);
  await printUsage(io, "fail2ban-client");
  return false;
}

/** One command: the client's own, or the server's. */
async function runCommand(session: Session, words: readonly string[]): Promise<boolean> {
  const [word = "", ...rest] = words;
  const own = OWN[word];
  if (own !== undefined && (word !== "start" || rest.length === 0)) return own(session, rest);
  return carryOver(session, words);
}

const OWN: Readonly<Record<string, (session: Session, rest: readonly string[]) => Promise<boolean>>> = {
  start: async (session) =>
    session.line.background ? (await import("./lifecycle.ts")).start(session) : serve(session),
  restart: async (session, rest) => {
    const lifecycle = await import("./lifecycle.ts");
    return rest.length === 0 ? lifecycle.restart(session) : lifecycle.restartJail(session, rest);
  },
  reload: async (session, rest) => (await import("./lifecycle.ts")).reload(session, rest),
};

/** In the foreground: this process is the server until that ends. */
async function serve(session: Session): Promise<boolean> {
  const start = await (await import("./foreground.ts")).prepare(session);
  return start !== null && (await session.io.serve(start)) === 0;
}

/** Prints what a command line came to that is none. */
export async function finish(ending: Ending, io: Io, program: string): Promise<number> {
  switch (ending.end) {
    case "version":
    case "seconds":
      io.out(`${ending.text}\n`);
      return 0;
    case "help":
      await printUsage(io, program);
      return 0;
    case "unknown":
      await printUsage(io, program);
      io.err(`${program}: ${ending.message}\nInit of command line failed\n`);
      break;
    case "wrong":
      io.out(`ERROR: ${ending.message}\n`);
      io.err("Init of command line failed\n");
  }
  return FAILED;
}

async function printUsage(io: Io, program: string): Promise<void> {
  const { usage } = await import("./usage.ts");
  io.out(`${usage(program, program === "fail2ban-client")}\n`);
}
