import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock, whoOf, type Ban } from "../../base/index.ts";
import { GATHERED_FOR, Growth } from "./growth.ts";

function aGrowth(): { growth: Growth; clock: VirtualClock; done: string[] } {
  const clock = new VirtualClock(1000);
  const done: string[] = [];
  const growth = new Growth(clock, (ban) => {
    done.push(`${ban.who.key} ${ban.lasts}`);
    return Promise.resolve({ ok: true });
  });
  return { growth, clock, done };
}

function aBan(ip: string, lasts: number): Ban {
  const jail = { jail: "j", since: 1000, count: 1, failures: 1, matches: [], fields: {}, restored: false };
  return { ...jail, who: whoOf(ip), lasts };
}

function pass(clock: VirtualClock): void {
  clock.advance(clock.now() + GATHERED_FOR);
}

test("the first longer ban goes out at once, those soon after it together and once each", () => {
  const { growth, clock, done } = aGrowth();
  for (const lasts of [601, 602, 603]) void growth.prolong(aBan("192.0.2.1", lasts));
  void growth.prolong(aBan("192.0.2.2", 700));
  assert.deepEqual(done, ["192.0.2.1 601"]);
  pass(clock);
  assert.deepEqual(done.splice(0), ["192.0.2.1 601", "192.0.2.1 603", "192.0.2.2 700"]);
  void growth.prolong(aBan("192.0.2.1", 604));
  assert.deepEqual(done, []);
  pass(clock);
  assert.deepEqual(done.splice(0), ["192.0.2.1 604"]);
  pass(clock);
  pass(clock);
  void growth.prolong(aBan("192.0.2.1", 605));
  assert.deepEqual(done, ["192.0.2.1 605"]);
});

test("who is let go meanwhile is not banned for longer", () => {
  const { growth, clock, done } = aGrowth();
  for (const ip of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) void growth.prolong(aBan(ip, 700));
  growth.forget("192.0.2.2");
  pass(clock);
  assert.deepEqual(done, ["192.0.2.1 700", "192.0.2.3 700"]);
  void growth.prolong(aBan("192.0.2.3", 800));
  growth.clear();
  pass(clock);
  assert.deepEqual(done, ["192.0.2.1 700", "192.0.2.3 700"]);
});
