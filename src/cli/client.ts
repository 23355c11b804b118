/** fail2ban-client: options, then one command, or a prompt (config-cli.md §6, §7.1). */
import { printIssue } from "../base/index.ts";
import { printStream, type Early, type Reading } from "../io/config/index.ts";
import { readCommands, settle } from "./configuration.ts";
import type { Io } from "./io.ts";
import { clientLog, type Log } from "./log.ts";
import { readCommandLine, type CommandLine, type Ending } from "./options.ts";
import type { Session } from "./session.ts";

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
  const log = clientLog(io, line.verbosity);
  const early = settle(line);
  if ("message" in early) {
    io.out(`ERROR: ${early.message}\n`);
    log("ERROR", "Init of command line failed");
    return false;
  }
  log("INFO", `Using socket file ${early.socket}`);
  log("INFO", `Using pid file ${early.pidfile}, [${early.loglevel}] logging to ${early.logtarget}`);
  if (line.dump !== null || line.test) {
    const passed = await inspect(line, io, log);
    if (passed !== "go on") return passed;
  }
  return command(line, io, log, early);
}

/** Dump and test, which may be all that is wanted. */
async function inspect(line: CommandLine, io: Io, log: Log): Promise<boolean | "go on"> {
  const reading = readCommands(line, log, { allowNoLogs: line.dump !== null });
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

async function command(line: CommandLine, io: Io, log: Log, early: Early): Promise<boolean> {
  const session: Session = { io, line, log, early, socket: early.socket, pidfile: early.pidfile };
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
  const { carry } = await import("./session.ts");
  return carry(session, words);
}

const OWN: Readonly<Record<string, (session: Session, rest: readonly string[]) => Promise<boolean>>> = {
  start: async (session) =>
    session.line.background
      ? (await import("./lifecycle.ts")).start(session)
      : (await (await import("./foreground.ts")).serveInForeground(session)) === 0,
  restart: async (session, rest) => {
    const lifecycle = await import("./lifecycle.ts");
    return rest.length === 0 ? lifecycle.restart(session) : lifecycle.restartJail(session, rest);
  },
  reload: async (session, rest) => (await import("./lifecycle.ts")).reload(session, rest),
  ping: async (session, rest) => {
    const { carry, fail } = await import("./session.ts");
    const [timeout] = rest;
    if (timeout === undefined) return carry(session, ["ping"]);
    const seconds = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(timeout) ? Number(timeout) : null;
    if (seconds === null) return fail(session, "ValueError", `could not convert string to float: '${timeout}'`);
    return carry(session, ["ping"], ["ping"], seconds);
  },
};

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
