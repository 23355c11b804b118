import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { VirtualClock } from "../../base/index.ts";
import { openStore } from "./index.ts";
import { ask, banOf, keys, levels, NOW, rig, rules } from "./rig.ts";

test("while somebody holds a lock, bans wait and are answered; a short lock is not worth a word", (t) => {
  const { path, clock, said, open } = rig(t);
  const store = open();
  store.remember(banOf("192.0.2.1"), 0);
  store.flush();
  said.length = 0;
  const other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  store.remember(banOf("192.0.2.2"), 0);
  clock.advance(NOW + 5);
  assert.equal(store.flush(), false);
  assert.equal(store.history("sshd", "192.0.2.2")?.count, 1);
  assert.deepEqual(said, []);
  clock.advance(NOW + 60);
  assert.deepEqual(levels(said), ["ERROR"], "said once");
  other.exec("COMMIT");
  other.close();
  clock.advance(NOW + 120);
  assert.deepEqual(levels(said), ["ERROR", "NOTICE"]);
  assert.deepEqual(ask(path, "SELECT ip FROM bips ORDER BY ip"), [["192.0.2.1"], ["192.0.2.2"]]);
});

test("who is forgotten while the file is locked is unknown at once, and gone when it works again", (t) => {
  const { path, clock, open } = rig(t);
  const store = open();
  for (const key of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) store.remember(banOf(key), 5);
  store.flush();
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  assert.equal(store.forget("sshd", "192.0.2.1"), 1);
  assert.equal(store.forget(null, "192.0.2.2"), 1);
  assert.equal(store.forget(null, "192.0.2.2"), 0);
  store.remember(banOf("192.0.2.2", { count: 7 }), 5);
  assert.equal(store.history(null, "192.0.2.1"), null);
  assert.equal(store.matches("192.0.2.1", null, 5), null);
  assert.equal(store.history(null, "192.0.2.2")?.count, 7);
  assert.deepEqual(keys(store).toSorted(), ["192.0.2.2/600", "192.0.2.3/600"]);
  other.exec("COMMIT");
  other.close();
  clock.advance(NOW + 60);
  assert.deepEqual(ask(path, "SELECT ip, bancount FROM bips ORDER BY ip"), [
    ["192.0.2.2", 7],
    ["192.0.2.3", 1],
  ]);
  assert.deepEqual(ask(path, "SELECT count(*) FROM bans"), [[2]]);
});

test("what waits is bounded: the oldest records are given up, and it is said once", (t) => {
  const { path, clock, said, open } = rig(t);
  const store = open({ records: 10, bytes: 10_000 });
  store.flush();
  const other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  said.length = 0;
  for (let i = 0; i < 25; i += 1) store.remember(banOf(`192.0.2.${i}`), 0);
  assert.equal(store.waiting, 10);
  assert.deepEqual([store.history("sshd", "192.0.2.3"), store.history("sshd", "192.0.2.24")?.count], [null, 1]);
  for (let i = 0; i < 5; i += 1) store.remember(banOf(`198.51.100.${i}`, { matches: ["x".repeat(4000)] }), 9);
  assert.ok(store.waiting <= 3, "bytes count too");
  assert.deepEqual(levels(said), ["WARNING"]);
  other.exec("COMMIT");
  other.close();
  clock.advance(NOW + 60);
  assert.equal(store.waiting, 0);
});

test("a file that is damaged while in use is made anew with what can be read, and the ban under way is not lost", (t) => {
  const { path, said, open } = rig(t);
  const store = open();
  for (let i = 0; i < 3000; i += 1) store.remember(banOf(`10.1.${i >> 8}.${i & 255}`), 5);
  store.flush();
  const size = statSync(path).size;
  const file = openSync(path, "r+");
  for (let at = 20; at < 24; at += 1) writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, at * 4096);
  closeSync(file);
  assert.ok(size > 24 * 4096);
  store.remember(banOf("192.0.2.1"), 5);
  store.close();
  const again = open();
  const found = new Set(keys(again, "sshd", NOW, { ...rules, increment: true }));
  assert.ok(found.has("192.0.2.1/600"));
  assert.ok(found.size > 2700, `${found.size} of 3001 bans`);
  assert.ok(said.some((one) => one.level === "ERROR" && one.text.includes("damaged")));
  assert.deepEqual(ask(path, "PRAGMA integrity_check"), [["ok"]]);
  assert.equal(readdirSync(join(path, "..")).filter((name) => /f\.sqlite3\.\d{8}-\d{6}$/.test(name)).length, 1);
});

test("a file that is no database is put aside and a new one made", (t) => {
  const { path, said, open } = rig(t);
  writeFileSync(path, "garbage ".repeat(2000));
  const store = open();
  store.remember(banOf("192.0.2.1"), 0);
  assert.ok(store.flush());
  assert.deepEqual(levels(said), ["ERROR", "WARNING", "INFO"]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a database whose tables are not what its version says is made anew", (t) => {
  const { path, open } = rig(t);
  ask(path, "SELECT 1");
  const db = new DatabaseSync(path);
  db.exec(
    "CREATE TABLE fail2banDb(version INTEGER); INSERT INTO fail2banDb VALUES (4); CREATE TABLE jails(name TEXT NOT NULL UNIQUE); INSERT INTO jails VALUES ('old')",
  );
  db.close();
  const store = open();
  store.flush();
  assert.deepEqual(ask(path, "SELECT name, enabled FROM jails"), [["old", 0]]);
});

test("a later version is refused and left as it is", (t) => {
  const { path, clock } = rig(t);
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE fail2banDb(version INTEGER); INSERT INTO fail2banDb VALUES (5)");
  db.close();
  const opened = openStore(path, { clock, say: () => {} });
  assert.ok(!opened.ok && /version 5/.test(opened.message));
  assert.deepEqual(ask(path, "SELECT version FROM fail2banDb"), [[5]]);
});

test("a path that cannot be opened is refused", (t) => {
  const { clock } = rig(t);
  const opened = openStore("/nonexistent/deeper/f.sqlite3", { clock, say: () => {} });
  assert.ok(!opened.ok && opened.message.includes("/nonexistent/deeper/f.sqlite3"));
});

test("a file that somebody removes is made again with the next ban", (t) => {
  const { path, clock, open } = rig(t);
  const store = open();
  store.flush();
  rmSync(path);
  store.remember(banOf("192.0.2.1"), 0);
  clock.advance(NOW + 1);
  assert.ok(existsSync(path));
  assert.deepEqual(ask(path, "SELECT ip FROM bips"), [["192.0.2.1"]]);
});

test("columns that another program filled with anything do no harm", (t) => {
  const { path, open } = rig(t);
  open().close();
  const db = new DatabaseSync(path);
  db.exec("INSERT INTO jails(name) VALUES ('sshd')");
  const put = db.prepare(
    "INSERT INTO bips(ip, jail, timeofban, bantime, bancount, data) VALUES (?, 'sshd', ?, ?, ?, ?)",
  );
  put.run("192.0.2.1", NOW, 9007199254740993n, "many", "{");
  put.run("192.0.2.2", "soon", 600, 1, null);
  put.run(
    "192.0.2.3",
    NOW + 0.5,
    600,
    1,
    '{"matches": [1, ["a"], ["a","b","c"], null], "failures": "x", "user": null, "deep": {}, "__proto__": "p", "n": 5}',
  );
  put.run("192.0.2.4", NOW, 600, 1, Buffer.from("[1]"));
  db.close();
  const bans = [...open().live("sshd", NOW, { ...rules, increment: true })];
  assert.deepEqual(
    bans.map((ban) => ban.who.key),
    ["192.0.2.1", "192.0.2.3", "192.0.2.4"],
  );
  assert.deepEqual(bans[1]?.matches, ["1", "a", ["a", "b", "c"], "null"]);
  assert.deepEqual(Object.entries(bans[1]?.fields ?? {}), [
    ["__proto__", "p"],
    ["n", 5],
  ]);
});

test("a file left by a writer that died in the middle of a transaction opens as it was before", (t) => {
  const { path, open } = rig(t);
  const store = open();
  for (let i = 0; i < 500; i += 1) store.remember(banOf(`10.2.${i >> 8}.${i & 255}`), 5);
  store.close();
  const writer = new DatabaseSync(path);
  writer.exec(
    "PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE bips SET bantime = 1, data = zeroblob(500)",
  );
  const copy = `${path}.cut`;
  for (const end of ["", "-journal"]) writeFileSync(`${copy}${end}`, readFileSync(`${path}${end}`));
  writer.exec("ROLLBACK");
  writer.close();
  assert.ok(statSync(`${copy}-journal`).size > 512, "the cut came in the middle");
  const opened = openStore(copy, { clock: new VirtualClock(NOW), say: () => {} });
  assert.ok(opened.ok && opened.store);
  assert.equal(keys(opened.store).length, 500);
  opened.store.close();
});

test("ids that are no text do not keep the restore from ending", (t) => {
  const { path, open } = rig(t);
  open().close();
  ask(path, "INSERT INTO jails(name) VALUES ('sshd')");
  ask(
    path,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
    INSERT INTO bips(ip, jail, timeofban, bantime) SELECT CAST(x'FF' || printf('%05d', i) AS TEXT), 'sshd', ${NOW}, 600 FROM n`,
  );
  ask(path, `INSERT INTO bips(ip, jail, timeofban, bantime) VALUES (x'00FF', 'sshd', ${NOW}, 600)`);
  assert.ok(keys(open()).length >= 1000);
});

test("a record that the database does not take is left out, the others are written", (t) => {
  const { path, said, open } = rig(t);
  const store = open();
  store.remember(banOf("192.0.2.1", { since: NaN }), 5);
  store.remember(banOf("192.0.2.2"), 5);
  assert.ok(store.flush());
  assert.deepEqual(ask(path, "SELECT ip FROM bips"), [["192.0.2.2"]]);
  assert.equal(said.at(-1)?.level, "WARNING");
});
