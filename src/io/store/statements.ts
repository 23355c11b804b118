/** Every statement that the store runs, prepared once per connection. */
import type { DatabaseSync } from "node:sqlite";
import type { WaitingRecord } from "./waiting.ts";

const ban = "INTO %(jail, ip, timeofban, bantime, bancount, data) VALUES (?, ?, ?, ?, ?, ?)";
/** Whole numbers beyond 2^53 cannot be read as such: doubles always can. */
const numbers = "CAST(timeofban AS REAL) AS since, CAST(bantime AS REAL) AS lasts, CAST(bancount AS REAL) AS count";

/** The same text whether it was written as TEXT or as BLOB. */
const text = "CAST(data AS TEXT) AS data";

export type Statements = ReturnType<typeof prepareAll>;

export function prepareAll(db: DatabaseSync) {
  return {
    insertBan: db.prepare(`INSERT ${ban.replace("%", "bans")}`),
    putLastBan: db.prepare(`INSERT OR REPLACE ${ban.replace("%", "bips")}`),
    knowJail: db.prepare("INSERT OR IGNORE INTO jails(name, enabled) VALUES (?, 1)"),
    putJail: db.prepare(
      "INSERT INTO jails(name, enabled) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET enabled = excluded.enabled",
    ),
    disableAll: db.prepare("UPDATE jails SET enabled = 0 WHERE enabled <> 0"),
    putMark: db.prepare(
      "INSERT INTO logs(jail, path, firstlinemd5, lastfilepos) VALUES (?, ?, ?, ?) ON CONFLICT(jail, path) DO UPDATE SET firstlinemd5 = excluded.firstlinemd5, lastfilepos = excluded.lastfilepos",
    ),
    mark: db.prepare(
      "SELECT firstlinemd5 AS hash, CAST(lastfilepos AS REAL) AS position FROM logs WHERE jail = ? AND path = ?",
    ),
    forget: ["bans", "bips"].flatMap((table) =>
      ["jail = ?1 AND ip = ?2", "jail = ?1 AND ?2 IS NULL", "ip = ?2 AND ?1 IS NULL", "?1 IS NULL AND ?2 IS NULL"].map(
        (which) => db.prepare(`DELETE FROM ${table} WHERE ${which}`),
      ),
    ),
    jailsOf: db.prepare("SELECT jail FROM bips WHERE ip = ?"),
    everybody: db.prepare("SELECT count(*) AS count FROM bips WHERE ?1 IS NULL OR jail = ?1"),
    last: db.prepare(`SELECT jail, ${numbers} FROM bips WHERE ip = ?`),
    live: db.prepare(
      `SELECT ip, ${numbers}, ${text} FROM bips WHERE jail = ?1 AND ip > ?2 AND typeof(ip) = 'text' AND (timeofban + bantime > ?3 OR bantime <= -1) AND timeofban > ?4 ORDER BY ip LIMIT ?5`,
    ),
    merged: db.prepare(`SELECT jail, ${text} FROM bans WHERE ip = ?1 ORDER BY timeofban DESC LIMIT ?2`),
    purgeBans: db.prepare("DELETE FROM bans WHERE timeofban < ?"),
    purgeLast: db.prepare("DELETE FROM bips WHERE timeofban < ?1 AND bantime <> -1 AND timeofban + 3 * bantime < ?1"),
    purgeJails: db.prepare(
      "DELETE FROM jails WHERE enabled = 0 AND NOT EXISTS (SELECT 1 FROM bans WHERE jail = name) AND NOT EXISTS (SELECT 1 FROM bips WHERE jail = name)",
    ),
  };
}

/**
 * Writes one record.
 * @param known the jails that this transaction has made sure of
 */
export function write(run: Statements, record: WaitingRecord, known: Set<string>): void {
  switch (record.kind) {
    case "ban": {
      const { jail, key, since, lasts, count, data } = record;
      knowJail(run, jail, known);
      for (const statement of [run.insertBan, run.putLastBan]) statement.run(jail, key, since, lasts, count, data);
      return;
    }
    case "forget":
      for (const statement of run.forget) statement.run(record.jail, record.key);
      return;
    case "jail":
      if (record.jail === null) run.disableAll.run();
      else run.putJail.run(record.jail, record.enabled ? 1 : 0);
      return;
    case "mark":
      knowJail(run, record.jail, known);
      run.putMark.run(record.jail, record.path, record.mark.hash, record.mark.position);
      return;
  }
}

function knowJail(run: Statements, jail: string, known: Set<string>): void {
  if (known.has(jail)) return;
  run.knowJail.run(jail);
  known.add(jail);
}
