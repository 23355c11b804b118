/** Commands that the client does itself: start, stop and restart of the server, reload (config-cli.md §6.2). */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { printIssue, pythonRepr } from "../base/index.ts";
import { readConfiguration, streamOf, type Reading } from "../io/config/index.ts";
import { readCommands } from "./configuration.ts";
import type { Started } from "./io.ts";
import { plainText } from "../api/control/index.ts";
import { ask, carry, fail, isAlive, jailNames, printReply, type Session } from "./session.ts";

/** @returns whether the server runs with the whole configuration. */
export async function start(session: Session): Promise<boolean> {
  if (await isAlive(session.socket, PATIENT)) return fail(session, "Exception", "Server already running");
  const reading = readCommands(readConfiguration, session.line, session.log);
  if (!reading.usable) return refuse(session, reading);
  if (isStale(session)) return false;
  const started = await session.io.spawnServer(serverArguments(session));
  if (!(await waitFor(session, true, started))) return fail(session, "Exception", neverStarted(session.socket));
  return configure(session, reading);
}

/** A socket file without a server behind it: says so and is in the way, unless forced. */
export function isStale(session: Session): boolean {
  if (session.line.force || !existsSync(session.socket)) return false;
  fail(session, "Exception", "Fail2ban seems to be in unexpected state (not running but the socket exists)");
  return true;
}

/**
 * Sends the stream, then asks whether all is well; as with the original, that is printed even if the stream was refused. A server that was left
 * without its configuration would only look like one, so it is ended again. A jail that is left out for one of its values is missing in the end:
 * then the value is told with its place, which the server does not know.
 */
async function configure(session: Session, reading: Reading): Promise<boolean> {
  const stream = await ask(session, ["server-stream", streamOf(reading, await isOurs(session))]);
  if (stream !== null && stream.is !== "value") printReply(session, ["server-stream"], stream);
  const sent = stream?.is === "value";
  const ready = await ask(session, ["server-status"]);
  if (ready !== null && (sent || !session.line.json)) printReply(session, ["server-status"], ready);
  if (sent) {
    const running = new Set(await jailNames(session.socket, PATIENT));
    if (reading.good.some((name) => !running.has(name))) await explain(session, reading);
    return ready?.is === "value";
  }
  await explain(session, reading);
  session.log("ERROR", "The server is stopped again, since its configuration was refused");
  await ask(session, ["stop"]);
  return false;
}

export async function restart(session: Session): Promise<boolean> {
  announce(session, "stop");
  const stopped = await ask(session, ["stop", "--keep"]);
  if (stopped?.is === "value") printReply(session, ["stop"], stopped);
  else if (stopped !== null) await carry(session, ["stop"]); // another server, which takes `--keep` for a jail
  if (!(await waitFor(session, false))) return fail(session, "Exception", "Could not find server");
  if (stopped?.is === "value") await untilGone(session.socket);
  announce(session, "load configuration");
  announce(session, "start");
  return start(session);
}

/** Who sits at the prompt is told what takes its time. */
function announce({ io, line }: Session, deed: string): void {
  if (line.interactive && !line.json) io.out(`  ## ${deed} ... \n`);
}

const RELOAD_OPTIONS: ReadonlySet<string> = new Set(["--restart", "--unban", "--if-exists"]);

/** @param words everything behind `reload`. */
export async function reload(session: Session, words: readonly string[]): Promise<boolean> {
  const at = words.findIndex((word) => !RELOAD_OPTIONS.has(word));
  const options = at < 0 ? words : words.slice(0, at);
  const rest = at < 0 ? [] : words.slice(at);
  if (rest.length > 1) return fail(session, "Exception", `Unexpected argument(s) for reload: ${pythonRepr(rest)}`);
  const [target = "--all"] = rest;
  if (!(await isAlive(session.socket, PATIENT))) return fail(session, "Exception", "Could not find server");
  const reading = readCommands(
    readConfiguration,
    session.line,
    session.log,
    target === "--all" ? {} : { jail: target },
  );
  if (!reading.usable || reading.fatal !== null) return refuse(session, reading);
  announce(session, "reload");
  const done = await carry(session, ["reload"], ["reload", target, options, streamOf(reading, await isOurs(session))]);
  if (!done) await explain(session, reading);
  return done;
}

/** Says at which place of the files stands what the server refused. */
async function explain({ io, log }: Session, reading: Reading): Promise<void> {
  const { valueIssues } = await import("./values.ts");
  for (const issue of valueIssues(reading, io.env)) log("ERROR", printIssue(issue), "fail2ban.config");
}

/** The words behind `restart`, when there are any, are those of a reload. */
export function restartJail(session: Session, words: readonly string[]): Promise<boolean> {
  return reload(session, ["--restart", ...words]);
}

/** Whether the server is fail2ban-ts, which knows options that the original does not. */
async function isOurs(session: Session): Promise<boolean> {
  const reply = await ask(session, ["version"]);
  return reply?.is === "value" && plainText(reply.value).includes("+ts");
}

/** Says why there is nothing to start. */
export function refuse(session: Session, reading: Reading): false {
  const why = reading.fatal ?? `Errors in jail '${reading.broken.join("', '")}'.`;
  return fail(session, "ValueError", `Failed during configuration: ${why}`);
}

/** Seconds that a busy server has to say that it is alive. */
const PATIENT = 5;

/** Seconds between two questions, at first and at last. */
const SHORTEST = 0.006;
const LONGEST = 0.5;

/** Waits until the server answers, or does not any more. @returns whether it came to that in time. */
async function waitFor({ socket, line }: Session, alive: boolean, started?: Started): Promise<boolean> {
  const until = performance.now() + line.timeout * 1000;
  for (let gap = SHORTEST; ; gap = Math.min(gap * 2, LONGEST)) {
    if ((await isAlive(socket, Math.max(gap, SHORTEST))) === alive) return true;
    if (performance.now() >= until || started?.ended() === true) return false;
    await pause(gap * 1000);
  }
}

/** A server that answers no more still has its socket to take away: left there, it would look like one that died. */
async function untilGone(socket: string): Promise<void> {
  const until = performance.now() + PATIENT * 1000;
  while (existsSync(socket) && performance.now() < until) await pause(10);
}

function neverStarted(socket: string): string {
  return `Could not start server. Maybe an old socket file is still present. Try to remove ${socket}. If you used fail2ban-client to start the server, adding the -x option will do it`;
}

/** What the server is told of our command line: with these it needs no configuration. */
function serverArguments({ line, socket, pidfile, early }: Session): readonly string[] {
  return [
    "--async",
    "-f",
    "-c",
    line.conf,
    "-s",
    socket,
    "-p",
    pidfile,
    ...(line.force ? ["-x"] : []),
    ...Array.from({ length: Math.max(0, line.verbosity - 1) }, () => "-v"),
    "--pname",
    line.pname,
    "--loglevel",
    early.loglevel,
    "--logtarget",
    early.logtarget,
    "--syslogsocket",
    early.syslogsocket,
    "start",
  ];
}
