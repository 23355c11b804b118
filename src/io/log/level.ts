/** The levels of the log: names as they are asked for and printed, and their weights (config-cli.md §7.3). */
import { LEVEL_WEIGHT, type Level } from "../../base/index.ts";

/** Names that are accepted besides: Python's aliases, and the long forms that print short. */
const ALIASES: Readonly<Record<string, number>> = {
  ...LEVEL_WEIGHT,
  TRACEDEBUG: 7,
  HEAVYDEBUG: 5,
  WARN: 30,
  FATAL: 50,
  NOTSET: 0,
};

/** @returns the weight that `text` names (a name in any case, or digits), or null. */
export function levelWeight(text: string): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return ALIASES[text.toUpperCase()] ?? null;
}

/** Priorities of syslog and the journal. */
export function syslogPriority(level: Level): number {
  const priorities: Readonly<Record<Level, number>> = {
    CRITICAL: 2,
    ERROR: 3,
    WARNING: 4,
    NOTICE: 5,
    INFO: 6,
    MSG: 6,
    DEBUG: 7,
    TRACE: 7,
    HEAVY: 7,
  };
  return priorities[level];
}
