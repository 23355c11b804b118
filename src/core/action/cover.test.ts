import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Ban, covers, networkOf, whoOf } from "../../base/index.ts";
import { aBan } from "../../../test/agree/actions/rehearsal.ts";
import { emptyCover } from "./cover.ts";

const nets = fc
  .record({
    a: fc.integer({ min: 0, max: 3 }),
    b: fc.integer({ min: 0, max: 3 }),
    prefix: fc.integer({ min: 6, max: 24 }),
  })
  .map(({ a, b, prefix }) => {
    const { address } = whoOf(`10.${a}.${b * 64}.1`);
    assert.ok(address !== null);
    return aBan(networkOf(address, prefix).text);
  });

function outermost(bans: readonly Ban[]): readonly string[] {
  const inside = (one: Ban, other: Ban): boolean =>
    one !== other &&
    one.who.address !== null &&
    other.who.address !== null &&
    covers(other.who.address, one.who.address);
  return bans.filter((ban) => !bans.some((other) => inside(ban, other))).map((ban) => ban.who.key);
}

test("the firewall always holds just the outermost of the banned networks", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ net: nets, ban: fc.boolean() }), { maxLength: 40 }), (steps) => {
      const cover = emptyCover();
      const banned = new Map<string, Ban>();
      const kernel = new Set<string>();
      for (const { net, ban } of steps) {
        if (!ban && !banned.has(net.who.key)) continue;
        const change = ban ? cover.ban("inet4-net", net) : cover.unban("inet4-net", net);
        if (ban) banned.set(net.who.key, net);
        else banned.delete(net.who.key);
        for (const gone of change.drop) kernel.delete(gone.who.key);
        for (const come of change.add) kernel.add(come.who.key);
        assert.deepEqual([...kernel].sort(), [...outermost([...banned.values()])].sort());
      }
      const fresh = emptyCover().fill("inet4-net", [...banned.values()]);
      assert.deepEqual(fresh.map((one) => one.who.key).sort(), [...kernel].sort());
    }),
    { numRuns: 300 },
  );
});
