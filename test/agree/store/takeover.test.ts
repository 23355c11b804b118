/** One database, two programs: what the original wrote is taken over by ours with every ban and count, and back. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { VirtualClock, whoOf, type Ban, type Match, type Said } from "../../../src/base/index.ts";
import { openStore, type LiveRules, type Store } from "../../../src/io/store/index.ts";
import { plainBan } from "../../../src/io/store/rig.ts";
import { oracleTree } from "../../oracle.ts";
import { without } from "../../skips.ts";
import { askPython } from "./ask.ts";

const NOW = Math.floor(Date.now() / 1000);
const all: LiveRules = { increment: true, bantime: 600, maxtime: null, maxmatches: 10 };
const jails = ["sshd", "nginx-http-auth", "résumé 日本"] as const;

interface Written {
  readonly jail: string;
  readonly key: string;
  readonly since: number;
  readonly lasts: number;
  readonly count: number;
  readonly failures: number;
  readonly matches: readonly Match[];
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** Bans of every kind: both families, networks, plain ids, permanent, repeated, with both forms of lines and odd text. */
const bans: readonly Written[] = [
  {
    jail: "sshd",
    key: "192.0.2.1",
    since: NOW - 300,
    lasts: 600,
    count: 1,
    failures: 3,
    matches: [["", "2026-11-22 08:56:34", " Bad alice"], "2026-11-22 08:56:34 Bad carol"],
    fields: { user: "alice", ip4: "192.0.2.1" },
  },
  {
    jail: "sshd",
    key: "192.0.2.1",
    since: NOW - 100,
    lasts: 1200,
    count: 2,
    failures: 4,
    matches: ["again"],
    fields: { user: "bob" },
  },
  {
    jail: "nginx-http-auth",
    key: "192.0.2.1",
    since: NOW - 50,
    lasts: -1,
    count: 5,
    failures: 1,
    matches: [],
    fields: {},
  },
  {
    jail: "sshd",
    key: "2001:db8::1",
    since: NOW - 10,
    lasts: 600,
    count: 1,
    failures: 2,
    matches: [["a ", "D", ' zwölf\u2028 "quoted" \\ \t']],
    fields: { users: ["a", "b"], mlfid: "x" },
  },
  { jail: "sshd", key: "198.51.100.0/24", since: NOW - 10, lasts: -1, count: 1, failures: 0, matches: [], fields: {} },
  {
    jail: "résumé 日本",
    key: "some id",
    since: NOW - 10,
    lasts: 86_400,
    count: 21,
    failures: 9,
    matches: ["x".repeat(5000)],
    fields: { fid: "some id" },
  },
];

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "takeover-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function openAt(path: string, said: Said[] = []): Store {
  const opened = openStore(path, { clock: new VirtualClock(NOW), say: (one) => said.push(one) });
  assert.ok(opened.ok && opened.store, opened.ok ? "" : opened.message);
  return opened.store;
}

/** The last ban of each offender in each jail. */
function lastBans(): readonly Written[] {
  return [...new Map(bans.map((ban) => [`${ban.jail}\0${ban.key}`, ban])).values()];
}

function asBan(row: Written): Ban {
  const { key, ...rest } = row;
  return { ...rest, who: whoOf(key), restored: true };
}

const order = (a: { jail: string; who: { key: string } }, b: { jail: string; who: { key: string } }): number =>
  `${a.jail}\0${a.who.key}` < `${b.jail}\0${b.who.key}` ? -1 : 1;

test(
  "ours takes over a database of the original with every ban and count",
  { skip: without("python3", "oracle") },
  (t) => {
    const path = join(folder(t), "f.sqlite3");
    askPython({ do: "write", path, bans });
    const said: Said[] = [];
    const store = openAt(path, said);
    const found = jails.flatMap((jail) => [...store.live(jail, NOW, all)]);
    const expected = lastBans().map(asBan).toSorted(order);
    assert.deepEqual(found.map(plainBan).toSorted(order), expected);
    assert.deepEqual(store.history("sshd", "192.0.2.1"), { count: 2, since: NOW - 100, lasts: 1200 });
    assert.equal(store.history(null, "192.0.2.1")?.count, 7);
    assert.deepEqual(store.matches("192.0.2.1", null, 10), {
      failures: 8,
      matches: [["", "2026-11-22 08:56:34", " Bad alice"], "2026-11-22 08:56:34 Bad carol", "again"],
      fields: { user: "alice", ip4: "192.0.2.1" },
    });
    assert.deepEqual(
      said.map((one) => one.level),
      ["INFO"],
      "nothing had to be made or changed",
    );
    store.close();
  },
);

interface Read {
  readonly bans: readonly (readonly [
    jail: string,
    key: string,
    since: number,
    lasts: number,
    count: number,
    data: Readonly<Record<string, unknown>>,
  ])[];
  readonly counts: readonly (readonly (readonly [count: number, since: number, lasts: number])[])[];
  readonly merged: readonly ([failures: number, matches: readonly Match[]] | null)[];
}

test(
  "the original takes over a database of ours with every ban and count",
  { skip: without("python3", "oracle") },
  (t) => {
    const path = join(folder(t), "f.sqlite3");
    const store = openAt(path);
    for (const jail of jails) store.addJail(jail);
    for (const row of bans) store.remember({ ...asBan(row), restored: false }, 10);
    store.setJournalMark("sshd", { at: NOW + 0.5, iso: "2026-11-22T08:56:34", cursor: "s=1;i=2" });
    store.close();
    const read = askPython({ do: "read", path, jails, now: NOW, keys: ["192.0.2.1", "192.0.2.9"] }) as Read;
    const expected = lastBans().map((ban) => [
      ban.jail,
      ban.key,
      ban.since,
      ban.lasts,
      ban.count,
      { matches: ban.matches, failures: ban.failures, ...ban.fields },
    ]);
    assert.deepEqual(
      read.bans.map((row) => JSON.stringify(row)).toSorted(),
      expected.map((row) => JSON.stringify(row)).toSorted(),
    );
    assert.deepEqual(
      read.counts.map((rows) => rows.map(([count, since]) => [count, since])),
      [[[7, NOW - 50]], []],
    );
    assert.deepEqual(read.merged[0], [
      8,
      [["", "2026-11-22 08:56:34", " Bad alice"], "2026-11-22 08:56:34 Bad carol", "again"],
    ]);
    const again = openAt(path);
    assert.equal([...again.live("sshd", NOW, all)].length, 3, "and ours takes it back");
    assert.equal(again.journalMark("sshd")?.cursor, "s=1;i=2");
    again.close();
  },
);

const samples = `${oracleTree}/usr/lib/python3/dist-packages/fail2ban/tests/files`;
const older: readonly (readonly [version: number, jail: string, keys: readonly string[], logs: number])[] = [
  [1, "DummyJail #29162448 with 0 tickets", ["127.0.0.1"], 3],
  [2, "pam-generic", ["1.2.3.7", "1.2.3.8"], 1],
];

for (const [version, jail, keys, logs] of older)
  test(
    `a database of version ${version} is upgraded after a copy was made, and the original reads it`,
    { skip: without("python3", "oracle") },
    (t) => {
      const path = join(folder(t), "f.sqlite3");
      copyFileSync(`${samples}/database_v${version}.db`, path);
      const said: Said[] = [];
      const store = openAt(path, said);
      const rules: LiveRules = { increment: false, bantime: -1, maxtime: null, maxmatches: 10 };
      const found = [...store.live(jail, NOW, rules)];
      assert.deepEqual(
        found.map((ban) => [ban.who.key, ban.lasts, ban.count]),
        keys.map((key) => [key, -1, 1]),
        "an unknown length is the jail's",
      );
      assert.ok(found.every((ban) => ban.matches.length > 0));
      assert.deepEqual([...store.live(jail, NOW, { ...rules, bantime: 600 })], []);
      store.close();
      assert.equal(
        said
          .filter((one) => one.level === "WARNING")
          .map((one) => one.text)
          .join(),
        `Database updated from '${version}' to '4'`,
      );
      assert.equal(readdirSync(join(path, "..")).filter((name) => /^f\.sqlite3\.\d{8}-\d{6}$/.test(name)).length, 1);
      const db = new DatabaseSync(path);
      assert.equal(db.prepare("SELECT count(*) AS n FROM logs").get()?.["n"], logs);
      assert.equal(
        db
          .prepare(
            "SELECT count(*) AS n FROM sqlite_master WHERE name LIKE 'logs_%' OR name LIKE 'bans_%' OR name LIKE 'bips_%'",
          )
          .get()?.["n"],
        7,
      );
      assert.deepEqual(db.prepare("PRAGMA foreign_key_check").all(), []);
      db.close();
      const read = askPython({ do: "read", path, jails: [jail], now: NOW, keys: [...keys] }) as Read;
      assert.deepEqual(
        read.counts.map((rows) => rows.map(([count, , lasts]) => [count, lasts])),
        keys.map(() => [[1, -2]]),
      );
    },
  );

test("a database of version 3 gets its table of last bans", { skip: without("oracle") }, (t) => {
  const path = join(folder(t), "f.sqlite3");
  copyFileSync(`${samples}/database_v2.db`, path);
  const db = new DatabaseSync(path);
  db.exec(`ALTER TABLE bans RENAME TO old; CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL, bancount INTEGER NOT NULL DEFAULT 1, data JSON, FOREIGN KEY(jail) REFERENCES jails(name));
    INSERT INTO bans SELECT jail, ip, timeofban, 60, 3, data FROM old; INSERT INTO bans SELECT jail, ip, timeofban - 5, 50, 2, data FROM old; DROP TABLE old; UPDATE fail2banDb SET version = 3`);
  db.close();
  const store = openAt(path);
  assert.deepEqual(store.history("pam-generic", "1.2.3.7"), { count: 3, since: 1417595494, lasts: 60 });
  store.close();
});
