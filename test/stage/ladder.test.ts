/** An administrator's ladder of ban times, first to tenth ban, in the kernel: its times exceed what nft and ipset take as they stand. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { whoOf, type Ban } from "../../src/base/index.ts";
import { aWorld, NOW } from "../../src/core/jail/jail.fake.ts";
import { emptyJail, putOption } from "../../src/core/jail/options.ts";
import { passSentence } from "../../src/core/jail/sentence.ts";
import { without } from "../skips.ts";
import { openScene, type Scene } from "./actions/scene.ts";

const OPTIONS = {
  bantime: "7800m",
  "bantime.increment": "true",
  "bantime.multipliers": "1 5 30 60 300 720 1440 2880",
  "bantime.factor": "2",
  "bantime.maxtime": "1y",
  "bantime.rndtime": "2048",
};
/** Seconds of the first to the tenth ban, with half of the random time from the second on. */
const LADDER = [468_000, 4_681_024, 28_081_024, ...Array<number>(7).fill(31_557_600 + 1024)];
/** The kernel's minute beyond the end of a ban. */
const GRACE = 60;
const IPSET_MOST = 2_147_483;
/** Seconds that a loaded machine may need to look. */
const SLOW = 120;

/** The ban that a jail makes of somebody who was banned so often before. */
function nthBan(earlier: number): Ban {
  const history = earlier === 0 ? null : { count: earlier, since: NOW - 1, lasts: 1 };
  const world = aWorld({ random: () => 0.5, history: () => history });
  let settings = emptyJail("j", "auto");
  for (const [word, value] of Object.entries(OPTIONS)) settings = putOption(settings, word, [value], world);
  const counted = { who: whoOf("192.0.2.1"), since: NOW, failures: 5, matches: [], fields: {} };
  const { ban } = passSentence(settings, counted, world);
  return { ...ban, matches: ban.matches, fields: ban.fields, since: Date.now() / 1000 };
}

describe("the ladder of ban times", { skip: without("root", "ip", "nft", "iptables", "ipset") }, () => {
  let scene: Scene;
  beforeEach(() => {
    scene = openScene();
  });
  afterEach(() => scene.close());

  async function climb(action: string, list: string, time: RegExp, most: number): Promise<void> {
    const hand = scene.hand(scene.settings("j", action));
    for (const [earlier, seconds] of LADDER.entries()) {
      const ban = nthBan(earlier);
      assert.equal(ban.lasts, seconds, `ban ${earlier + 1}`);
      assert.equal(ban.count, earlier + 1);
      scene.bans.set(ban.who.key, ban);
      assert.deepEqual(await hand.ban(ban), { ok: true }, `ban ${earlier + 1}`);
      const shown = scene.sh(list);
      const kept = Number(time.exec(shown)?.[1]);
      const wanted = Math.min(most, seconds + GRACE);
      assert.ok(
        kept <= wanted + 1 && kept > wanted - SLOW,
        `ban ${earlier + 1}: ${kept} instead of ${wanted}: ${shown}`,
      );
      assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
    }
    await hand.stop();
  }

  test("stands in nftables' sets to the second", () =>
    climb("nftables-allports", "nft -j list set inet f2b-table addr-set-j", /"timeout": (\d+)/, Infinity));

  test("stands in ipset as far as it counts", () =>
    climb("iptables-ipset-proto6-allports", "ipset list f2b-j", /192\.0\.2\.1 timeout (\d+)/, IPSET_MOST));
});
