/** The client's own log on standard error (config-cli.md §7.1, §7.5): which lines are shown, and their form. */
import { LEVEL_WEIGHT, type Level } from "../base/index.ts";
import type { Io } from "./io.ts";

/** By verbosity: the least weight that is shown. */
const SHOWN: readonly number[] = [40, 30, 20, 10, 5];

export type Log = (level: Level, text: string, logger?: string) => void;

/** @param verbosity 1 unless `-v` and `-q` changed it. */
export function clientLog(io: Io, verbosity: number): Log {
  const least = SHOWN[Math.min(Math.max(verbosity, 0), 4)] ?? 30;
  return (level, text, logger = "fail2ban") => {
    if (LEVEL_WEIGHT[level] >= least) io.err(`${logLine(level, text, logger, io.pid, verbosity - 1)}\n`);
  };
}

function logLine(level: Level, text: string, logger: string, pid: number, form: number): string {
  const name = level === "TRACE" ? "TRACEDEBUG" : level === "HEAVY" ? "HEAVYDEBUG" : level;
  if (form <= 1) return `${stamp(new Date())} ${logger.padEnd(24)}[${pid}]: ${level.padEnd(7)} ${text}`;
  const thread = pid.toString(16).toUpperCase().padStart(12, "0");
  const short = name.slice(0, 5).padEnd(5);
  if (form === 2) return ` ${stamp(new Date())} ${thread} ${short} ${text}`;
  const elapsed = `+${String(Math.round(performance.now())).padStart(5)}`;
  return ` ${elapsed} ${thread} ${logger.padEnd(25)} ${short} ${text}`;
}

/** `2026-11-22 08:53:10,703`, local time. */
function stamp(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, "0")}`;
}
