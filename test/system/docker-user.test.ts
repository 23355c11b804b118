/**
 * Our action docker-user beside a real docker engine: a port that is published for IPv4 and IPv6 is shut for the banned address only,
 * opened again, and a stop leaves what the engine made as it was. With either of the action's backends.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lacksProgram, startGuard, underTest } from "../stage/program.ts";
import { makeWorld, must, until, type World } from "../stage/world.ts";
import { without } from "../skips.ts";
import { dockerRefusal, makeImage, removeGroups, startDocker, type Docker } from "./docker.ts";

const skip =
  lacksProgram ||
  (underTest === "theirs" && "the original has no such action") ||
  without("root", "namespaces", "ip", "nft", "ipset", "iptables") ||
  dockerRefusal();

const PORT = 8080;
const parent = `fail2ban-ts-user-${process.pid}`;
/** For IPv6 the engine makes rules as for IPv4 only when it is asked to; else a program of its own answers on the machine itself. */
const SIX = ["--experimental", "--ip6tables", "--ipv6", "--fixed-cidr-v6", "fd99:64::/64"];
const BACKENDS = ["nftables", "iptables"] as const;

describe("docker-user beside a docker engine", { skip, timeout: 240_000 }, () => {
  let world: World;
  let docker: Docker;
  let untouched: string;

  before(async () => {
    world = await makeWorld();
    docker = await startDocker(world, parent, SIX);
    await makeImage(world, docker, "web");
    await docker.run(
      ...["run", "--detach", "--name", "web", "--publish", `${PORT}:80`],
      ...["web", "/bin/httpd", "-f", "-p", "80", "-h", "/www"],
    );
    for (const from of [world.attacker(1).v4, world.attacker(1).v6])
      await until(`the container's port, for ${from}`, 20, async () => (await world.probe(from, PORT)) === "open");
    untouched = await firewall();
  });
  after(async () => {
    await docker?.stop();
    await world?.[Symbol.asyncDispose]();
    removeGroups(parent);
  });

  /** Every rule and set of the machine, without what counts and what names a place. */
  async function firewall(): Promise<string> {
    const said = await must(world.onGuarded("sh", "-c", "nft -s list ruleset; ipset list -n"));
    return said.stdout.replaceAll(/ counter packets \d+ bytes \d+/g, "");
  }

  test("the port is answered in a container, by way of what the machine forwards", async () => {
    const rules = (await must(world.onGuarded("sh", "-c", "iptables-save; ip6tables-save"))).stdout;
    assert.equal(rules.match(/-A DOCKER .*--dport 8080 -j DNAT/g)?.length, 2, rules);
  });

  for (const backend of BACKENDS)
    test(`bans, unbans and goes, with the backend ${backend}`, async () => {
      const name = `web-${backend}`; // its bans are not the other's, which the database still knows
      const jail = [
        ...[
          `[${name}]`,
          "enabled = true",
          "filter = sshd",
          "backend = polling",
          `logpath = ${world.folder}/etc/web.log`,
        ],
        ...[`banaction = docker-user[backend=${backend}]`, "action = %(banaction)s", ""],
      ];
      const guard = await startGuard(world, { "jail.local": jail.join("\n"), "web.log": "" });
      const [one, other] = [world.attacker(1), world.attacker(2)];
      for (const family of ["v4", "v6"] as const) {
        assert.equal((await guard.client("set", name, "banip", one[family])).stdout, "1\n");
        assert.equal(await world.probe(one[family], PORT), "refused", `${family}\n${guard.log()}`);
        assert.equal(await world.probe(other[family], PORT), "open", family);
      }
      for (const family of ["v4", "v6"] as const) {
        assert.equal((await guard.client("set", name, "unbanip", one[family])).stdout, "1\n");
        assert.equal(await world.probe(one[family], PORT), "open", `${family}\n${guard.log()}`);
        await guard.client("set", name, "banip", one[family]);
      }
      assert.equal(await guard.stop(), 0, guard.running.printed());
      assert.equal(await firewall(), untouched);
      assert.equal(await world.probe(one.v4, PORT), "open");
    });
});
