import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { VirtualClock } from "../../base/index.ts";
import { openStore, type LiveRules } from "./index.ts";
import { ask, banOf, keys, NOW, plainBan, rig, rules } from "./rig.ts";

test("a new database is made for its owner only, in one file, and said", (t) => {
  const { path, said, open } = rig(t);
  open().close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(
    said.map((one) => one.text),
    [`Connected to fail2ban persistent database '${path}'`, "New database created. Version '4'"],
  );
  assert.deepEqual(ask(path, "SELECT version FROM fail2banDb"), [[4]]);
  assert.deepEqual(ask(path, "PRAGMA journal_mode"), [["delete"]], "no mode that stays in the file");
});

test("a ban is remembered with its lines, and comes back as restored", (t) => {
  const { open } = rig(t);
  const store = open();
  store.addJail("sshd");
  store.remember(banOf("2001:db8::1"), 10);
  store.close();
  assert.deepEqual([...open().live("sshd", NOW, rules)].map(plainBan), [banOf("2001:db8::1", { restored: true })]);
});

test("rows are written as fail2ban writes them", (t) => {
  const { path, open } = rig(t);
  const store = open();
  store.addJail("sshd");
  store.remember(
    banOf("192.0.2.1", {
      since: NOW + 0.6,
      lasts: 600.7,
      matches: ["a", ["b", "c", "d"], "é\ud800"],
      fields: { user: "x", users: ["a"], matches: "no", failures: "no" },
    }),
    2,
  );
  store.remember(banOf("192.0.2.2", { matches: [], failures: 0, fields: {} }), 0);
  assert.ok(store.flush());
  const data = '{"matches":[["b","c","d"],"é\ufffd"],"failures":3,"user":"x","users":["a"]}';
  assert.deepEqual(
    ask(path, "SELECT jail, ip, timeofban, bantime, bancount, CAST(data AS TEXT), typeof(data) FROM bips ORDER BY ip"),
    [
      ["sshd", "192.0.2.1", NOW + 1, 600, 1, data, "blob"],
      ["sshd", "192.0.2.2", NOW - 10, 600, 1, '{"matches":[],"failures":0}', "blob"],
    ],
  );
  assert.deepEqual(ask(path, "SELECT count(*) FROM bans"), [[2]]);
});

test("what is decided is answered at once and written together after half a second", (t) => {
  const { path, clock, open } = rig(t);
  const store = open();
  store.remember(banOf("192.0.2.1", { count: 2 }), 10);
  store.remember(banOf("192.0.2.2"), 10);
  assert.deepEqual(store.history("sshd", "192.0.2.1"), { count: 2, since: NOW - 10, lasts: 600 });
  assert.deepEqual(ask(path, "SELECT count(*) FROM bips"), [[0]]);
  clock.advance(NOW + 0.5);
  assert.deepEqual(ask(path, "SELECT count(*) FROM bips"), [[2]]);
  assert.equal(store.waiting, 0);
  assert.deepEqual(store.history("sshd", "192.0.2.1"), { count: 2, since: NOW - 10, lasts: 600 });
});

test("history is of one jail, or the sum of all with the latest time", (t) => {
  const { open } = rig(t);
  const store = open();
  store.remember(banOf("192.0.2.1", { count: 2, since: NOW - 500, lasts: 60 }), 0);
  store.flush();
  store.remember(banOf("192.0.2.1", { jail: "nginx", count: 3, since: NOW - 50, lasts: 70 }), 0);
  for (const written of [false, true]) {
    assert.deepEqual(store.history("sshd", "192.0.2.1"), { count: 2, since: NOW - 500, lasts: 60 });
    assert.deepEqual(store.history(null, "192.0.2.1"), { count: 5, since: NOW - 50, lasts: 70 });
    assert.equal(store.history("other", "192.0.2.1"), null);
    assert.equal(store.history(null, "192.0.2.9"), null);
    if (!written) store.flush();
  }
});

test("the lines of all bans of somebody are merged, the last ones kept, the first ban's fields winning", (t) => {
  const { open } = rig(t);
  const store = open();
  for (let i = 0; i < 14; i += 1) {
    store.remember(
      banOf("192.0.2.1", {
        jail: i % 2 === 0 ? "even" : "odd",
        since: NOW - 100 + i,
        failures: 2,
        matches: [`m${i}`],
        fields: { user: `u${i}` },
      }),
      10,
    );
    if (i === 9) store.flush();
  }
  const merged = store.matches("192.0.2.1", null, 10);
  assert.deepEqual(merged, {
    failures: 28,
    matches: ["m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13"],
    fields: { user: "u0" },
  });
  assert.deepEqual(store.matches("192.0.2.1", "odd", 2), {
    failures: 14,
    matches: ["m11", "m13"],
    fields: { user: "u1" },
  });
  assert.equal(store.matches("192.0.2.9", null, 10), null);
});

test("only what is still in force under the jail's rules comes back", (t) => {
  const { open } = rig(t);
  const store = open();
  const row = (key: string, age: number, lasts: number): void =>
    store.remember(banOf(key, { since: NOW - age, lasts }), 0);
  row("192.0.2.1", 100, 600);
  row("192.0.2.2", 700, 600);
  row("192.0.2.3", 100, -1);
  row("192.0.2.4", 700, 1000);
  const table: readonly (readonly [Partial<LiveRules>, readonly string[]])[] = [
    [{}, ["192.0.2.1/600", "192.0.2.3/600"]],
    [{ increment: true, maxtime: 800 }, ["192.0.2.1/600", "192.0.2.3/800", "192.0.2.4/800"]],
    [{ increment: true }, ["192.0.2.1/600", "192.0.2.3/-1", "192.0.2.4/1000"]],
    [{ bantime: -1 }, ["192.0.2.1/600", "192.0.2.3/-1", "192.0.2.4/1000"]],
    [{ increment: true, maxtime: 650 }, ["192.0.2.1/600", "192.0.2.3/650"]],
    [{ bantime: 60 }, []],
  ];
  for (const flushed of [false, true]) {
    for (const [given, expected] of table)
      assert.deepEqual(
        keys(store, "sshd", NOW, { ...rules, ...given }),
        expected,
        `${JSON.stringify(given)} ${flushed}`,
      );
  }
});

test("many bans come back in pages, each once", (t) => {
  const { open } = rig(t);
  const store = open();
  const all = Array.from({ length: 2500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  for (const key of all) store.remember(banOf(key), 0);
  assert.deepEqual(keys(store).toSorted(), all.map((key) => `${key}/600`).toSorted());
});

test("forgetting deletes bans and history of one, of a jail, of all, and counts them", (t) => {
  const { path, open } = rig(t);
  const store = open();
  for (const jail of ["a", "b"]) for (const key of ["192.0.2.1", "192.0.2.2"]) store.remember(banOf(key, { jail }), 0);
  assert.equal(store.forget("a", "192.0.2.1"), 1);
  assert.equal(store.forget("a", "192.0.2.1"), 0);
  assert.equal(store.history("a", "192.0.2.1"), null);
  assert.equal(store.history(null, "192.0.2.1")?.count, 1);
  store.flush();
  assert.equal(store.forget(null, "192.0.2.2"), 2);
  assert.deepEqual(keys(store, "b"), ["192.0.2.1/600"]);
  store.remember(banOf("192.0.2.3", { jail: "b" }), 0);
  assert.equal(store.forget("b", null), 2);
  store.remember(banOf("192.0.2.4", { jail: "b" }), 0);
  assert.deepEqual(keys(store, "b"), ["192.0.2.4/600"]);
  assert.equal(store.forget(null, null), 1);
  assert.ok(store.flush());
  assert.deepEqual([ask(path, "SELECT count(*) FROM bips"), ask(path, "SELECT count(*) FROM bans")], [[[0]], [[0]]]);
});

test("positions in logs and the journal's cursor are kept; a cursor that the other program overtook is not used", (t) => {
  const { path, open } = rig(t);
  const store = open();
  assert.equal(store.mark("sshd", "/var/log/auth.log"), null);
  store.setMark("sshd", "/var/log/auth.log", { hash: "aa", position: 1 });
  store.setMark("sshd", "/var/log/auth.log", { hash: "bb", position: 2 });
  store.setJournalMark("sshd", { at: NOW + 0.25, iso: "2026-11-18", cursor: "s=1;i=2" });
  for (const written of [false, true]) {
    assert.deepEqual(store.mark("sshd", "/var/log/auth.log"), { hash: "bb", position: 2 });
    assert.deepEqual(store.journalMark("sshd"), { at: NOW + 0.25, iso: "2026-11-18", cursor: "s=1;i=2" });
    if (!written) store.flush();
  }
  store.close();
  ask(path, `UPDATE logs SET lastfilepos = ${NOW + 60} WHERE path = 'systemd-journal'`);
  assert.deepEqual(open().journalMark("sshd"), { at: NOW + 60, iso: "2026-11-18", cursor: null });
});

test("purge deletes old history, old bans but permanent ones, and jails of which nothing is left", (t) => {
  const { path, open } = rig(t);
  const store = open();
  const day = 86_400;
  store.addJail("gone");
  store.setMark("gone", "/x", { hash: "", position: 0 });
  store.disableJail("gone");
  store.addJail("kept");
  for (const [key, age, lasts] of [
    ["old", 3 * day, 600],
    ["forever", 3 * day, -1],
    ["long", 3 * day, day],
    ["new", 60, 600],
  ] as const)
    store.remember(banOf(key, { jail: "sshd", since: NOW - age, lasts }), 0);
  assert.ok(store.purge(NOW, day));
  assert.deepEqual(ask(path, "SELECT ip FROM bips ORDER BY ip"), [["forever"], ["long"], ["new"]]);
  assert.deepEqual(ask(path, "SELECT ip FROM bans"), [["new"]]);
  assert.deepEqual(ask(path, "SELECT name, enabled FROM jails ORDER BY name"), [
    ["kept", 1],
    ["sshd", 1],
  ]);
  assert.deepEqual(ask(path, "SELECT count(*) FROM logs"), [[0]]);
});

test("jails are disabled at opening and enabled when added", (t) => {
  const { path, open } = rig(t);
  const store = open();
  for (const name of ["a", "b"]) store.addJail(name);
  store.close();
  const again = open();
  again.addJail("b");
  again.flush();
  assert.deepEqual(ask(path, "SELECT name, enabled FROM jails ORDER BY name"), [
    ["a", 0],
    ["b", 1],
  ]);
});

test("None is no store and :memory: is one without a file", () => {
  const world = { clock: new VirtualClock(NOW), say: (): void => {} };
  const none = openStore("nOnE", world);
  assert.ok(none.ok && none.store === null);
  const memory = openStore(":memory:", world);
  assert.ok(memory.ok && memory.store);
  memory.store.remember(banOf("192.0.2.1"), 0);
  assert.ok(memory.store.flush());
  assert.deepEqual(keys(memory.store), ["192.0.2.1/600"]);
  memory.store.close();
});

test("bans that wait together are written by offender, each one's in order, and not past what is deleted between", (t) => {
  const { path, open } = rig(t);
  const store = open();
  store.addJail("sshd");
  for (const [ip, count] of [
    ["192.0.2.9", 1],
    ["192.0.2.1", 1],
    ["192.0.2.9", 2],
  ] as const)
    store.remember(banOf(ip, { count }), 0);
  store.forget("sshd", "192.0.2.5");
  store.remember(banOf("192.0.2.0"), 0);
  assert.ok(store.flush());
  assert.deepEqual(ask(path, "SELECT ip, bancount FROM bans ORDER BY rowid"), [
    ["192.0.2.1", 1],
    ["192.0.2.9", 1],
    ["192.0.2.9", 2],
    ["192.0.2.0", 1],
  ]);
  assert.deepEqual(ask(path, "SELECT bancount FROM bips WHERE ip = '192.0.2.9'"), [[2]]);
});
