/**
 * A damaged database → what can still be read of it, in a new one. Rows are read from both ends of each table up to the
 * damage, around the indexes. Works on a copy; asks nobody's help.
 */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { createAll, inTransaction } from "./schema.ts";

interface Rescue {
  readonly table: string;
  /** Column in the new table, and what it is where the old one has none. */
  readonly columns: readonly (readonly [name: string, otherwise: SQLInputValue])[];
  /** Column with the jail's name: it is made known first. */
  readonly jail: string | null;
}

const banColumns = [
  ["jail", null],
  ["ip", null],
  ["timeofban", 0],
  ["bantime", -2],
  ["bancount", 1],
  ["data", null],
] as const;

const rescues: readonly Rescue[] = [
  {
    table: "jails",
    columns: [
      ["name", null],
      ["enabled", 0],
    ],
    jail: null,
  },
  {
    table: "logs",
    columns: [
      ["jail", null],
      ["path", null],
      ["firstlinemd5", ""],
      ["lastfilepos", 0],
    ],
    jail: "jail",
  },
  { table: "bips", columns: banColumns, jail: "jail" },
  { table: "bans", columns: banColumns, jail: "jail" },
];

/**
 * Makes a new database at `target` with the rows that can be read from `damaged`.
 * @returns how many rows were saved; throws SQLite's error where `target` cannot be written
 */
export function salvage(damaged: string, target: string): number {
  const fresh = new DatabaseSync(target);
  try {
    createAll(fresh);
    const old = openDamaged(damaged);
    if (old === null) return 0;
    const saved = inTransaction(fresh, () => {
      let rows = 0;
      for (const rescue of rescues) rows += copy(rescue, old, fresh);
      fresh.exec(
        "INSERT OR IGNORE INTO bips(ip, jail, timeofban, bantime, bancount, data) SELECT ip, jail, timeofban, bantime, bancount, data FROM bans WHERE ip IS NOT NULL ORDER BY timeofban DESC",
      );
      return rows;
    });
    old.close();
    return saved;
  } finally {
    fresh.close();
  }
}

function openDamaged(path: string): DatabaseSync | null {
  try {
    const db = new DatabaseSync(path);
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return db;
  } catch {
    return null;
  }
}

function copy(rescue: Rescue, old: DatabaseSync, fresh: DatabaseSync): number {
  const names = rescue.columns.map(([name]) => name);
  const insert = fresh.prepare(
    `INSERT OR IGNORE INTO ${rescue.table}(${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
  );
  const jail = fresh.prepare("INSERT OR IGNORE INTO jails(name, enabled) VALUES (?, 0)");
  const put = (row: Readonly<Record<string, SQLInputValue>>): number => {
    try {
      if (rescue.jail !== null) jail.run(row[rescue.jail] ?? null);
      return Number(insert.run(...rescue.columns.map(([name, otherwise]) => row[name] ?? otherwise)).changes);
    } catch {
      return 0;
    }
  };
  let saved = 0;
  const last = each(old, rescue.table, "ASC", null, (row) => (saved += put(row)));
  if (last !== "all") each(old, rescue.table, "DESC", last, (row) => (saved += put(row)));
  return saved;
}

/**
 * Hands over the rows of a table until the damage, or until row number `stop`.
 * @returns "all" when there was no damage, else the number of the last row that could be read
 */
function each(
  old: DatabaseSync,
  table: string,
  direction: "ASC" | "DESC",
  stop: bigint | null,
  take: (row: Readonly<Record<string, SQLInputValue>>) => void,
): bigint | "all" {
  let last = stop ?? -1n;
  try {
    const select = old.prepare(`SELECT rowid AS row_number, * FROM ${table} NOT INDEXED ORDER BY rowid ${direction}`);
    select.setReadBigInts(true);
    for (const row of select.iterate()) {
      const number = row["row_number"];
      if (stop !== null && typeof number === "bigint" && number <= stop) return "all";
      take(row);
      if (typeof number === "bigint") last = number;
    }
    return "all";
  } catch {
    return last;
  }
}
