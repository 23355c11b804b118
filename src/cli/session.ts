/** One run of the client: where the server is, how answers and troubles are printed. Carries single commands over; the client's own are in `lifecycle.ts`. */
import { printIssue, Refusal, type Plain } from "../base/index.ts";
import {
  findCommand,
  jsonOf,
  LinkError,
  openLink,
  PickleError,
  plainText,
  type Found,
  type Json,
  type Raised,
  type Reply,
} from "../api/control/index.ts";
import { disk, type Early, type Files } from "../io/config/index.ts";
import { hintFor, jailHint } from "./hint.ts";
import type { Io } from "./io.ts";
import { clientLog, type Log } from "./log.ts";
import type { CommandLine } from "./options.ts";
import { settle } from "./settle.ts";
import { connectionText, refusalLine, refusalText } from "./trouble.ts";

export interface Session {
  readonly io: Io;
  readonly line: CommandLine;
  readonly log: Log;
  /** What the command line and fail2ban.conf say together. */
  readonly early: Early;
  readonly socket: string;
  readonly pidfile: string;
}

/** @returns null where the command line or fail2ban.conf cannot be used; that is said. */
export function openSession(line: CommandLine, io: Io, files: Files = disk): Session | null {
  const log = clientLog(io, line.verbosity);
  const early = settle(line, files);
  if ("message" in early) {
    io.out(`ERROR: ${early.message}\n`);
    for (const issue of early.issues) log("ERROR", printIssue(issue), "fail2ban.config");
    log("ERROR", "Init of command line failed");
    return null;
  }
  return { io, line, log, early, socket: early.socket, pidfile: early.pidfile };
}

/** With `-v`. */
export function tellPlaces({ log, early }: Session): void {
  log("INFO", `Using socket file ${early.socket}`);
  log("INFO", `Using pid file ${early.pidfile}, [${early.loglevel}] logging to ${early.logtarget}`);
}

/** Seconds that an answer to "are you alive" may take. */
const ALIVE = 0.1;

/** Sends one command and prints what comes back. @param words as typed: an answer's form depends on them. @returns whether it worked. */
export async function carry(
  session: Session,
  words: readonly string[],
  request: readonly Plain[] = words,
  timeout?: number,
): Promise<boolean> {
  const reply = await ask(session, request, timeout);
  if (reply === null) return false;
  printReply(session, words, reply);
  if (reply.is === "error") await giveHint(session, words, reply.error);
  return reply.is === "value";
}

/** The server's reply; what keeps it from replying is said, and then there is none. */
export async function ask(session: Session, request: readonly Plain[], timeout?: number): Promise<Reply | null> {
  try {
    const link = await openLink(session.socket);
    try {
      return await link.ask(request, timeout);
    } finally {
      // Nobody waits for the end of the farewell; it is sent by now.
      void link.close();
    }
  } catch (error) {
    if (!(error instanceof LinkError) && !(error instanceof PickleError)) throw error;
    const [word = null] = request;
    const text =
      error instanceof LinkError
        ? connectionText(error, session.socket, plainText(word))
        : `Unreadable answer: ${error.message}`;
    fail(session, "ConnectionError", text);
    return null;
  }
}

/** An answer on standard output; an exception also as a line of the log. */
export function printReply(session: Session, words: readonly string[], reply: Reply): void {
  if (reply.is === "value") return printValue(session, words, reply.value);
  if (reply.is === "other") return void fail(session, "ProtocolError", plainText(reply.value));
  session.log("ERROR", refusalLine(reply.error));
  printError(session, reply.error.name, refusalText(reply.error), true);
}

/** Whether a server answers there. */
export async function isAlive(socket: string, timeout: number = ALIVE): Promise<boolean> {
  try {
    const link = await openLink(socket, timeout);
    try {
      return (await link.ask(["ping"], timeout)).is === "value";
    } finally {
      await link.close();
    }
  } catch (error) {
    if (error instanceof LinkError || error instanceof PickleError) return false;
    throw error;
  }
}

/** Something went wrong before or without the server: a line of the log, and with `--json` an error in the answer's place. */
export function fail(session: Session, kind: string, text: string): false {
  session.log("ERROR", text);
  printError(session, kind, text, false);
  return false;
}

function printError({ io, line }: Session, kind: string, text: string, shown: boolean): void {
  if (line.json) io.out(`${JSON.stringify({ ok: false, error: { class: kind, message: text } })}\n`);
  else if (shown) io.out(`${safe(io, text)}\n`);
}

function printValue({ io, line }: Session, words: readonly string[], value: Plain): void {
  const found = find(words);
  const args = found === null ? [] : found.args.map(plainText);
  const { show, json } = found?.command ?? {};
  if (line.json)
    io.out(`${JSON.stringify({ ok: true, value: json === undefined ? jsonOf(value) : json(value, args) })}\n`);
  else io.out(`${safe(io, show === undefined ? plainText(value) : show(value, args, { unicode: io.unicode }))}\n`);
}

/** How a request is printed says its record; one that only another server knows is printed plainly. */
function find(words: readonly string[]): Found | null {
  try {
    return findCommand(words);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function giveHint(session: Session, words: readonly string[], error: Raised): Promise<void> {
  const { io, line, socket } = session;
  if (line.json || line.verbosity < 1) return;
  const unknown =
    error.name === "Exception" &&
    error.args.length === 1 &&
    plainText(error.args[0] ?? "").startsWith("Invalid command");
  if (!unknown && error.name !== "UnknownJailException") return;
  const hint = unknown ? hintFor(words) : jailHint(plainText(error.args[0] ?? ""), await jailNames(socket));
  if (hint !== null) io.err(`${safe(io, hint)}\n`);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The jails of a server. @param timeout seconds that it has to answer @returns none where it does not */
export async function jailNames(socket: string, timeout: number = ALIVE): Promise<readonly string[]> {
  const link = await openLink(socket, timeout).catch(() => null);
  const reply = await link?.ask(["status"], timeout).catch(() => null);
  await link?.close();
  const found = find(["status"]);
  const overview = reply?.is === "value" ? found?.command.json?.(reply.value, []) : null;
  const jails: Json | undefined = isObject(overview) ? overview["jails"] : undefined;
  return Array.isArray(jails) ? jails.filter((jail: Json) => typeof jail === "string") : [];
}

/** On a terminal, control and direction characters are shown as escapes: what attackers wrote into logs must not steer it. */
function safe(io: Io, text: string): string {
  if (!io.terminal) return text;
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}
