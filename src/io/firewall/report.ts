/** What is logged about a command, in fail2ban's words (engine.md §6.7): its text, its output line by line, how it ended. */
import { constants } from "node:os";
import { type Level, type Span, textRepr } from "../../base/index.ts";
import type { Script } from "../../core/action/index.ts";
import type { Log, Ran } from "./job.ts";
import type { Output } from "./output.ts";

/** Characters of a command's text that are logged. */
const TEXT_MAX = 8192;

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

export interface Ending {
  readonly id: string;
  readonly script: Script;
  readonly ran: Ran;
  readonly quiet: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Why it could not be started. */
  readonly error: string | null;
}

export function reportEnding(log: Log, ending: Ending): void {
  const { id, ran, quiet } = ending;
  const level: Level = ran.ok || quiet ? "DEBUG" : "ERROR";
  const say = (at: Level, text: string): void => log({ level: at, logger: "utils", text: `${id} -- ${text}` });
  if (!ran.timedOut) say(ran.ok ? "TRACE" : level, `exec: ${showScript(ending.script)}`);
  for (const [name, output] of [
    ["stdout", ending.stdout],
    ["stderr", ending.stderr],
  ] as const) {
    for (const line of linesOf(output.text())) say(level, `${name}: ${textRepr(line)}`);
    if (output.lost() > 0) say(level, `${name}: ${output.lost()} bytes more, not shown`);
  }
  if (ending.error !== null) say(level, `failed with ${ending.error}`);
  const { status } = ran;
  if (status === null) return;
  if (ran.ok) say("DEBUG", `returned successfully ${status}`);
  else if (status < 0 || status > 128) say(level, `killed with ${signalName(status)} (return code: ${status})`);
  else say(level, `returned ${status}`);
  if (status === 127 && !quiet) log({ level: "INFO", logger: "utils", text: hint(ending.script.text) });
}

export function reportTimeout(log: Log, id: string, script: Script, timeout: Span): void {
  log({ level: "ERROR", logger: "utils", text: `${id} -- exec: ${showScript(script)}` });
  log({ level: "ERROR", logger: "utils", text: `${id} -- timed out after ${timeout} seconds.` });
}

/** The text, or with values the list of both. Control characters other than line feed and tab are shown, not sent to a terminal. */
export function showScript(script: Script): string {
  const shown =
    script.values.length === 0
      ? script.text.replaceAll(/[^\P{Cc}\n\t]/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)
      : `[${[script.text, ...script.values].map((text) => textRepr(text.slice(0, TEXT_MAX))).join(", ")}]`;
  return shown.length > TEXT_MAX ? `${shown.slice(0, TEXT_MAX)}…` : shown;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function signalName(status: number): string {
  const number = status < 0 ? -status : status - 128;
  return SIGNALS.get(number) ?? `signal ${number}`;
}

function hint(text: string): string {
  return (
    `HINT on 127: "Command not found".  Make sure that all commands in ${textRepr(text.slice(0, TEXT_MAX))} are installed and in the PATH of fail2ban-server ` +
    "(`tr '\\0' '\\n' < /proc/$(pidof -s fail2ban-server)/environ | grep ^PATH=`); nftables actions need the package nftables, iptables actions the package iptables."
  );
}
