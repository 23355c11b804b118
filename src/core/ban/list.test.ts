import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddress, whoOf, type Address, type Ban } from "../../base/index.ts";
import { BanList } from "./list.ts";
import { utc } from "../../base/zone.fake.ts";

function banOf(key: string, since: number, lasts: number, more: Partial<Ban> = {}): Ban {
  return {
    jail: "sshd",
    who: whoOf(key),
    since,
    lasts,
    count: 1,
    failures: 3,
    matches: [],
    fields: {},
    restored: false,
    ...more,
  };
}

function net(text: string): Address {
  const address = parseAddress(text);
  assert.ok(address);
  return address;
}

test("a ban whose end has passed is not taken in", () => {
  const list = new BanList("sshd");
  assert.deepEqual(list.add(banOf("192.0.2.1", 100, 600), 701), { outcome: "expired" });
  assert.deepEqual(list.add(banOf("192.0.2.2", 100, -2), 100), { outcome: "expired" });
  assert.deepEqual(list.add(banOf("192.0.2.1", 100, 600), 700), { outcome: "banned" });
  assert.deepEqual([list.size, list.total], [1, 1]);
});

test("a ban comes back as it was put in", () => {
  const list = new BanList("sshd");
  const ban = banOf("2001:db8::1", 100.5, 600.25, {
    count: 4,
    restored: true,
    matches: [["a", "D", "b"], "c"],
    fields: { user: "root", users: ["a", "b"] },
  });
  list.add(ban, 200);
  for (const back of [list.get("2001:db8::1"), list.remove("2001:db8::1")])
    assert.deepEqual({ ...back, who: back?.who, matches: back?.matches, fields: back?.fields }, ban);
  assert.equal(list.remove("2001:db8::1"), null);
});

test("who is banned again is banned until the later end", () => {
  const list = new BanList("sshd");
  list.add(banOf("x", 100, 600), 100, { epoch: 2 });
  const shorter = list.add(banOf("x", 200, 100), 200);
  assert.ok(shorter.outcome === "already" && !shorter.extended && shorter.epoch === 2);
  const later = list.add(banOf("x", 300, 600), 300);
  assert.ok(later.outcome === "already" && later.extended && later.since === 100);
  assert.deepEqual([list.get("x")?.since, list.get("x")?.lasts, list.nextEnd()], [100, 800, 900]);
  list.add(banOf("x", 50, 2000), 300);
  assert.equal(list.get("x")?.lasts, 2000);
  list.add(banOf("x", 400, -1), 400);
  assert.deepEqual([list.get("x")?.lasts, list.nextEnd(), list.total], [-1, Infinity, 1]);
  assert.ok(list.add(banOf("x", 500, 9e9), 500).outcome === "already");
  assert.equal(list.get("x")?.lasts, -1);
});

test("bans are over strictly after their end, the longest over first, and as many as asked for", () => {
  const list = new BanList("sshd");
  for (const [key, lasts] of [
    ["c", 30],
    ["a", 10],
    ["b", 20],
    ["never", -1],
  ] as const)
    list.add(banOf(key, 0, lasts), 0);
  assert.equal(list.nextEnd(), 10);
  assert.deepEqual(list.due(10, 9), []);
  assert.deepEqual(
    list.due(31, 2).map((ban) => ban.who.key),
    ["a", "b"],
  );
  assert.deepEqual(
    list.due(31, 2).map((ban) => ban.who.key),
    ["c"],
  );
  assert.deepEqual([list.due(1e15, 9), list.nextEnd(), list.keys()], [[], Infinity, ["never"]]);
});

test("lists stand in the order of bans or of their ends, with times where asked", () => {
  const list = new BanList("sshd");
  const at = utc.toInstant(2026, 11, 22, 8, 54, 48);
  list.add(banOf("192.0.2.9", at, -1), at);
  list.add(banOf("192.0.2.2", at, 600.9), at);
  list.add(banOf("192.0.2.1", at, 60), at);
  list.add(banOf("192.0.2.3", at, 1e13), at);
  assert.deepEqual(list.keys(), ["192.0.2.9", "192.0.2.2", "192.0.2.1", "192.0.2.3"]);
  assert.deepEqual(list.keysByEnd(), ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.9"]);
  assert.deepEqual(list.printByEnd(utc), [
    "192.0.2.1 \t2026-11-22 08:54:48 + 60 = 2026-11-22 08:55:48",
    "192.0.2.2 \t2026-11-22 08:54:48 + 600 = 2026-11-22 09:04:48",
    "192.0.2.3 \t2026-11-22 08:54:48 + 10000000000000 = 9999-12-31 23:59:59",
    "192.0.2.9 \t2026-11-22 08:54:48 + -1 = 9999-12-31 23:59:59",
  ]);
});

test("bans without a length of their own follow the jail's", () => {
  const list = new BanList("sshd");
  list.add(banOf("follows", 0, 600), 0, { followsJail: true });
  list.add(banOf("own", 0, 600), 0);
  list.add(banOf("grown", 0, 600), 0, { followsJail: true });
  list.lengthen("grown", 1200, 2);
  assert.deepEqual(list.follow(60), ["follows"]);
  assert.deepEqual(
    list.due(61, 9).map((ban) => ban.who.key),
    ["follows"],
  );
  assert.deepEqual([list.get("grown")?.lasts, list.get("grown")?.count], [1200, 2]);
});

test("a network names those inside it, and an address the networks around it", () => {
  const list = new BanList("sshd");
  for (const key of [
    "192.0.2.1",
    "192.0.2.0/25",
    "192.0.2.200",
    "198.51.100.1",
    "2001:db8::/64",
    "2001:db8::5",
    "some id",
  ])
    list.add(banOf(key, 0, 600), 0);
  assert.deepEqual(list.within(net("192.0.2.0/24")), ["192.0.2.1", "192.0.2.0/25", "192.0.2.200"]);
  assert.deepEqual(list.within(net("2001:db8::/32")), ["2001:db8::/64", "2001:db8::5"]);
  assert.deepEqual(list.around(net("192.0.2.7")), ["192.0.2.0/25"]);
  assert.deepEqual(list.around(net("192.0.2.0/26")), ["192.0.2.0/25"]);
  assert.deepEqual(list.around(net("192.0.2.0/25")), []);
  list.remove("192.0.2.0/25");
  assert.deepEqual(list.around(net("192.0.2.7")), []);
});

test("a ban remembers the epoch it was carried out in", () => {
  const list = new BanList("sshd");
  list.add(banOf("x", 0, 600), 0, { epoch: 3 });
  list.setEpoch("x", 4);
  assert.deepEqual([list.epochOf("x"), list.epochOf("y")], [4, -1]);
});

test("lines beyond the limit are not remembered, the bans are", () => {
  const list = new BanList("sshd", { characters: 300 });
  for (let i = 0; i < 4; i += 1) list.add(banOf(`x${i}`, 0, 600, { matches: ["m".repeat(100)] }), 0);
  assert.deepEqual(
    [...list.bans()].map((ban) => ban.matches.length),
    [1, 1, 0, 0],
  );
  list.remove("x0");
  list.add(banOf("x4", 0, 600, { matches: ["m".repeat(100)] }), 0);
  assert.equal(list.get("x4")?.matches.length, 1);
});

test("whatever is added and removed, bans end in the order of their ends", () => {
  const step = fc.record({
    key: fc.nat(30),
    since: fc.nat(100),
    lasts: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constant(-1)),
    gone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.nat(600), (steps, now) => {
      const list = new BanList("sshd");
      const model = new Map<string, { since: number; end: number }>();
      for (const { key, since, lasts, gone } of steps) {
        if (gone) {
          list.remove(`${key}`);
          model.delete(`${key}`);
          continue;
        }
        list.add(banOf(`${key}`, since, lasts), 0);
        const old = model.get(`${key}`);
        const end = lasts < 0 ? Infinity : since + lasts;
        if (old === undefined) model.set(`${key}`, { since, end });
        else if (end > old.end) old.end = lasts < 0 ? Infinity : old.since + lasts + Math.max(0, since - old.since);
      }
      const expected = [...model.values()]
        .map((ban) => ban.end)
        .filter((end) => end < now)
        .toSorted((a, b) => a - b);
      const over = list.due(now, 1000);
      assert.deepEqual(
        over.map((ban) => ban.since + ban.lasts),
        expected,
      );
      assert.equal(list.size, model.size - expected.length);
    }),
  );
});
