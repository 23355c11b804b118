/** The stock action of nftables on the real kernel, in a network namespace of their own (engine.md §9, DESIGN §5). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { FOREVER } from "../../src/base/index.ts";
import { without } from "../skips.ts";
import { openScene, type Scene } from "./actions/scene.ts";

const SET = "nft list set inet f2b-table addr-set-j";

/** Looks again and again, in the namespace, whether 192.0.2.1 is banned: in the set, and the set in a rule. */
function startProber(scene: Scene): { stop: () => Promise<{ gaps: number; looked: boolean }> } {
  const folder = mkdtempSync(join(tmpdir(), "f2bprobe-"));
  const look = "nft list table inet f2b-table | tr -d '\\n' | grep -q '192\\.0\\.2\\.1 timeout.*saddr @addr-set-j'";
  const loop = `while [ ! -e ${folder}/stop ]; do if ${look}; then echo whole; else echo gap; fi; done`;
  const child = spawn(scene.shell, ["-c", loop], { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    async stop() {
      writeFileSync(join(folder, "stop"), "");
      await once(child, "close");
      rmSync(folder, { recursive: true });
      return { gaps: output.split("gap").length - 1, looked: output.includes("whole") };
    },
  };
}

describe("nftables", { skip: without("root", "namespaces", "ip", "nft") }, () => {
  let scene: Scene;
  beforeEach(() => {
    scene = openScene();
  });
  afterEach(() => scene.close());

  const nftables = () =>
    scene.hand(scene.settings("j", 'nftables-multiport[port="ssh,1000:2000", protocol="tcp,udp"]'));

  test("starts a family at its first ban, in one command together with the ban", async () => {
    const hand = nftables();
    await hand.start();
    assert.equal(scene.jobs.length, 0);
    assert.deepEqual(await hand.ban(scene.ban("192.0.2.1")), { ok: true });
    assert.equal(scene.jobs.length, 1);
    const rules = scene.sh("nft list table inet f2b-table");
    assert.match(rules, /hook input priority filter - 1/);
    assert.match(rules, /meta l4proto \{ tcp, udp \} th dport \{ 22, 1000-2000 \} ip saddr @addr-set-j reject/);
    assert.match(rules, /192\.0\.2\.1 timeout 11m/);
    assert.doesNotMatch(rules, /addr6/);
  });

  test("bans IPv4, IPv6 and networks in sets of their own and lifts each again", async () => {
    const hand = nftables();
    const bans = ["192.0.2.1", "2001:db8::1", "198.51.100.0/24", "2001:db8:7::/48"].map((ip) => scene.ban(ip));
    for (const ban of bans) assert.deepEqual(await hand.ban(ban), { ok: true });
    const rules = scene.sh("nft list table inet f2b-table");
    assert.match(rules, /set addr-set-j \{[^}]*flags timeout\s+elements = \{ 192\.0\.2\.1 /);
    assert.match(rules, /set addr6-set-j \{[^}]*elements = \{ 2001:db8::1 /);
    assert.match(rules, /set addr-net-j \{[^}]*flags interval,timeout\s+elements = \{ 198\.51\.100\.0\/24 /);
    assert.match(rules, /set addr6-net-j \{[^}]*elements = \{ 2001:db8:7::\/48 /);
    for (const ban of bans) assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
    assert.doesNotMatch(scene.sh("nft list table inet f2b-table"), /elements/);
  });

  test("keeps a permanent ban without a timeout, and times beyond nft's seconds", async () => {
    const hand = nftables();
    await Promise.all([
      hand.ban(scene.ban("192.0.2.1", FOREVER)),
      hand.ban(scene.ban("192.0.2.2", 7800 * 60 * 2880 * 2)),
    ]);
    const set = scene.sh(SET);
    assert.match(set, /192\.0\.2\.1[,\s}]/);
    assert.doesNotMatch(set, /192\.0\.2\.1 timeout/);
    assert.match(set, /192\.0\.2\.2 timeout 31200d1m/);
  });

  test("prolongs a ban in the kernel", async () => {
    const hand = nftables();
    await hand.ban(scene.ban("192.0.2.1", 100));
    await hand.prolong(scene.ban("192.0.2.1", 86_400));
    assert.match(scene.sh(SET), /192\.0\.2\.1 timeout 1d1m/);
  });

  test("carries out a thousand bans in one or two commands", async () => {
    const hand = nftables();
    const bans = Array.from({ length: 1000 }, (_, n) => scene.ban(`10.0.${n >> 8}.${n & 255}`));
    const results = await Promise.all(bans.map((ban) => hand.ban(ban)));
    assert.ok(results.every((result) => result.ok));
    assert.ok(scene.jobs.length <= 2, `${scene.jobs.length} commands`);
    assert.equal(scene.sh(SET).match(/10\.0\.\d+\.\d+ timeout/g)?.length, 1000);
  });

  test("flushes in one command per set and leaves nothing at the stop", async () => {
    const hand = nftables();
    const bans = ["192.0.2.1", "2001:db8::1", "198.51.100.0/24"].map((ip) => scene.ban(ip));
    await hand.restore(bans);
    await hand.flush(bans, true);
    assert.doesNotMatch(scene.sh("nft list table inet f2b-table"), /elements/);
    assert.deepEqual(await hand.stop(), { ok: true });
    assert.equal(scene.sh("nft list ruleset"), "");
  });

  test("cleans up at the start what a killed daemon left, also without any ban", async () => {
    const killed = nftables();
    await killed.restore(["192.0.2.1", "198.51.100.0/24"].map((ip) => scene.ban(ip)));
    scene.bans.clear();
    const hand = nftables();
    await hand.start();
    await hand.restore([]);
    assert.doesNotMatch(scene.sh("nft list ruleset"), /elements/);
    await hand.stop();
    assert.equal(scene.sh("nft list ruleset"), "");
  });

  test("says what is missing where there is no nft, and fails the ban", async () => {
    const hand = scene.hand(scene.settings("j", "nftables-allports[nftables=no-such-nft]"));
    assert.equal((await hand.ban(scene.ban("192.0.2.1"))).ok, false);
    assert.ok(
      scene.said.some(
        ({ level, text }) => level === "INFO" && text.includes("HINT on 127") && text.includes("package nftables"),
      ),
    );
    assert.ok(
      scene.said.some(
        ({ level, text }) =>
          level === "ERROR" && text.startsWith("Failed to execute ban jail 'j' action 'nftables-allports'"),
      ),
    );
  });

  test("leaves what belongs to another jail", async () => {
    const mine = nftables();
    const other = scene.hand(scene.settings("k", "nftables-allports"), "k");
    await mine.ban(scene.ban("192.0.2.1"));
    scene.bans.clear();
    await other.ban(scene.ban("192.0.2.9"));
    await mine.stop();
    const rules = scene.sh("nft list table inet f2b-table");
    assert.match(rules, /meta l4proto tcp ip saddr @addr-set-k reject/);
    assert.match(rules, /192\.0\.2\.9/);
    assert.doesNotMatch(rules, /addr-set-j/);
    await other.stop();
    assert.equal(scene.sh("nft list ruleset"), "");
  });

  test("brings tables and all bans back after somebody flushed the ruleset, without a new failure", async () => {
    const hand = nftables();
    const bans = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "198.51.100.0/24"].map((ip) => scene.ban(ip));
    await hand.restore(bans);
    scene.sh("nft flush ruleset");
    scene.clock.ring(6);
    await hand.idle();
    const rules = scene.sh("nft list table inet f2b-table");
    for (const ban of bans) assert.ok(rules.includes(ban.who.key), ban.who.key);
    scene.sh("nft flush chain inet f2b-table f2b-chain");
    await new Promise((resolve) => setImmediate(resolve));
    scene.clock.ring(6);
    await hand.idle();
    assert.match(scene.sh("nft list table inet f2b-table"), /@addr-set-j reject/);
  });

  test("repairs at a ban that finds the ruleset flushed", async () => {
    const hand = nftables();
    await hand.ban(scene.ban("192.0.2.1"));
    scene.sh("nft flush ruleset");
    assert.deepEqual(await hand.ban(scene.ban("192.0.2.2")), { ok: true });
    assert.match(
      scene.sh(SET),
      /192\.0\.2\.1 timeout.*192\.0\.2\.2 timeout|192\.0\.2\.2 timeout.*192\.0\.2\.1 timeout/,
    );
    assert.ok(scene.said.some(({ text }) => text === "Invariant check failed. Trying to restore a sane environment"));
  });

  test("loses only the one bad element of a batch", async () => {
    const settings = scene.settings("j", "nftables-allports");
    const template = "{ <ip> <nft-timeout> }";
    const line = settings.properties.get("actionbatch_ban") ?? "";
    const spoiled = line.replace(template, "{ <ip> timeout <bantime>s }"); // nft refuses nine digits of seconds
    const single = (settings.properties.get("actionban") ?? "").replace(template, "{ <ip> timeout <bantime>s }");
    const hand = scene.hand({
      ...settings,
      properties: new Map([...settings.properties, ["actionbatch_ban", spoiled], ["actionban", single]]),
    });
    await hand.ban(scene.ban("192.0.2.1"));
    const bans = Array.from({ length: 50 }, (_, n) => scene.ban(`10.0.0.${n}`, n === 17 ? 999_999_999 : 600));
    const results = await Promise.all(bans.map((ban) => hand.ban(ban)));
    assert.deepEqual(
      results.flatMap((result, n) => (result.ok ? [] : [n])),
      [17],
    );
    assert.equal(scene.sh(SET).match(/10\.0\.0\.\d+ timeout/g)?.length, 49);
    assert.ok(
      scene.said.some(
        ({ level, text }) =>
          level === "ERROR" && text.includes("Failed to execute ban jail 'j'") && text.includes("10.0.0.17"),
      ),
    );
  });

  test("keeps overlapping networks banned as long as each of them lasts", async () => {
    const hand = nftables();
    const [inner, outer] = [scene.ban("198.51.100.0/24", 900), scene.ban("198.51.0.0/16", 100)];
    const nets = () => scene.sh("nft list set inet f2b-table addr-net-j");
    await hand.ban(inner);
    await hand.ban(outer);
    assert.match(nets(), /elements = \{ 198\.51\.0\.0\/16 timeout [^,]* \}/);
    await hand.unban(scene.drop(outer));
    assert.match(nets(), /elements = \{ 198\.51\.100\.0\/24 timeout 16m/);
    await hand.ban(scene.ban("198.51.0.0/16", 100));
    await hand.unban(scene.drop(inner));
    assert.match(nets(), /elements = \{ 198\.51\.0\.0\/16 timeout/);
  });

  test("leaves its sets to the next start, which adopts them in one transaction without a gap", async () => {
    const before = nftables();
    const bans = ["192.0.2.1", "192.0.2.2", "2001:db8::1"].map((ip) => scene.ban(ip));
    await before.restore(bans);
    assert.equal(await before.leave(), true);
    assert.match(scene.sh(SET), /192\.0\.2\.1/);
    const [kept, ...gone] = bans;
    assert.ok(kept !== undefined);
    for (const ban of gone) scene.drop(ban);
    const prober = startProber(scene);
    const after = nftables();
    await after.start();
    await after.restore([kept]);
    assert.deepEqual(await prober.stop(), { gaps: 0, looked: true });
    const rules = scene.sh("nft list table inet f2b-table");
    assert.match(rules, /192\.0\.2\.1 timeout/);
    assert.doesNotMatch(rules, /192\.0\.2\.2|2001:db8::1/);
    assert.equal(rules.match(/@addr-set-j reject/g)?.length, 1);
    assert.equal(rules.match(/@addr6-set-j reject/g)?.length, 1);
    await after.flush([kept], true);
    await after.stop();
    assert.equal(scene.sh("nft list ruleset"), "");
  });

  test("a reload with another port changes the rule and keeps the bans", async () => {
    const hand = nftables();
    await hand.ban(scene.ban("192.0.2.1"));
    await hand.reload(scene.settings("j", 'nftables-multiport[port="http", blocktype=drop]'));
    const rules = scene.sh("nft list table inet f2b-table");
    assert.match(rules, /dport 80 ip saddr @addr-set-j drop/);
    assert.doesNotMatch(rules, /reject/);
    assert.match(rules, /192\.0\.2\.1/);
  });

  test("takes the original's parameters as they stand in people's jails", async () => {
    const action =
      'nftables[type=multiport, port="0:65535", protocol=udp, table=mine, table_family=ip, chain=mychain, chain_hook=prerouting, chain_priority=-300, chain_type=filter, blocktype=drop, addr_set=bad, addr_family=ip, addr_options=""]';
    const hand = scene.hand(scene.settings("j", action));
    await hand.ban(scene.ban("192.0.2.1"));
    const rules = scene.sh("nft list ruleset");
    assert.match(rules, /table ip mine \{\s+set bad/);
    assert.match(rules, /chain mychain \{\s+type filter hook prerouting priority raw/);
    assert.match(rules, /udp.* ip saddr @bad drop/);
    await hand.stop();
    assert.equal(scene.sh("nft list ruleset"), "");
  });

  test("follows an actionban of the administrator's own instead of the batch", async () => {
    const local = "[Definition]\nactionban = nft add element <nft_set> { <ip> timeout 7m }\n";
    const hand = scene.hand(scene.settings("j", "nftables-allports", { "action.d/nftables-allports.local": local }));
    const bans = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((ip) => scene.ban(ip));
    await Promise.all(bans.map((ban) => hand.ban(ban)));
    assert.equal(scene.jobs.filter((job) => job.input !== null).length, 0);
    assert.equal(scene.sh(SET).match(/timeout 7m/g)?.length, 3);
  });
});
