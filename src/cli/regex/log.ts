/** What is logged while lines are tried, on standard output among the report (config-cli.md §8.1 `-l`; the form is the original's). */
import { printLocal, type Level, type Said, type Zone } from "../../base/index.ts";

const WEIGHTS: Readonly<Record<string, number>> = {
  CRITICAL: 50,
  FATAL: 50,
  ERROR: 40,
  WARNING: 30,
  WARN: 30,
  NOTICE: 25,
  INFO: 20,
  MSG: 18,
  DEBUG: 10,
  TRACE: 7,
  TRACEDEBUG: 7,
  HEAVY: 5,
  HEAVYDEBUG: 5,
  NOTSET: 0,
};

/** @returns the weight from which on is shown, or null for a level that there is not; a number is one itself */
export function weightOf(level: string): number | null {
  const known = WEIGHTS[level.toUpperCase()];
  return known ?? (/^\d{1,3}$/.test(level) ? Number(level) : null);
}

export interface LogForm {
  readonly least: number;
  readonly verbosity: number;
  readonly pid: number;
  readonly zone: Zone;
  /** Milliseconds: the wall clock, and since the start. */
  readonly clock: () => { readonly now: number; readonly elapsed: number };
}

/** @returns whether it is to be shown at all */
export function isShown(level: Level, form: LogForm): boolean {
  return (WEIGHTS[level] ?? 0) >= form.least;
}

export function logLine({ level, logger, text }: Said, form: LogForm): string {
  const { now, elapsed } = form.clock();
  const millis = String(Math.floor(now) % 1000).padStart(3, "0");
  const stamp = `${printLocal(form.zone, now / 1000)},${millis}`;
  if (form.verbosity < 2)
    return `${stamp} ${`fail2ban.${logger}`.padEnd(24)}[${form.pid}]: ${level.padEnd(7)}${level[0] ?? ""}: ${text}`;
  const thread = form.pid.toString(16).toUpperCase().padStart(12, "0");
  const short = level.slice(0, 5).padEnd(5);
  if (form.verbosity === 2) return ` ${stamp} ${thread} ${short} ${text}`;
  return ` +${String(Math.round(elapsed)).padStart(5)} ${thread} ${`fail2ban.${logger}`.padEnd(25)} ${short} ${text}`;
}
