/** Offenders who go on while others are banned: what that asks of the firewall does not stand between bans that go out together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { without } from "../skips.ts";
import { openScene } from "./actions/scene.ts";

test(
  "a thousand bans amid a thousand failures of the banned are a few commands",
  { skip: without("root", "ip", "nft") },
  async (t) => {
    const scene = openScene();
    t.after(() => scene.close());
    const hand = scene.hand(scene.settings("j", "nftables-allports"));
    const first = scene.ban("192.0.2.1");
    await hand.ban(first);
    const results = Array.from({ length: 1000 }, (_, n) => {
      const ban = scene.ban(`10.0.${n >> 8}.${n & 255}`);
      return [hand.ban(ban), hand.prolong({ ...first, lasts: 600 + n }), hand.doubt(first.who, 60)];
    });
    assert.ok((await Promise.all(results.flat())).every((result) => result.ok));
    await hand.idle();
    assert.ok(scene.jobs.length <= 8, `${scene.jobs.length} commands`);
    scene.clock.ring(3);
    await hand.idle();
    const set = scene.sh("nft list set inet f2b-table addr-set-j");
    assert.equal(set.match(/10\.0\.\d+\.\d+ timeout/g)?.length, 1000);
    assert.match(set, /192\.0\.2\.1 timeout 27m39s/);
  },
);
