/**
 * An administrator's whole page, for real: Mailu's front in a container that logs to the journal, his filter, his action with
 * an ipset in DOCKER-USER, all his files unchanged (test/fixtures/wiki/as-meant).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacksProgram, startGuard, type Guard } from "../stage/program.ts";
import { makeUnits, unitsRefusal } from "../stage/units.ts";
import { makeWorld, must, until, type World } from "../stage/world.ts";
import { without } from "../skips.ts";
import { dockerRefusal, makeImage, removeGroups, startDocker, type Docker } from "./docker.ts";

const skip =
  lacksProgram || without("root", "namespaces", "ip", "ipset", "iptables") || unitsRefusal() || dockerRefusal();
const administrators = fileURLToPath(new URL("../fixtures/wiki/as-meant", import.meta.url));

const PORT = 25;
/** Two in one network of 256 addresses, and one in another. */
const [offender, neighbour, stranger] = ["198.51.100.7", "198.51.100.200", "203.0.113.9"] as const;
const SET = "f2b-bad-auth-bots";

/** What Mailu's front prints when somebody tries to log in where no login is offered. */
const line = (from: string): string =>
  `2024/06/12 10:11:12 [info] 12#12: *345 client login failed: "AUTH not supported" while in http auth state, client: ${from}, server: 0.0.0.0:25, login: "user@example.com"`;

/** The container prints the line, as its first process. */
async function prints(docker: Docker, from: string, times: number): Promise<void> {
  const script = `i=0; while [ $i -lt ${times} ]; do echo "$1" > /proc/1/fd/1; i=$((i + 1)); done`;
  await docker.run("exec", "front", "/bin/sh", "-c", script, "print", line(from));
}

/** Addresses of three strangers on the attackers' machine, which the guarded one reaches by the cable. */
async function layNetworks(world: World): Promise<void> {
  for (const address of [offender, neighbour, stranger]) {
    await must(world.onAttackers("ip", "addr", "add", `${address}/32`, "dev", "a0"));
    await must(world.onGuarded("ip", "route", "add", `${address}/32`, "dev", "s0"));
  }
}

async function startFront(world: World, docker: Docker): Promise<void> {
  await makeImage(world, docker, "front");
  const log = ["--log-driver", "journald", "--log-opt", "tag=mailu-front"];
  await docker.run(
    ...["run", "--detach", "--name", "front", "--publish", `${PORT}:${PORT}`, ...log],
    ...["front", "/bin/httpd", "-f", "-p", String(PORT), "-h", "/www"],
  );
  await until("the container's port", 10, async () => (await world.probe(stranger, PORT)) === "open");
}

const members = async (world: World): Promise<readonly string[]> =>
  (await must(world.onGuarded("ipset", "list", SET, "-output", "save"))).stdout.match(/(?<=^add \S+ ).*/gm) ?? [];

/** Waits for the log to say it this often, and that nothing was said of a failed action since. */
async function says(guard: Guard, text: string, times = 1): Promise<void> {
  const said = (): Promise<boolean> => Promise.resolve(guard.log().split(text).length - 1 >= times);
  await until(`"${text}"`, 20, said).catch((cause: unknown) => {
    throw new Error(guard.log().slice(-4000), { cause });
  });
}

test(
  "Mailu's front in a container is guarded by an administrator's own files",
  { skip, timeout: 240_000 },
  async (t) => {
    const parent = `fail2ban-ts-${process.pid}`;
    t.after(() => removeGroups(parent));
    using units = makeUnits();
    await using world = await makeWorld();
    await units.startJournald(world);
    await layNetworks(world);
    const docker = await startDocker(world, parent);
    await startFront(world, docker);
    const before = (await must(world.onGuarded("iptables-save"))).stdout.match(/^-A.*/gm);
    const guard = await startGuard(world, {}, administrators);
    await until("the rule", 10, async () => (await world.onGuarded("ipset", "list", SET)).status === 0);

    // Five lines, and the whole network of the offender is shut out; another one is not.
    await prints(docker, offender, 4);
    await says(guard, `[bad-auth-bots] Found ${offender}`, 4);
    assert.equal(await world.probe(offender, PORT), "open");
    await prints(docker, offender, 1);
    await says(guard, `[bad-auth-bots] Ban ${offender}\n`);
    await until("the offender to be shut out", 10, async () => (await world.probe(offender, PORT)) === "timeout");
    assert.equal(await world.probe(neighbour, PORT), "timeout");
    assert.equal(await world.probe(stranger, PORT), "open");
    assert.deepEqual(await members(world), ["198.51.100.0/24"]);

    // A second offender in the network that is shut out already.
    await prints(docker, neighbour, 5);
    await says(guard, `[bad-auth-bots] Ban ${neighbour}\n`);
    assert.deepEqual(await members(world), ["198.51.100.0/24"]);
    assert.match(guard.log(), /docker-action-net\.conf:\d+: .*\/24.*one entry/);

    // His set takes no IPv6 address: that is known from the start, and each such ban says that it has failed.
    assert.match(guard.log(), /docker-action-net\.conf:\d+: .*cannot ban IPv6/);
    await prints(docker, "2001:db8::7", 5);
    await says(guard, "[bad-auth-bots] Ban 2001:db8::7\n");
    await says(guard, "Failed to execute ban jail 'bad-auth-bots' action 'docker-action-net'");

    // unbanip opens.
    assert.equal((await guard.client("set", "bad-auth-bots", "unbanip", offender, neighbour)).stdout, "2\n");
    await until("the offender to be let in", 5, async () => (await world.probe(offender, PORT)) === "open");
    assert.deepEqual(await members(world), []);

    // A stop leaves what was there before.
    await prints(docker, stranger, 5);
    await says(guard, `[bad-auth-bots] Ban ${stranger}\n`);
    assert.equal(await guard.stop(), 0, guard.running.printed());
    assert.deepEqual((await must(world.onGuarded("iptables-save"))).stdout.match(/^-A.*/gm), before);
    assert.equal((await must(world.onGuarded("ipset", "list", "-name"))).stdout, "");
    assert.equal(await world.probe(stranger, PORT), "open");
    await docker.run("rm", "--force", "front");
    await docker.stop();
  },
);
