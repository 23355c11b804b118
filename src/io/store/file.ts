/**
 * The database file itself: open, create, bring up to date, put aside when it is damaged (config-cli.md §9.2).
 * What is written into it is the store's business.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Instant, Said } from "../../base/index.ts";
import { salvage } from "./salvage.ts";
import { complete, createAll, upgrade, VERSION, versionOf } from "./schema.ts";
import { prepareAll, type Statements } from "./statements.ts";
import { say } from "./words.ts";

export type Opened =
  | { readonly ok: true; readonly db: DatabaseSync; readonly run: Statements }
  | { readonly ok: false; readonly message: string };

export interface FileWorld {
  readonly now: () => Instant;
  readonly say: (said: Said) => void;
}

/** Milliseconds that opening at start waits for somebody else's lock. */
const OPEN_PATIENCE = 5000;

/** SQLite's result codes (https://sqlite.org/rescode.html) that are told apart. */
export const code = {
  error: 1,
  busy: 5,
  locked: 6,
  full: 13,
  corrupt: 11,
  notADatabase: 26,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
} as const;

/** SQLite's primary result code; 0 for any other error. */
export function codeOf(cause: unknown): number {
  const errcode = typeof cause === "object" && cause !== null && "errcode" in cause ? cause.errcode : 0;
  return typeof errcode === "number" ? errcode & 0xff : 0;
}

export function isDamage(cause: unknown): boolean {
  return codeOf(cause) === code.corrupt || codeOf(cause) === code.notADatabase;
}

/**
 * Opens the database at `path`, makes it where there is none, upgrades an older one after a copy was made, and makes a
 * damaged one anew from what can be read. A new file is readable by its owner only.
 * @param patience milliseconds to wait for somebody else's lock
 * @returns the connection, or why there is none: the file cannot be opened, is of a later version, is locked
 */
export function openFile(path: string, world: FileWorld, patience = OPEN_PATIENCE): Opened {
  try {
    return path === ":memory:" ? prepare(path, world, patience) : prepare(touch(path), world, patience);
  } catch (cause) {
    // An SQL error means tables that are not what their version promises.
    const hopeless = (!isDamage(cause) && codeOf(cause) !== code.error) || path === ":memory:";
    return hopeless
      ? { ok: false, message: `Error connecting to fail2ban persistent database '${path}': ${reasonOf(cause)}` }
      : openRepaired(path, world, reasonOf(cause));
  }
}

/** The same for a file that turned out to be damaged. */
export function openRepaired(path: string, world: FileWorld, reason: string): Opened {
  world.say(say.damaged(path, reason));
  try {
    repair(path, world);
    return prepare(path, world, 0);
  } catch (cause) {
    return { ok: false, message: `Error repairing of fail2ban database '${path}': ${reasonOf(cause)}` };
  }
}

/** Puts the file aside and makes a new one, with what can be read of the old, in its place. Throws when the disk refuses. */
function repair(path: string, world: FileWorld): void {
  const aside = asideName(path, world.now());
  const fresh = `${path}.repair`;
  try {
    copyFileSync(path, aside, constants.COPYFILE_EXCL);
    if (existsSync(`${path}-journal`)) copyFileSync(`${path}-journal`, `${aside}-journal`);
    rmSync(fresh, { force: true });
    closeSync(openSync(fresh, "wx", 0o600));
    const rows = salvage(aside, fresh);
    // A journal left beside the new file would be played back into it.
    for (const journal of [`${fresh}-journal`, `${path}-journal`]) rmSync(journal, { force: true });
    renameSync(fresh, path);
    syncFolder(path);
    world.say(say.repaired(path, rows, aside));
  } catch (cause) {
    // It will be tried again, and copies must not fill the disk meanwhile.
    for (const copy of [aside, `${aside}-journal`, fresh]) rmSync(copy, { force: true });
    throw cause;
  }
}

/** Number of the file on its disk, to notice that somebody removed or replaced it; 0 for none. */
export function fileNumber(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function prepare(path: string, world: FileWorld, patience: number): Opened {
  const db = new DatabaseSync(path, {
    timeout: patience,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  });
  try {
    db.enableDefensive(true);
    const version = versionOf(db);
    if (version > VERSION) {
      db.close();
      return {
        ok: false,
        message: `The database '${path}' has version ${version}; this program knows versions up to ${VERSION}. Update the program, or name another dbfile`,
      };
    }
    // One file that others may open and copy; whole after a power cut.
    db.exec(
      "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -512",
    );
    world.say(say.connected(path));
    settle(db, path, version, world);
    return { ok: true, db, run: prepareAll(db) };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function settle(db: DatabaseSync, path: string, version: number, world: FileWorld): void {
  if (version === VERSION) return complete(db);
  if (version === 0) {
    createAll(db);
    return world.say(say.created(VERSION));
  }
  if (path !== ":memory:") {
    const copy = asideName(path, world.now());
    copyFileSync(path, copy, constants.COPYFILE_EXCL);
    world.say(say.backedUp(copy));
  }
  upgrade(db, version);
  world.say(say.updated(version, VERSION));
}

/** Makes the file, and the last part of its folder, where missing. SQLite would make it readable for all. */
function touch(path: string): string {
  if (existsSync(path)) return path;
  if (isAbsolute(path) && !existsSync(dirname(path))) mkdirSync(dirname(path), 0o700);
  closeSync(openSync(path, "a", 0o600));
  return path;
}

/** A name beside the file that is still free: the time in UTC, and a number where that second is taken. */
function asideName(path: string, now: Instant): string {
  const [date = "", time = ""] = new Date(now * 1000).toISOString().split(/[T.]/);
  const name = `${path}.${date.replaceAll("-", "")}-${time.replaceAll(":", "")}`;
  let free = name;
  for (let i = 2; existsSync(free); i += 1) free = `${name}-${i}`;
  return free;
}

/** Makes a rename last through a power cut. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
