/** The main job on a machine that logs to the journal: the unit of an entry is what systemd's journald vouches for, not what its sender says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { without } from "../skips.ts";
import { lacksProgram, startGuard } from "./program.ts";
import { attack, guessPassword, runSshd } from "./sshd.ts";
import { makeUnits, unitsRefusal } from "./units.ts";
import { makeWorld, must, until } from "./world.ts";

const skip = lacksProgram || without("root", "namespaces", "ip", "nft", "sshd", "ssh", "sshpass") || unitsRefusal();

const JAIL = `[DEFAULT]
banaction = nftables
[sshd]
enabled = true
backend = systemd
port = 22
maxretry = 3
`;

test(
  "an attacker of sshd is shut out by what sshd's unit says in the journal; a forged line bans nobody",
  { skip },
  async () => {
    using units = makeUnits();
    await using world = await makeWorld();
    await units.startJournald(world);
    await runSshd(world, 22, (words) => units.asService("ssh", words));
    const guard = await startGuard(world, { "jail.local": JAIL });

    const forger = world.attacker(8).v4;
    const line = `Failed password for root from ${forger} port 40000 ssh2`;
    for (let i = 0; i < 5; i += 1) await must(world.onGuarded("logger", "-t", "sshd", "-p", "auth.info", line));

    for (const from of [world.attacker(1).v4, world.attacker(2).v6]) {
      await attack(world, from, 22);
      assert.equal(await world.probe(world.attacker(3)[from.includes(":") ? "v6" : "v4"], 22), "open");
      await until("the log to say so", 5, () => Promise.resolve(guard.log().includes(`[sshd] Ban ${from}\n`)));
      assert.equal((await guard.client("set", "sshd", "unbanip", from)).stdout, "1\n");
      await until(`${from} to be let in again`, 5, async () => (await world.probe(from, 22)) === "open");
    }
    assert.doesNotMatch(guard.log(), new RegExp(forger.replaceAll(".", "\\.")));
    assert.match((await guard.client("status", "sshd")).stdout, /Journal matches:\s+\S/);

    assert.equal(await guard.stop(), 0, guard.running.printed());
    assert.equal((await world.onGuarded("nft", "list", "tables")).stdout, "");
  },
);

test(
  "what happened while the server was down is read from the journal, and nothing is counted twice",
  { skip },
  async () => {
    using units = makeUnits();
    await using world = await makeWorld();
    await units.startJournald(world);
    await runSshd(world, 22, (words) => units.asService("ssh", words));
    const attacker = world.attacker(1).v4;
    const first = await startGuard(world, { "jail.local": JAIL });
    await guessPassword(world, attacker, 22);
    await until("the first failure", 10, () => Promise.resolve(first.log().includes(`Found ${attacker}`)));
    const found = first.log().split(`Found ${attacker}`).length - 1;
    assert.equal(await first.stop(), 0);
    await guessPassword(world, attacker, 22);
    const second = await startGuard(world, { "jail.local": JAIL });
    await until("the second failure", 10, () =>
      Promise.resolve(second.log().split(`Found ${attacker}`).length - 1 >= 2 * found),
    );
    await guessPassword(world, world.attacker(2).v4, 22);
    await until("another's failure", 10, () => Promise.resolve(second.log().includes(`Found ${world.attacker(2).v4}`)));
    assert.equal(second.log().split(`Found ${attacker}`).length - 1, 2 * found);
    assert.equal(await second.stop(), 0);
  },
);
