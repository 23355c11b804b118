/** What the store says in the log. The first three are fail2ban's lines (config-cli.md §7.5); the others are ours. */
import type { Level, Said } from "../../base/index.ts";

function line(level: Level, text: string): Said {
  return { level, logger: "database", text };
}

export const say = {
  connected: (path: string): Said => line("INFO", `Connected to fail2ban persistent database '${path}'`),
  created: (version: number): Said => line("WARNING", `New database created. Version '${version}'`),
  updated: (from: number, to: number): Said => line("WARNING", `Database updated from '${from}' to '${to}'`),
  backedUp: (path: string): Said => line("INFO", `The database as it was is kept in ${path}`),
  damaged: (path: string, reason: string): Said => line("ERROR", `The database ${path} is damaged (${reason})`),
  repaired: (path: string, rows: number, aside: string): Said =>
    line(
      "WARNING",
      `Made ${path} anew with ${rows} rows that could still be read; the damaged file is kept in ${aside}`,
    ),
  failing: (path: string, reason: string): Said =>
    line(
      "ERROR",
      `The database ${path} cannot be used: ${reason}. Bans go on, and wait in memory to be written; nothing more is said until it works again`,
    ),
  working: (path: string, records: number): Said =>
    line("NOTICE", `The database ${path} can be used again; ${records} waiting records were written`),
  overfull: (records: number): Said =>
    line("WARNING", `More than ${records} records wait for the database: the oldest are given up`),
  refused: (reason: string): Said =>
    line("WARNING", `Records were left out which the database does not take: ${reason}`),
} as const;
