/** Something said in the log: the words are made in `core/report`, the form and the way out are the daemon's. */

/** In falling order of weight, as the log prints them. */
export type Level = "CRITICAL" | "ERROR" | "WARNING" | "NOTICE" | "INFO" | "MSG" | "DEBUG" | "TRACE" | "HEAVY";

export interface Said {
  readonly level: Level;
  /** The part of the program that speaks, as the log names it: `filter` prints `fail2ban.filter`. */
  readonly logger: string;
  readonly text: string;
  /** Whether the text surely has no control character: then nobody looks for one. */
  readonly isClean?: boolean;
}

/** How much each matters, as in Python's logging (config-cli.md §7.3). */
export const LEVEL_WEIGHT: Readonly<Record<Level, number>> = {
  CRITICAL: 50,
  ERROR: 40,
  WARNING: 30,
  NOTICE: 25,
  INFO: 20,
  MSG: 18,
  DEBUG: 10,
  TRACE: 7,
  HEAVY: 5,
};
