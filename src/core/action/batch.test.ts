import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Ban } from "../../base/index.ts";
import { aBan, type Rehearsal, rehearse, taken } from "../../../test/agree/actions/rehearsal.ts";
import { checkAll } from "./check.ts";
import { fitsBatch, restore, runBatch, type TicketOrder, watch } from "./batch.ts";
import { start } from "./operation.ts";
import { ban } from "./ticket.ts";

const BATCH = {
  actionbatch: "feed",
  actionbatch_ban: "+ <ip> <bantime>",
  actionbatch_unban: "- <ip>",
  actionban: "one + <ip> <bantime>",
  actionunban: "one - <ip>",
};

const REMADE = {
  ...BATCH,
  actionstart: "{\nmake <tool>\n} | feed",
  actioncheck: "check <tool>",
  tool: "4",
  "tool?family=inet6": "6",
  actionbatch_restore: "* <ip>",
};

const bans = (count: number): Ban[] => Array.from({ length: count }, (_, n) => aBan(`10.0.0.${n}`));
const orders = (list: readonly Ban[], kind: TicketOrder["kind"] = "ban"): TicketOrder[] =>
  list.map((one) => ({ kind, ban: one }));

function run(r: Rehearsal, list: readonly TicketOrder[]) {
  return r.run(runBatch(r.action, list));
}

describe("a batch", () => {
  test("carries out bans and unbans in their order, by one command", () => {
    const r = rehearse(BATCH);
    const [a, b] = bans(2);
    assert.ok(a !== undefined && b !== undefined);
    run(r, orders([a]));
    taken(r);
    run(r, [...orders([b]), ...orders([a], "unban"), ...orders([a])]);
    assert.deepEqual(taken(r), ["feed <<\n+ 10.0.0.1 600\n- 10.0.0.0\n+ 10.0.0.0 600\n"]);
  });

  test("has at most actionbatch_max orders", () => {
    const r = rehearse({ ...BATCH, actionbatch_max: "4" });
    run(r, orders(bans(10)));
    assert.deepEqual(
      taken(r).map((text) => text.split("\n").length - 2),
      [4, 4, 2],
    );
  });

  test("that one order spoils costs the others nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 59 }), (count, bad) => {
        const r = rehearse(BATCH);
        const put = new Set<string>();
        r.fails = (text) => {
          if (text.includes(` 10.0.0.${bad} `)) return true;
          for (const found of text.matchAll(/\+ (\S+)/g)) put.add(found[1] ?? "");
          return false;
        };
        const results = run(r, orders(bans(count)));
        assert.deepEqual(
          results.flatMap((result, n) => (result.ok ? [] : [n])),
          bad < count ? [bad] : [],
        );
        assert.equal(put.size, bad < count ? count - 1 : count);
        assert.ok(r.ran.length <= 2 * Math.ceil(Math.log2(count)) + 4, `${r.ran.length} commands for ${count}`);
      }),
    );
  });

  test("takes no ban of anything that is no address, and no value that is not plain", () => {
    const r = rehearse({ ...BATCH, actionbatch_ban: "+ <ip> <F-USER>", actionban: "one + <ip> <F-USER>" });
    const fits = (one: Ban) => fitsBatch(r.action, { kind: "ban", ban: one });
    assert.equal(fits(aBan("192.0.2.1", { fields: { user: "root" } })), true);
    for (const user of ["a b", "a;b", "a\nb", "}", "", "-x", "é", "a".repeat(200)])
      assert.equal(fits(aBan("192.0.2.1", { fields: { user } })), false, JSON.stringify(user));
    assert.equal(fits(aBan("somebody", { fields: { user: "root" } })), false);
  });

  test("steps aside for a command of the administrator's own", () => {
    const r = rehearse({ ...BATCH, actionban: "mine <ip>" });
    assert.equal(fitsBatch(r.action, { kind: "ban", ban: aBan("192.0.2.1") }), false);
    assert.equal(fitsBatch(r.action, { kind: "unban", ban: aBan("192.0.2.1") }), true);
    assert.equal(fitsBatch(rehearse({ actionban: "x" }).action, { kind: "ban", ban: aBan("192.0.2.1") }), false);
  });

  test("has no line for a longer ban where nothing says how to prolong", () => {
    assert.equal(fitsBatch(rehearse(BATCH).action, { kind: "prolong", ban: aBan("192.0.2.1") }), false);
    const r = rehearse({ ...BATCH, actionprolong: "one + <ip> <bantime>" });
    assert.equal(fitsBatch(r.action, { kind: "prolong", ban: aBan("192.0.2.1") }), true);
  });
});

describe("an environment that is made in a batch", () => {
  const START = "{\nmake 4\ncat\n} | feed <<\n";

  test("is made together with the first bans of its family", () => {
    const r = rehearse(REMADE);
    assert.ok(run(r, orders([...bans(2), aBan("2001:db8::1")])).every((result) => result.ok));
    assert.deepEqual(taken(r), [`${START}* 10.0.0.0\n* 10.0.0.1\n`, "{\nmake 6\ncat\n} | feed <<\n* 2001:db8::1\n"]);
  });

  test("frames the orders of restored bans where the action says so", () => {
    const r = rehearse({ ...REMADE, actionbatch_restore_head: "{", actionbatch_restore_tail: "}" });
    run(r, orders(bans(2)));
    run(r, orders([aBan("192.0.2.1")]));
    assert.deepEqual(taken(r), [`${START}{\n* 10.0.0.0\n* 10.0.0.1\n}\n`, "feed <<\n+ 192.0.2.1 600\n"]);
  });

  test("is made with the other bans of the jail too", () => {
    const r = rehearse(REMADE);
    r.bans.set("192.0.2.9", aBan("192.0.2.9"));
    run(r, orders(bans(1)));
    assert.deepEqual(taken(r), [`${START}* 192.0.2.9\n* 10.0.0.0\n`]);
  });

  test("comes back with all bans when a batch finds it gone", () => {
    const r = rehearse(REMADE);
    run(r, orders(bans(1)));
    for (const one of bans(3)) r.bans.set(one.who.key, one);
    taken(r);
    let whole = false;
    r.fails = (text) => {
      if (text.startsWith("{")) whole = true;
      return !whole;
    };
    assert.deepEqual(run(r, orders(bans(3).slice(2))), [{ ok: true }]);
    assert.deepEqual(taken(r), [
      "feed <<\n+ 10.0.0.2 600\n",
      "check 4",
      `${START}* 10.0.0.0\n* 10.0.0.1\n* 10.0.0.2\n`,
      "feed <<\n+ 10.0.0.2 600\n",
    ]);
    assert.equal(r.action.epoch.value, 0);
  });

  test("comes back with all bans when the regular check finds it gone", () => {
    const r = rehearse(REMADE);
    r.run(watch(r.action));
    assert.deepEqual(taken(r), []);
    run(r, orders(bans(1)));
    r.bans.set("10.0.0.0", aBan("10.0.0.0"));
    taken(r);
    r.run(watch(r.action));
    assert.deepEqual(taken(r), ["check 4"]);
    r.fails = (text) => text.startsWith("check");
    r.run(watch(r.action));
    assert.deepEqual(taken(r), ["check 4", `${START}* 10.0.0.0\n`]);
  });

  test("that could not be made anew is tried again at the next look, and bans are lifted from it meanwhile", () => {
    const r = rehearse(REMADE);
    run(r, orders(bans(1)));
    r.bans.set("10.0.0.1", aBan("10.0.0.1"));
    taken(r);
    r.fails = (text) => text.startsWith("check") || text.startsWith("{");
    r.run(checkAll(r.action, true));
    r.fails = (text) => text.startsWith("check");
    taken(r);
    run(r, orders(bans(1), "unban"));
    assert.deepEqual(taken(r), ["feed <<\n- 10.0.0.0\n"]);
    r.run(watch(r.action));
    assert.deepEqual(taken(r), ["check 4", `${START}* 10.0.0.1\n`]);
  });

  test("is adopted at the start with the bans that are still in force, also with none", () => {
    const r = rehearse(REMADE);
    r.fails = (text) => text === "check 6";
    r.run(restore(r.action, bans(2)));
    assert.deepEqual(taken(r), [`${START}* 10.0.0.0\n* 10.0.0.1\n`, "check 6"]);
    const none = rehearse(REMADE);
    none.fails = (text) => text === "check 6";
    none.run(restore(none.action, []));
    assert.deepEqual(taken(none), ["check 4", START, "check 6"]);
  });

  test("is made empty, and its bans follow in halves, when one of them spoils it", () => {
    const r = rehearse(REMADE);
    r.fails = (text) => text.includes("10.0.0.2") || text === "check 6";
    r.run(restore(r.action, bans(4)));
    const fed = taken(r);
    assert.equal(fed[1], START);
    assert.ok(fed.includes("feed <<\n* 10.0.0.3\n") && fed.includes("one + 10.0.0.2 600"));
    assert.ok(
      r.said.some((text) => text.startsWith("ERROR Failed to execute ban jail 'j' action 'a' info '10.0.0.2'")),
    );
  });
});

test("the regular check of an action without a batch brings its bans back one by one", () => {
  const r = rehearse({ actionstart: "start", actionstop: "stop", actioncheck: "check", actionban: "ban <ip>" });
  r.run(start(r.action));
  for (const one of bans(2)) {
    r.run(ban(r.action, one));
    r.bans.set(one.who.key, one);
  }
  taken(r);
  let checks = 0;
  r.fails = (text) => text === "check" && (checks += 1) === 1;
  r.run(watch(r.action));
  assert.deepEqual(taken(r), ["check", "stop", "start", "check", "ban 10.0.0.0", "ban 10.0.0.1"]);
});

test("restored bans are left out where the action wants none", () => {
  const r = rehearse({ ...BATCH, norestored: "1" });
  assert.deepEqual(r.run(restore(r.action, [aBan("192.0.2.1", { restored: true })])), [{ ok: true }]);
  assert.deepEqual(taken(r), []);
});

test("an action without variants that is made in a batch has one environment for all families", () => {
  const r = rehearse({ ...BATCH, actionstart: "{\nmake\n} | feed", actioncheck: "check" });
  const both = [aBan("192.0.2.1"), aBan("2001:db8::1")];
  r.run(restore(r.action, both));
  assert.deepEqual(taken(r), ["{\nmake\ncat\n} | feed <<\n+ 192.0.2.1 600\n+ 2001:db8::1 600\n"]);
  for (const one of both) r.bans.set(one.who.key, one);
  r.fails = (text) => text === "check";
  r.run(watch(r.action));
  assert.deepEqual(taken(r), ["check", "{\nmake\ncat\n} | feed <<\n+ 192.0.2.1 600\n+ 2001:db8::1 600\n"]);
  run(r, orders(both, "unban"));
  assert.deepEqual(taken(r), ["feed <<\n- 192.0.2.1\n- 2001:db8::1\n"]);
});
