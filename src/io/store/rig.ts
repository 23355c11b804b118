/** For the tests of this room: a store on a temporary file, with a clock that stands still and an ear for what it says. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { VirtualClock, whoOf, type Ban, type Said } from "../../base/index.ts";
import { openStore, type LiveRules, type Store, type WaitingLimits } from "./index.ts";

export const NOW = 1_795_000_000;
export const rules: LiveRules = { increment: false, bantime: 600, maxtime: null, maxmatches: 5 };

export interface Rig {
  readonly path: string;
  readonly clock: VirtualClock;
  readonly said: Said[];
  readonly open: (limits?: WaitingLimits) => Store;
}

export function rig(t: TestContext, name = "f.sqlite3"): Rig {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  const path = join(folder, name);
  const clock = new VirtualClock(NOW);
  const said: Said[] = [];
  const stores: Store[] = [];
  t.after(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (limits?: WaitingLimits): Store => {
    const opened = openStore(path, { clock, say: (one) => said.push(one) }, limits);
    assert.ok(opened.ok && opened.store, opened.ok ? "no store" : opened.message);
    stores.push(opened.store);
    return opened.store;
  };
  return { path, clock, said, open };
}

export function banOf(key: string, more: Partial<Ban> = {}): Ban {
  return {
    jail: "sshd",
    who: whoOf(key),
    since: NOW - 10,
    lasts: 600,
    count: 1,
    failures: 3,
    matches: [["", "DATE", " bad"], "later"],
    fields: { user: "root" },
    restored: false,
    ...more,
  };
}

/** The same ban, all of it worked out: for comparisons. */
export function plainBan({ jail, who, since, lasts, count, failures, matches, fields, restored }: Ban): Ban {
  return { jail, who, since, lasts, count, failures, matches, fields, restored };
}

export const levels = (said: readonly Said[]): string[] => said.map((one) => one.level);
export const keys = (store: Store, jail = "sshd", now = NOW, given = rules): string[] =>
  [...store.live(jail, now, given)].map((ban) => `${ban.who.key}/${ban.lasts}`);

/** Asks the file itself, as another program would. */
export function ask(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path);
  const rows = db
    .prepare(sql)
    .all()
    .map((row) => Object.values(row));
  db.close();
  return rows;
}
