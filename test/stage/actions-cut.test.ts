/** Orders to nftables that a dying server did not write to their end: whatever is cut off, nobody is banned for ever by the rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { without } from "../skips.ts";
import { openScene } from "./actions/scene.ts";

const ETERNAL = /(?:192\.0\.2\.1|198\.51\.100\.0\/24|2001:db8::1)\b(?! timeout)/g;
const EMPTY = "for set in addr-set-j addr-net-j addr6-set-j; do echo flush set inet f2b-table $set; done | nft -f -";

test(
  "a batch that is cut off anywhere leaves no element without a time",
  { skip: without("root", "ip", "nft") },
  async (t) => {
    const scene = openScene();
    t.after(() => scene.close());
    const hand = scene.hand(scene.settings("j", "nftables-allports"));
    const bans = ["192.0.2.1", "198.51.100.0/24", "2001:db8::1"].map((ip) => scene.ban(ip));
    for (const ban of bans) await hand.ban(ban);
    for (const ban of bans) await hand.prolong(ban);
    for (const ban of bans) await hand.unban(scene.drop(ban));
    const inputs = scene.jobs.flatMap(({ input }) => (input?.includes("element") === true ? [input] : []));
    assert.ok(inputs.length >= 6, `${inputs.length} batches`);
    const cuts = inputs.flatMap((input) =>
      [...input.matchAll(/[;}\n]/g)].flatMap(({ index }) => [input.slice(0, index), input.slice(0, index + 1)]),
    );
    for (const cut of new Set(cuts)) {
      const sets = scene.sh(`printf %s '${cut}' | nft -f - 2>/dev/null; nft list table inet f2b-table; ${EMPTY}`);
      assert.deepEqual(sets.match(ETERNAL) ?? [], [], `after: ${cut}`);
    }
  },
);
