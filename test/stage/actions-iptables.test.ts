/** The stock actions of iptables and ipset on the real kernel, in a network namespace of their own (engine.md §9). */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { FOREVER } from "../../src/base/index.ts";
import { without } from "../skips.ts";
import { openScene, type Scene } from "./actions/scene.ts";

for (const variant of ["iptables-multiport", "iptables-allports", "iptables-new", "iptables"]) {
  describe(variant, { skip: without("root", "namespaces", "ip", "iptables") }, () => {
    test("bans, unbans, flushes and stops for both families, and leaves nothing", async () => {
      const scene = openScene();
      try {
        const hand = scene.hand(
          scene.settings("j", `${variant}[port="22", protocol="tcp,udp", chain="INPUT,FORWARD"]`),
        );
        const bans = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "198.51.100.0/24"].map((ip) => scene.ban(ip));
        for (const ban of bans) assert.deepEqual(await hand.ban(ban), { ok: true });
        const rules = scene.sh("iptables -S; ip6tables -S");
        assert.equal(rules.match(/-A (INPUT|FORWARD) .*-j f2b-j/g)?.length, 8, rules);
        assert.match(rules, /-A f2b-j -s 198\.51\.100\.0\/24 -j REJECT --reject-with icmp-port-unreachable/);
        assert.match(
          rules,
          /-A f2b-j -s 2001:db8::1\/128 -j REJECT --reject-with icmp6-port-unreachable\n-A f2b-j -j RETURN/,
        );
        const [first, ...rest] = bans;
        assert.ok(first !== undefined);
        assert.deepEqual(await hand.unban(scene.drop(first)), { ok: true });
        assert.doesNotMatch(scene.sh("iptables -S"), /192\.0\.2\.1\//);
        await hand.flush(rest, true);
        assert.doesNotMatch(scene.sh("iptables -S; ip6tables -S"), /192\.0\.2|2001/);
        assert.deepEqual(await hand.stop(), { ok: true });
        assert.doesNotMatch(scene.sh("iptables -S; ip6tables -S"), /f2b/);
      } finally {
        scene.close();
      }
    });
  });
}

describe("iptables", { skip: without("root", "namespaces", "ip", "iptables") }, () => {
  let scene: Scene;
  beforeEach(() => {
    scene = openScene();
  });
  afterEach(() => scene.close());

  test("logs what it turns away where that is wanted, and leaves nothing", async () => {
    const hand = scene.hand(scene.settings("j", "iptables-multiport-log[port=22, blocktype=DROP]"));
    const ban = scene.ban("192.0.2.1");
    assert.deepEqual(await hand.ban(ban), { ok: true });
    const rules = scene.sh("iptables -S");
    assert.match(rules, /-A f2b-j -s 192\.0\.2\.1\/32 -j f2b-j-log/);
    assert.match(rules, /-A f2b-j-log .*-j LOG --log-prefix "f2b-j:DROP "\n-A f2b-j-log -j DROP/);
    assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
    assert.deepEqual(await hand.stop(), { ok: true });
    assert.doesNotMatch(scene.sh("iptables -S"), /f2b/);
  });

  test("restores five hundred bans with one command", async () => {
    const hand = scene.hand(scene.settings("j", "iptables-allports"));
    await hand.restore(Array.from({ length: 500 }, (_, n) => scene.ban(`10.0.${n >> 8}.${n & 255}`)));
    assert.equal(scene.sh("iptables -S f2b-j").match(/-j REJECT/g)?.length, 500);
    assert.ok(scene.jobs.filter((job) => !job.quiet).length <= 1);
  });

  test("takes over what a killed daemon left, with another port now, and has no rule twice", async () => {
    const before = scene.hand(scene.settings("j", "iptables-multiport[port=22]"));
    const ban = scene.ban("192.0.2.1");
    await before.restore([ban]);
    const after = scene.hand(scene.settings("j", "iptables-multiport[port=80]"));
    await after.restore([ban]);
    const rules = scene.sh("iptables -S");
    assert.equal(rules.match(/-A INPUT/g)?.length, 1);
    assert.match(rules, /--dports 80/);
    assert.equal(rules.match(/192\.0\.2\.1/g)?.length, 1);
  });

  test(
    "starts with iptables-legacy among thousands of rules: their list does not wait for the lock of the restore",
    {
      skip: existsSync("/usr/sbin/iptables-legacy-restore")
        ? false
        : "needs iptables-legacy (apt-get install iptables)",
    },
    async () => {
      const many = 5000;
      const each = `printf "-A INPUT -s 10.1.%d.%d -j RETURN\\n", $1 / 256, $1 % 256`;
      scene.sh(`{ echo '*filter'; seq ${many} | awk '{ ${each} }'; echo COMMIT; } | iptables-legacy-restore`);
      // So slow that a restore which begins beside it has the lock first.
      const slow = join(dirname(scene.shell), "slow");
      writeFileSync(slow, '#!/bin/sh\nsleep 0.3\nexec iptables-legacy "$@"\n', { mode: 0o755 });
      writeFileSync(`${slow}-restore`, '#!/bin/sh\nexec iptables-legacy-restore "$@"\n', { mode: 0o755 });
      for (const _ of Array(2).keys()) {
        const hand = scene.hand(scene.settings("j", `iptables-allports[iptables="${slow} <lockingopt>", timeout=20]`));
        assert.deepEqual(await hand.ban(scene.ban("192.0.2.1")), { ok: true });
      }
      const rules = scene.sh("iptables-legacy -S");
      assert.equal(rules.match(/^-A INPUT .*-j f2b-j$/gm)?.length, 1);
      assert.equal(rules.match(/192\.0\.2\.1\//g)?.length, 1);
      assert.equal(rules.match(/-s 10\.1\./g)?.length, many);
    },
  );

  test("is not left in the kernel at a restart: its rules have no time", async () => {
    const hand = scene.hand(scene.settings("j", "iptables-allports"));
    await hand.ban(scene.ban("192.0.2.1"));
    assert.equal(await hand.leave(), false);
  });

  test("brings its chain and its bans back after a flush by somebody else", async () => {
    const hand = scene.hand(scene.settings("j", "iptables-allports"));
    await hand.restore([scene.ban("192.0.2.1"), scene.ban("192.0.2.2")]);
    scene.sh("iptables -F; iptables -X");
    scene.clock.ring(11);
    await hand.idle();
    assert.equal(scene.sh("iptables -S f2b-j").match(/-j REJECT/g)?.length, 2);
  });
});

describe("iptables-ipset", { skip: without("root", "namespaces", "ip", "iptables", "ipset") }, () => {
  let scene: Scene;
  beforeEach(() => {
    scene = openScene();
  });
  afterEach(() => scene.close());

  for (const variant of [
    "iptables-ipset-proto6",
    "iptables-ipset-proto6-allports",
    "iptables-ipset-proto4",
    "iptables-ipset",
  ]) {
    test(`${variant} bans, unbans and stops, and leaves nothing`, async () => {
      const hand = scene.hand(scene.settings("j", `${variant}[port=22, protocol=tcp]`));
      const bans = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "198.51.100.0/24"].map((ip) => scene.ban(ip));
      const results = await Promise.all(bans.map((ban) => hand.ban(ban)));
      assert.deepEqual(
        results,
        bans.map(() => ({ ok: true })),
      );
      const [first, ...rest] = bans;
      assert.ok(first !== undefined);
      assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.1 timeout 6[56]\d/);
      assert.match(scene.sh("ipset list f2b-j6"), /2001:db8::1 timeout/);
      assert.match(scene.sh("iptables -S"), /-A INPUT -p tcp.*--match-set f2b-j src -j REJECT/);
      assert.deepEqual(await hand.unban(scene.drop(first)), { ok: true });
      assert.doesNotMatch(scene.sh("ipset list f2b-j"), /192\.0\.2\.1/);
      await hand.flush(rest, true);
      assert.deepEqual(await hand.stop(), { ok: true });
      assert.equal(scene.sh("ipset list; iptables -S | grep f2b; ip6tables -S | grep f2b"), "");
    });
  }

  test("cuts times to what ipset counts and orders them again in time; a permanent ban has none", async () => {
    const hand = scene.hand(scene.settings("j", "iptables-ipset-proto6-allports"));
    await hand.ban(scene.ban("192.0.2.1", 7800 * 60 * 2880 * 2));
    await hand.ban(scene.ban("192.0.2.2", FOREVER));
    assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.1 timeout 21474(7|8)\d/);
    assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.2 timeout 0/);
    scene.sh("ipset -exist add f2b-j 192.0.2.1 timeout 100");
    scene.clock.ring(2_147_483 / 2 + 1);
    await hand.idle();
    await hand.idle();
    assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.1 timeout 21474(7|8)\d/);
  });

  test("leaves its set to the next start, which has each rule once", async () => {
    const before = scene.hand(scene.settings("j", "iptables-ipset-proto6-allports"));
    const ban = scene.ban("192.0.2.1");
    await before.ban(ban);
    assert.equal(await before.leave(), true);
    const after = scene.hand(scene.settings("j", "iptables-ipset-proto6-allports[blocktype=DROP]"));
    await after.restore([ban]);
    const rules = scene.sh("iptables -S");
    assert.equal(rules.match(/--match-set f2b-j src -j DROP/g)?.length, 1, rules);
    assert.doesNotMatch(rules, /REJECT/);
    assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.1 timeout/);
  });

  test("runs an administrator's own ipset action unchanged, one command a ban", async () => {
    const own = `[Definition]
actionstart = ipset --create f2b-own nethash
              iptables -I INPUT -m set --match-set f2b-own src -p tcp -m tcp --dport 25 -j DROP
actionstop = iptables -D INPUT -m set --match-set f2b-own src -p tcp -m tcp --dport 25 -j DROP
             ipset --destroy f2b-own
actionban = ipset add -exist f2b-own <ip>/24
actionunban = ipset del -exist f2b-own <ip>/24
`;
    const hand = scene.hand(scene.settings("j", "own", { "action.d/own.conf": own }));
    await hand.start();
    const bans = ["192.0.2.1", "198.51.100.7"].map((ip) => scene.ban(ip));
    await Promise.all(bans.map((ban) => hand.ban(ban)));
    assert.match(scene.sh("ipset list f2b-own"), /192\.0\.2\.0\/24/);
    assert.equal(scene.jobs.length, 3);
    await hand.flush(bans, true);
    assert.doesNotMatch(scene.sh("ipset list f2b-own"), /\/24/);
    await hand.stop();
    assert.doesNotMatch(scene.sh("iptables -S"), /f2b/);
  });
});

describe("what a tool refuses is told of", { skip: without("root", "namespaces", "ip", "iptables", "ipset") }, () => {
  for (const action of ["iptables-multiport", "iptables-ipset-proto6"]) {
    test(action, async () => {
      const scene = openScene();
      try {
        const hand = scene.hand(scene.settings("j", `${action}[port=22, blocktype=NONSENSE]`));
        const { ok } = await hand.ban(scene.ban("192.0.2.1"));
        const said = scene.said.map(({ text }) => text);
        assert.ok(!ok || said.some((text) => text.startsWith("Failed to execute ban jail 'j'")), said.join("\n"));
        assert.ok(
          said.every((text) => !text.includes("Restored")),
          said.join("\n"),
        );
        assert.doesNotMatch(scene.sh("iptables -S"), /NONSENSE/);
      } finally {
        scene.close();
      }
    });
  }
});
