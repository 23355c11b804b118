/** Something said in the log: the words are made in `core/report`, the form and the way out are the daemon's. */

/** In falling order of weight, as the log prints them. */
export type Level = "CRITICAL" | "ERROR" | "WARNING" | "NOTICE" | "INFO" | "MSG" | "DEBUG" | "TRACE" | "HEAVY";

export interface Said {
  readonly level: Level;
  /** The part of the program that speaks, as the log names it: `filter` prints `fail2ban.filter`. */
  readonly logger: string;
  readonly text: string;
}
