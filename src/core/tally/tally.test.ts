import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { whoOf, type Match } from "../../base/index.ts";
import { roundHalfEven } from "../quirks/index.ts";
import { Tally, type Offence } from "./tally.ts";

function offence(key: string, at: number, more: Partial<Offence> = {}): Offence {
  return { who: whoOf(key), at, matches: [`line at ${at}`], fields: {}, ...more };
}

function tallyOf(maxretry: number, findtime = 600, maxmatches = 5): Tally {
  return new Tally({ maxretry, findtime, maxmatches });
}

/** Adds failures of one offender, taking him out when it is enough; the counts after each. */
function run(tally: Tally, times: readonly number[]): number[] {
  return times.map((at) => {
    const retry = tally.add(offence("192.0.2.1", at));
    if (retry >= tally.maxretry) tally.pop(whoOf("192.0.2.1"));
    return retry;
  });
}

const worked: readonly (readonly [maxretry: number, times: readonly number[], retries: readonly number[]])[] = [
  [3, [0, 10, 20, 30], [1, 2, 3, 1]],
  [3, [0, 300, 600], [1, 2, 3]],
  [3, [0, 300, 601], [1, 2, 3]],
  [3, [0, 300, 900, 950], [1, 2, 2, 3]],
  [5, [0, 400, 800, 1200, 1600, 2000, 2400, 2800], [1, 2, 3, 3, 3, 3, 3, 3]],
  [5, [0, 200, 400, 600, 800, 1000, 1200, 1400], [1, 2, 3, 4, 4, 4, 4, 4]],
  [3, [1000, 100, 1001], [1, 2, 3]],
  [4, [1000, 100, 1601, 1602], [1, 2, 3, 4]],
  [9, [0, 0, 0, 0, 0, 1200], [1, 2, 3, 4, 5, 3]],
];

for (const [maxretry, times, retries] of worked)
  test(`with maxretry ${maxretry}, failures at ${times.join(", ")} count ${retries.join(", ")}`, () => {
    assert.deepEqual(run(tallyOf(maxretry), times), retries);
  });

test("a ban is due with all attempts, also those that the rate has scaled away", () => {
  const tally = tallyOf(3);
  for (const at of [0, 300, 900, 950]) tally.add(offence("192.0.2.1", at));
  const counted = tally.pop(whoOf("192.0.2.1"));
  assert.equal(counted?.failures, 4);
  assert.equal(counted?.since, 950);
});

test("the last maxmatches lines are kept, the first failure's in its own form and later ones as text", () => {
  const tuple = (n: number): Match => [`a${n} `, "DATE", ` b${n}`];
  const tally = tallyOf(9, 600, 3);
  tally.add(offence("x", 0, { matches: [tuple(1), tuple(2)] }));
  tally.add(offence("x", 1, { matches: [tuple(3)] }));
  assert.deepEqual(tally.pop(whoOf("x"))?.matches, [tuple(1), tuple(2), "a3 DATE b3"]);
  tally.add(offence("x", 0, { matches: [tuple(1), tuple(2)] }));
  tally.add(offence("x", 1, { matches: [tuple(3), tuple(4)] }));
  assert.deepEqual(tally.pop(whoOf("x"))?.matches, [tuple(2), "a3 DATE b3", "a4 DATE b4"]);
  tally.maxmatches = 2;
  for (let at = 0; at < 5; at += 1) tally.add(offence("x", at));
  assert.deepEqual(tally.pop(whoOf("x"))?.matches, ["line at 3", "line at 4"]);
});

test("with maxmatches 0 the first failure's own line lives until the second failure", () => {
  const tally = tallyOf(9, 600, 0);
  tally.add(offence("x", 0));
  assert.deepEqual(tally.pop(whoOf("x"))?.matches, ["line at 0"]);
  tally.add(offence("x", 0));
  tally.add(offence("x", 1));
  assert.deepEqual(tally.pop(whoOf("x"))?.matches, []);
});

test("a failure may stand for several attempts", () => {
  const tally = tallyOf(9);
  assert.equal(tally.add(offence("x", 0, { attempts: 3 })), 3);
  assert.equal(tally.add(offence("x", 1, { attempts: 2 })), 4);
  assert.equal(tally.pop(whoOf("x"))?.failures, 5);
  assert.equal(tally.add(offence("y", 0), 4), 4);
  assert.equal(tally.pop(whoOf("y"))?.failures, 1);
});

test("fields are those of the first failure", () => {
  const tally = tallyOf(9);
  tally.add(offence("x", 0, { fields: { user: "alice", users: ["a", "b"], port: 22, ok: true } }));
  tally.add(offence("x", 1, { fields: { user: "bob" } }));
  assert.deepEqual(tally.pop(whoOf("x"))?.fields, { user: "alice", users: ["a", "b"], port: 22, ok: true });
});

test("an observed addition raises a known offender and opens no entry", () => {
  const tally = tallyOf(9);
  const first = offence("x", 0);
  assert.equal(tally.add(first, 2, true), 0);
  assert.deepEqual([tally.size, tally.total], [0, 0]);
  tally.add(first);
  assert.equal(tally.add(first, 2, true), 3);
  const second = offence("x", 1);
  tally.add(second);
  assert.equal(tally.add(second, 2, true), 6);
  assert.equal(tally.total, 4);
  const counted = tally.pop(whoOf("x"));
  assert.equal(counted?.failures, 4);
  assert.deepEqual(counted?.matches, ["line at 0", "line at 1", "line at 1"]);
});

test("purge forgets whoever has been quiet for findtime", () => {
  const tally = tallyOf(3);
  for (const at of [0, 100, 700]) tally.add(offence(`192.0.2.${at / 100}`, at));
  const left = [599, 600, 700, 1300].map((now) => {
    tally.purge(now);
    return tally.size;
  });
  assert.deepEqual(left, [3, 2, 1, 0]);
});

test("settings can change while counting", () => {
  const tally = tallyOf(3);
  tally.add(offence("x", 0));
  tally.findtime = 10;
  tally.purge(5);
  assert.equal(tally.size, 1);
  tally.purge(10);
  assert.equal(tally.size, 0);
});

test("a flood of new offenders pushes out those with the fewest failures, the longest quiet first", () => {
  const tally = new Tally({ maxretry: 9, findtime: 600, maxmatches: 5 }, { offenders: 3, characters: 1e6 });
  tally.add(offence("twice", 0));
  tally.add(offence("old", 1));
  tally.add(offence("new", 2));
  tally.add(offence("twice", 3));
  tally.add(offence("flood1", 4));
  assert.deepEqual(
    ["twice", "old", "new", "flood1"].map((key) => tally.has(key)),
    [true, false, true, true],
  );
  tally.add(offence("flood2", 5));
  assert.deepEqual(
    ["twice", "new", "flood1", "flood2"].map((key) => tally.has(key)),
    [true, false, true, true],
  );
  assert.deepEqual(tally.takeLosses(), { offenders: 2, lines: 0 });
  assert.equal(tally.takeLosses(), null);
});

test("too much text costs the longest quiet their lines but not their count", () => {
  const tally = new Tally({ maxretry: 9, findtime: 600, maxmatches: 5 }, { offenders: 100, characters: 400 });
  tally.add(offence("quiet", 0, { matches: ["q".repeat(100)], fields: { user: "root" } }));
  tally.add(offence("busy", 1, { matches: ["b".repeat(100)] }));
  tally.add(offence("long", 2, { matches: ["l".repeat(200)] }));
  assert.deepEqual(tally.takeLosses(), { offenders: 0, lines: 1 });
  assert.equal(tally.add(offence("quiet", 3, { matches: [] })), 2);
  const counted = tally.pop(whoOf("quiet"));
  assert.deepEqual([counted?.matches, counted?.fields], [[], { user: "root" }]);
  assert.equal(tally.pop(whoOf("busy"))?.matches.length, 1);
});

test("ids of any length and fields of any length stay within the limit", () => {
  const tally = new Tally({ maxretry: 9, findtime: 600, maxmatches: 5 }, { offenders: 1000, characters: 20_000 });
  for (let i = 0; i < 300; i += 1)
    tally.add(offence(`${i}${"k".repeat(1000)}`, i, { fields: { user: "u".repeat(3000) } }));
  assert.ok(tally.size >= 10 && tally.size <= 20, `${tally.size} offenders`);
});

test("it counts as the plain statement of the rule does, whatever comes", () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant("add" as const),
        key: fc.nat(5),
        at: fc.nat(3000),
        count: fc.integer({ min: 1, max: 3 }),
        attempts: fc.nat(3),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("pop" as const), key: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("purge" as const), at: fc.nat(4000) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 900 }), (steps, findtime) => {
      const tally = tallyOf(99, findtime);
      const model = new Map<string, Plain>();
      for (const s of steps) {
        if (s.do === "purge") {
          tally.purge(s.at);
          forgetBefore(model, s.at - findtime);
        } else if (s.do === "pop") {
          const expected = model.get(`k${s.key}`);
          const counted = tally.pop(whoOf(`k${s.key}`));
          assert.deepEqual(
            counted && [counted.since, counted.failures],
            expected ? [expected.last, expected.attempts] : null,
          );
          model.delete(`k${s.key}`);
        } else {
          const retry = tally.add(offence(`k${s.key}`, s.at, { attempts: s.attempts }), s.count);
          assert.equal(retry, naive(model, `k${s.key}`, s, findtime));
        }
        assert.equal(tally.size, model.size);
      }
    }),
  );
});

interface Plain {
  last: number;
  begin: number;
  retry: number;
  attempts: number;
}

function forgetBefore(model: Map<string, Plain>, limit: number): void {
  for (const [key, t] of model) if (t.last <= limit) model.delete(key);
}

function naive(
  model: Map<string, Plain>,
  key: string,
  f: { at: number; count: number; attempts: number },
  findtime: number,
): number {
  const t = model.get(key);
  if (!t) {
    const fresh =
      f.count > f.attempts
        ? { retry: f.count, attempts: f.attempts || 1 }
        : { retry: f.attempts, attempts: f.attempts };
    model.set(key, { last: f.at, begin: f.at, ...fresh });
    return fresh.retry;
  }
  if (f.at > t.last) {
    if (t.begin < f.at - findtime) {
      t.retry = roundHalfEven((t.retry / (f.at - t.begin)) * findtime);
      t.begin = f.at - findtime;
    }
    t.last = f.at;
  }
  t.retry += f.count;
  t.attempts += Math.max(1, f.attempts);
  return t.retry;
}
