/** The stock action of nftables where the program for the next batch stands ready (io/firewall/ready.ts): what it is told holds as before. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, test } from "node:test";
import { without } from "../skips.ts";
import { openScene, type Scene } from "./actions/scene.ts";
import { until } from "./world.ts";

const SET = "nft list set inet f2b-table addr-set-j";

/** Every nft that this process started and that has not ended. */
function children(): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(process.pid), "-x", "nft"], { encoding: "utf8" });
  return (stdout.match(/\d+/g) ?? []).map(Number);
}

describe("nftables, with nft standing ready", { skip: without("root", "namespaces", "ip", "nft") }, () => {
  let scene: Scene;
  /** Those of the tests before: they end with this process. */
  let others: readonly number[] = [];
  beforeEach(() => {
    others = children();
    scene = openScene("ready programs");
  });
  afterEach(() => scene.close());

  const waiting = (): readonly number[] => children().filter((pid) => !others.includes(pid));
  const isReady = (): Promise<void> => until("an nft stands ready", 10, () => Promise.resolve(waiting().length === 1));

  async function begin() {
    const hand = scene.hand(scene.settings("j", "nftables"));
    // The first starts the family, through the shell; the second is the first of the batches.
    for (const ip of ["192.0.2.1", "192.0.2.2"]) assert.deepEqual(await hand.ban(scene.ban(ip)), { ok: true });
    await isReady();
    return hand;
  }

  test("bans and unbans by it", async () => {
    const hand = await begin();
    const [before] = waiting();
    const third = scene.ban("192.0.2.3");
    assert.deepEqual(await hand.ban(third), { ok: true });
    await isReady();
    assert.notEqual(waiting()[0], before);
    assert.match(scene.sh(SET), /192\.0\.2\.1 .*192\.0\.2\.2 .*192\.0\.2\.3 timeout 11m/s);
    assert.deepEqual(await hand.unban(scene.drop(third)), { ok: true });
    assert.doesNotMatch(scene.sh(SET), /192\.0\.2\.3/);
  });

  test("notices that somebody flushed the rules while it waited, and makes them anew with all bans", async () => {
    const hand = await begin();
    scene.sh("nft flush ruleset");
    assert.deepEqual(await hand.ban(scene.ban("192.0.2.3")), { ok: true });
    assert.match(scene.sh(SET), /192\.0\.2\.1 .*192\.0\.2\.2 .*192\.0\.2\.3 timeout 11m/s);
    assert.match(scene.sh("nft list table inet f2b-table"), /saddr @addr-set-j reject/);
  });

  test("bans as well when somebody ended it", async () => {
    const hand = await begin();
    for (const pid of waiting()) process.kill(pid, "SIGKILL");
    assert.deepEqual(await hand.ban(scene.ban("192.0.2.3")), { ok: true });
    assert.match(scene.sh(SET), /192\.0\.2\.3 timeout 11m/);
  });
});
