/**
 * The tables of the database, version 4 (config-cli.md §9.1), and the way there from older versions (§9.2).
 * Names, columns and constraints are shared with fail2ban, so that either program can take over from the other.
 */
import type { DatabaseSync } from "node:sqlite";

export const VERSION = 4;

const ban =
  "timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL, bancount INTEGER NOT NULL DEFAULT 1, data JSON, FOREIGN KEY(jail) REFERENCES jails(name)";

/** Each table with its columns. */
const tables: ReadonlyMap<string, string> = new Map([
  ["fail2banDb", "version INTEGER"],
  ["jails", "name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 1"],
  [
    "logs",
    "jail TEXT NOT NULL, path TEXT, firstlinemd5 TEXT, lastfilepos INTEGER DEFAULT 0, FOREIGN KEY(jail) REFERENCES jails(name) ON DELETE CASCADE, " +
      "UNIQUE(jail, path), UNIQUE(jail, path, firstlinemd5)",
  ],
  ["bans", `jail TEXT NOT NULL, ip TEXT, ${ban}`],
  ["bips", `ip TEXT NOT NULL, jail TEXT NOT NULL, ${ban.replace(", FOREIGN", ", PRIMARY KEY(ip, jail), FOREIGN")}`],
]);

const indexes = [
  "jails_name ON jails(name)",
  "logs_path ON logs(path)",
  "logs_jail_path ON logs(jail, path)",
  "bans_jail_timeofban_ip ON bans(jail, timeofban)",
  "bans_jail_ip ON bans(jail, ip)",
  "bans_ip ON bans(ip)",
  "bips_timeofban ON bips(timeofban)",
  "bips_ip ON bips(ip)",
];

/** What leads from a version to the next; the last ban of each offender is what `bips` starts with. */
const steps: readonly (readonly [below: number, statements: readonly string[]])[] = [
  [2, rebuilt("logs", "jail, path, firstlinemd5, lastfilepos", "jail, path, firstlinemd5, lastfilepos")],
  [3, rebuilt("bans", "jail, ip, timeofban, bantime, bancount, data", "jail, ip, timeofban, -2, 1, data")],
  [
    4,
    [
      create("bips"),
      "INSERT OR REPLACE INTO bips(ip, jail, timeofban, bantime, bancount, data) SELECT ip, jail, timeofban, bantime, bancount, data FROM bans WHERE ip IS NOT NULL ORDER BY timeofban",
    ],
  ],
];

/** Makes what is missing of tables and indexes; does nothing to a complete database. */
export function complete(db: DatabaseSync): void {
  for (const name of tables.keys()) db.exec(create(name));
  for (const index of indexes) db.exec(`CREATE INDEX IF NOT EXISTS ${index}`);
}

/** Everything from nothing, in one transaction. */
export function createAll(db: DatabaseSync): void {
  inTransaction(db, () => {
    complete(db);
    setVersion(db);
  });
}

/** @returns the version that the file says it has; 0 when it holds no fail2ban database. */
export function versionOf(db: DatabaseSync): number {
  const table = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'fail2banDb'").get();
  if (table === undefined) return 0;
  const version = db.prepare("SELECT max(version) AS version FROM fail2banDb").get()?.["version"];
  return typeof version === "number" ? version : 0;
}

/** Brings an older database to version 4, in one transaction; throws SQLite's error with nothing changed. */
export function upgrade(db: DatabaseSync, from: number): void {
  inTransaction(db, () => {
    for (const [below, statements] of steps) if (from < below) for (const statement of statements) db.exec(statement);
    complete(db);
    setVersion(db);
  });
}

/** Runs `work` in a write transaction: whole or not at all. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (cause) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw cause;
  }
}

function setVersion(db: DatabaseSync): void {
  db.exec("DELETE FROM fail2banDb");
  db.exec(`INSERT INTO fail2banDb(version) VALUES (${VERSION})`);
}

function create(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table}(${tables.get(table) ?? ""})`;
}

/** The table anew with its present constraints and the old rows. */
function rebuilt(table: string, columns: string, values: string): readonly string[] {
  return [
    `ALTER TABLE ${table} RENAME TO ${table}_old`,
    create(table),
    `INSERT OR REPLACE INTO ${table}(${columns}) SELECT ${values} FROM ${table}_old`,
    `DROP TABLE ${table}_old`,
  ];
}
