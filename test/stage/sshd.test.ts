/** The main job, end to end: a real sshd is attacked, and the attacker is shut out, seen from the attacker's side. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";
import { lacksProgram, startGuard, type Guard } from "./program.ts";
import { attack, guessPassword, startSshd, type Sshd } from "./sshd.ts";
import { makeWorld, until, type World } from "./world.ts";

const needs = without("root", "namespaces", "ip", "nft", "sshd", "ssh", "sshpass", "rsyslogd");
const skip = lacksProgram === false ? needs : lacksProgram;

/** maxretry 3, and a jail named sshd that reads the world's log. */
function sshdJail(sshd: Sshd, more: string): string {
  return `[DEFAULT]\nbanaction = nftables\nmaxretry = 3\nfindtime = 600\n${more}
[sshd]\nenabled = true\nbackend = auto\nport = ${sshd.port}\nlogpath = ${sshd.log}\n`;
}

const families = ["v4", "v6"] as const;

async function assertProbe(world: World, from: string, port: number, expected: "open" | "closed"): Promise<void> {
  const answer = await world.probe(from, port);
  assert.equal(answer === "open" ? "open" : "closed", expected, `${from} → port ${port}: ${answer}`);
}

/** The attackers' whole story up to the unban, for both families. */
async function attackersStory(world: World, sshd: Sshd, guard: Guard): Promise<void> {
  for (const family of families) {
    const attacker = world.attacker(family === "v4" ? 1 : 2)[family];
    const bystander = world.attacker(3)[family];
    await assertProbe(world, attacker, sshd.port, "open");
    await attack(world, attacker, sshd.port);
    await assertProbe(world, attacker, sshd.port, "closed");
    await assertProbe(world, bystander, sshd.port, "open");
    const said = await guard.client("set", "sshd", "unbanip", attacker);
    assert.deepEqual([said.status, said.stdout], [0, "1\n"], said.stderr);
    await until(`${attacker} to be let in again`, 5, async () => (await world.probe(attacker, sshd.port)) === "open");
    assert.match(
      guard.log(),
      new RegExp(`NOTICE +\\[sshd\\] Ban ${attacker}\n[^]*NOTICE +\\[sshd\\] Unban ${attacker}\n`),
    );
  }
}

async function assertNothingLeft(world: World, guard: Guard): Promise<void> {
  assert.equal(await guard.stop(), 0, guard.running.printed());
  const tables = await world.onGuarded("nft", "list", "tables");
  assert.equal(tables.stdout, "");
}

test("an attacker of sshd is shut out until he is unbanned, and a stop leaves no table", { skip }, async () => {
  await using world = await makeWorld();
  const sshd = await startSshd(world, 22);
  const guard = await startGuard(world, { "jail.local": sshdJail(sshd, "bantime = 600") });
  await attackersStory(world, sshd, guard);
  await assertNothingLeft(world, guard);
});

test("a ban ends by itself when its bantime has run out", { skip }, async () => {
  await using world = await makeWorld();
  const sshd = await startSshd(world, 22);
  const guard = await startGuard(world, { "jail.local": sshdJail(sshd, "bantime = 10") });
  await Promise.all(
    families.map(async (family) => {
      const attacker = world.attacker(1)[family];
      await attack(world, attacker, sshd.port);
      await until(`${attacker}'s ban to end`, 40, async () => (await world.probe(attacker, sshd.port)) === "open");
      await until("the log to say so", 5, () => Promise.resolve(guard.log().includes(`[sshd] Unban ${attacker}\n`)));
    }),
  );
  await assertNothingLeft(world, guard);
});

const administrators = fileURLToPath(new URL("../fixtures/wiki/as-meant", import.meta.url));
const withFixture = existsSync(administrators)
  ? skip
  : "the administrator's configuration is not in test/fixtures/wiki";

test("an administrator's own jail.local guards sshd on the port he chose", { skip: withFixture }, async () => {
  await using world = await makeWorld();
  const sshd = await startSshd(world, 53684);
  // His jail.local says all but where this world's log is, and that the action is nftables.
  const files = {
    "jail.d/stage.local": `[DEFAULT]\nbanaction = nftables\n[sshd]\nbackend = auto\nlogpath = ${sshd.log}\n`,
    "jail.d/bad-auth-bots.conf": "", // a jail of his that watches docker, which is not here
  };
  const guard = await startGuard(world, files, administrators);
  await attackersStory(world, sshd, guard);
  await assertNothingLeft(world, guard);
});

test("the test itself notices an action that does nothing", { skip }, async () => {
  await using world = await makeWorld();
  const sshd = await startSshd(world, 22);
  const guard = await startGuard(world, {
    "action.d/idle.conf": "[Definition]\nactionstart = true\nactionban = true\nactionunban = true\n",
    "jail.local": sshdJail(sshd, "bantime = 600\nbanaction = idle").replace("banaction = nftables\n", ""),
  });
  const attacker = world.attacker(1).v4;
  await assert.rejects(attack(world, attacker, sshd.port), /guessed 12 passwords and still reaches port 22/);
  // It was not for want of a ban: the program decided one, only nothing came of it.
  await guessPassword(world, attacker, sshd.port);
  assert.match(guard.log(), new RegExp(`NOTICE +\\[sshd\\] Ban ${attacker}\n`));
  await assertNothingLeft(world, guard);
});
