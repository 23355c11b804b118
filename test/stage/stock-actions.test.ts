/**
 * Stock actions beside nftables, iptables and ipset that can be tried on the real kernel, in a network namespace of their own: the
 * containers of Docker, routes, lists of xt_recent, the sets for Shorewall (engine.md §9).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, test } from "node:test";
import { FOREVER } from "../../src/base/index.ts";
import { without } from "../skips.ts";
import { type Containers, openContainers } from "./actions/containers.ts";
import { openScene, type Scene } from "./actions/scene.ts";

/** What is in the firewall, in the words of all tools. */
function firewall(scene: Scene): string {
  return scene
    .sh(
      "nft list ruleset 2>&1 | grep -v '^#'; for it in iptables-legacy ip6tables-legacy; do $it -S 2>/dev/null; done; ipset list -n",
    )
    .replaceAll(/ packets \d+ bytes \d+/g, "");
}

interface Variant {
  readonly name: string;
  readonly parameters: string;
  readonly iptables: string;
  /** What Docker has made before. */
  readonly docker: string;
}

const CHAINS = (tool: string) =>
  [tool, tool.replace("iptables", "ip6tables")]
    .map((it) => `${it} -N DOCKER-USER; ${it} -A DOCKER-USER -j RETURN; ${it} -I FORWARD -j DOCKER-USER`)
    .join("\n");

const VARIANTS: readonly Variant[] = [
  { name: "at the forward hook of nftables", parameters: "", iptables: "iptables-nft", docker: "" },
  {
    name: "in DOCKER-USER of iptables-nft",
    parameters: "backend=iptables",
    iptables: "iptables-nft",
    docker: CHAINS("iptables-nft"),
  },
  {
    name: "in DOCKER-USER of iptables-legacy",
    parameters: 'backend=iptables, iptables="iptables-legacy -w", iptables?family=inet6="ip6tables-legacy -w"',
    iptables: "iptables-legacy",
    docker: CHAINS("iptables-legacy"),
  },
];

const needs = without("root", "namespaces", "ip", "nft", "iptables", "ipset");

for (const { name, parameters, iptables, docker } of VARIANTS)
  describe(`docker-user ${name}`, { skip: needs }, () => {
    let scene: Scene;
    let containers: Containers;
    let before: string;
    beforeEach(async () => {
      scene = openScene();
      containers = await openContainers(scene, iptables);
      scene.sh(docker);
      before = firewall(scene);
    });
    afterEach(() => {
      containers.close();
      scene.close();
    });

    test("shuts the published port for the banned address only, opens it again and leaves nothing", () => shuts(""));

    test("shuts only the ports that are published under the jail's numbers", async () => {
      await shuts('type=multiport, port="http,8000:8080"');
      const other = scene.hand(scene.settings("k", actionOf('type=multiport, port="https,9090", name=k')), "k");
      await other.ban(scene.ban("10.77.1.2"));
      assert.equal(containers.probe("10.77.1.2"), "open");
      await other.stop();
      assert.equal(firewall(scene), before);
    });

    test("comes back with its bans after somebody threw its rules away", async () => {
      const hand = scene.hand(scene.settings("j", actionOf("")));
      await hand.ban(scene.ban("10.77.1.2"));
      scene.sh(docker === "" ? "nft delete table inet f2b-docker" : `${iptables} -F DOCKER-USER`);
      assert.equal(containers.probe("10.77.1.2"), "open");
      scene.clock.ring(11);
      await hand.idle();
      assert.equal(containers.probe("10.77.1.2"), "refused");
    });

    test("carries out many bans in a few commands", async () => {
      const hand = scene.hand(scene.settings("j", actionOf("")));
      const bans = Array.from({ length: 300 }, (_, n) =>
        scene.ban(`10.9.${n >> 8}.${n & 255}`, n === 7 ? FOREVER : 600),
      );
      const results = await Promise.all(bans.map((ban) => hand.ban(ban)));
      assert.ok(results.every((result) => result.ok));
      assert.ok(scene.jobs.length <= 3, `${scene.jobs.length} commands`);
      const list = scene.sh(docker === "" ? "nft list set inet f2b-docker addr-set-j" : "ipset list f2b-docker-j");
      assert.equal(list.match(/10\.9\.\d+\.\d+/g)?.length, 300);
    });

    const actionOf = (more: string) => `docker-user[${[parameters, more].filter((part) => part !== "").join(", ")}]`;

    async function shuts(more: string): Promise<void> {
      const hand = scene.hand(scene.settings("j", actionOf(more)));
      await hand.start();
      const bans = ["10.77.1.2", "fd77:1::2"].map((ip) => scene.ban(ip));
      for (const ban of bans) assert.deepEqual(await hand.ban(ban), { ok: true });
      for (const ip of ["10.77.1.2", "fd77:1::2"]) assert.equal(containers.probe(ip), "refused", ip);
      for (const ip of ["10.77.1.3", "fd77:1::3"]) assert.equal(containers.probe(ip), "open", ip);
      for (const ban of bans) assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
      assert.equal(containers.probe("10.77.1.2"), "open");
      const nets = ["10.77.1.0/24", "fd77:1::/64"].map((ip) => scene.ban(ip));
      for (const net of nets) assert.deepEqual(await hand.ban(net), { ok: true });
      assert.equal(containers.probe("10.77.1.3"), "refused");
      await hand.flush(nets, true);
      assert.equal(containers.probe("10.77.1.3"), "open");
      assert.deepEqual(await hand.stop(), { ok: true });
      assert.equal(firewall(scene), before);
      scene.bans.clear();
    }
  });

describe("docker-user", { skip: needs }, () => {
  test("makes Docker's chain where Docker has not started yet, and takes it away again", async () => {
    const scene = openScene();
    try {
      const hand = scene.hand(scene.settings("j", "docker-user[backend=iptables]"));
      await hand.ban(scene.ban("192.0.2.1"));
      assert.match(scene.sh("iptables -S"), /-A DOCKER-USER -m set --match-set f2b-docker-j src -j REJECT/);
      await hand.stop();
      assert.doesNotMatch(scene.sh("iptables -S; ipset list -n"), /DOCKER-USER|f2b/);
    } finally {
      scene.close();
    }
  });

  test("takes what jails pass to any action that bans", async () => {
    const scene = openScene();
    try {
      const action = 'docker-user[port="http,https", protocol="tcp,udp", chain="<known/chain>", blocktype=drop]';
      const hand = scene.hand(scene.settings("j", action));
      await hand.ban(scene.ban("192.0.2.1"));
      const rules = scene.sh("nft list table inet f2b-docker");
      assert.match(rules, /chain DOCKER-USER \{\s+type filter hook forward priority filter - 1/);
      assert.match(rules, /ip saddr @addr-set-j drop/);
    } finally {
      scene.close();
    }
  });
});

describe("route", { skip: without("root", "namespaces", "ip") }, () => {
  let scene: Scene;
  let before: string;
  const routes = () => scene.sh("ip -4 route; ip -6 route");
  beforeEach(() => {
    scene = openScene();
    scene.sh("ip link set lo up");
    before = routes();
  });
  afterEach(() => scene.close());

  for (const blocktype of ["unreachable", "blackhole", "prohibit"])
    test(`sends answers to the banned address nowhere: ${blocktype}`, async () => {
      const hand = scene.hand(scene.settings("j", `route[blocktype=${blocktype}]`));
      await hand.start();
      const bans = ["192.0.2.1", "2001:db8::1", "198.51.100.0/24"].map((ip) => scene.ban(ip));
      for (const ban of bans) assert.deepEqual(await hand.ban(ban), { ok: true });
      for (const ban of bans) assert.match(routes(), new RegExp(`${blocktype} ${ban.who.key}( |$)`, "m"));
      for (const ban of bans) assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
      assert.equal(routes(), before);
      await hand.stop();
      assert.equal(routes(), before);
    });

  test("takes routes that are there, or gone, already for done, and says what really fails", async () => {
    const hand = scene.hand(scene.settings("j", "route"));
    const ban = scene.ban("192.0.2.1");
    scene.sh("ip route add unreachable 192.0.2.1");
    assert.deepEqual(await hand.ban(ban), { ok: true });
    scene.sh("ip route del unreachable 192.0.2.1");
    assert.deepEqual(await hand.unban(ban), { ok: true });
    const wrong = scene.hand(scene.settings("j", "route[blocktype=nonsense]"));
    assert.equal((await wrong.ban(ban)).ok, false);
  });

  test("bans a thousand addresses by a few commands, and never by a word", async () => {
    const hand = scene.hand(scene.settings("j", "route"));
    const bans = Array.from({ length: 1000 }, (_, n) => scene.ban(`10.0.${n >> 8}.${n & 255}`));
    const results = await Promise.all(bans.map((ban) => hand.ban(ban)));
    assert.ok(results.every((result) => result.ok));
    assert.ok(scene.jobs.length <= 3, `${scene.jobs.length} commands`);
    assert.equal(routes().match(/unreachable 10\./g)?.length, 1000);
    const word = { ...scene.ban("192.0.2.1"), who: { key: "default", address: null } };
    assert.equal((await hand.ban(word)).ok, false);
    assert.doesNotMatch(routes(), /default/);
  });
});

/** Whether this kernel has the list of recent addresses. */
function lacksRecent(): string | false {
  if (needs !== false) return needs;
  const tried = spawnSync("unshare", ["--net", "iptables", "-A", "INPUT", "-m", "recent", "--rcheck", "--name", "f2b"]);
  return tried.status === 0 ? false : "needs the kernel's module xt_recent";
}

describe("iptables-xt_recent-echo", { skip: lacksRecent() }, () => {
  test("bans by a list of the kernel's, and leaves nothing", async () => {
    const scene = openScene();
    try {
      const before = firewall(scene);
      const hand = scene.hand(scene.settings("j", "iptables-xt_recent-echo[blocktype=DROP]"));
      const bans = ["192.0.2.1", "2001:db8::1"].map((ip) => scene.ban(ip));
      for (const ban of bans) assert.deepEqual(await hand.ban(ban), { ok: true });
      assert.match(scene.sh("iptables -S INPUT"), /-m recent --rcheck .*--name f2b-j .* -j DROP/);
      assert.match(scene.sh("ip6tables -S INPUT"), /--name f2b-j6 /);
      const list = () => scene.sh("cat /proc/net/xt_recent/f2b-j*");
      assert.match(list(), /src=192\.0\.2\.1 /);
      assert.match(list(), /src=2001:0db8:0000:0000:0000:0000:0000:0001 /);
      for (const ban of bans) assert.deepEqual(await hand.unban(scene.drop(ban)), { ok: true });
      assert.equal(list(), "");
      await hand.stop();
      assert.doesNotMatch(firewall(scene), /f2b/);
      assert.match(before, /^$|\w/);
    } finally {
      scene.close();
    }
  });
});

describe("shorewall-ipset-proto6", { skip: needs }, () => {
  test("keeps one set a family from the jail's start on, and empties them at its stop", async () => {
    const scene = openScene();
    try {
      const hand = scene.hand(scene.settings("j", "shorewall-ipset-proto6"));
      assert.deepEqual(await hand.start(), { ok: true });
      assert.equal(scene.sh("ipset list -n"), "f2b-j\nf2b-j6\n");
      for (const ip of ["192.0.2.1", "2001:db8::1", "198.51.100.0/24"])
        assert.deepEqual(await hand.ban(scene.ban(ip)), { ok: true });
      assert.match(scene.sh("ipset list f2b-j"), /192\.0\.2\.1 timeout 6\d\d/);
      assert.match(scene.sh("ipset list f2b-j"), /198\.51\.100\.0\/24 /);
      assert.match(scene.sh("ipset list f2b-j6"), /2001:db8::1 /);
      await hand.stop();
      assert.doesNotMatch(scene.sh("ipset list"), /192|2001/);
    } finally {
      scene.close();
    }
  });
});
