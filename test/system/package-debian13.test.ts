/** The package on a Debian 13: another systemd, another nft, an OpenSSH whose connections are served by `sshd-session`. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { without } from "../skips.ts";
import { attack } from "../stage/sshd.ts";
import { buildPackage } from "./package-build.ts";
import { Ground, Machine } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const skip = without("root", "namespaces", "ip", "ssh", "sshpass") || nspawnIsMissing();

describe("the package on Debian 13", { skip }, () => {
  let ground: Ground;
  let machine: Machine;
  let deb: string;

  before(async () => {
    ground = await Ground.lay(13);
    mkdirSync(join(ground.folder, "deb"));
    machine = await Machine.make(ground);
    deb = machine.bring(buildPackage(join(ground.folder, "deb")));
    // After three wrong passwords this OpenSSH refuses the address by itself for a while, and logs no more of them.
    machine.write("/etc/fail2ban/jail.local", "[sshd]\nmaxretry = 2\n");
    await machine.boot();
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    ground?.remove();
  });

  test("is installed by apt, and guards at once", async () => {
    assert.match(await machine.must("cat /etc/debian_version"), /^13/);
    await machine.install(deb);
    assert.equal(await machine.must("systemctl is-active fail2ban"), "active\n");
    assert.match(await machine.must("fail2ban-client -t; fail2ban-client status"), /^OK: [^]*Jail list:\tsshd\n/);
  });

  for (const [family, number] of [
    ["v4", 1],
    ["v6", 2],
  ] as const)
    test(`bans an attacker of sshd by IP${family}, and not his neighbour`, async () => {
      await attack(machine.world, machine.world.attacker(number)[family], 22);
      assert.equal(await machine.world.probe(machine.world.attacker(8)[family], 22), "open");
    });

  test("has its bans after a restart, goes without a rule left, and powers off", async () => {
    await machine.must("systemctl restart fail2ban");
    assert.match(await machine.must("fail2ban-client status sshd"), /Currently banned:\t2\n/);
    await machine.must("DEBIAN_FRONTEND=noninteractive apt-get -q purge -y fail2ban");
    assert.equal(await machine.must("nft list tables; find /etc/fail2ban /usr -name '*fail2ban*'"), "/etc/fail2ban\n");
    assert.equal(await machine.powerOff(), true);
  });
});
