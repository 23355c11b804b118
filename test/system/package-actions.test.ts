/**
 * Stock actions under the shipped unit, with the rights that it leaves: each bans and unbans, and what it does to the machine is
 * looked at. Mail goes out by exim's sendmail, which changes its user; iptables runs by both of its engines.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { without } from "../skips.ts";
import { until } from "../stage/world.ts";
import { buildPackage } from "./package-build.ts";
import { Ground, Machine } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const skip = without("root", "namespaces", "ip") || nspawnIsMissing();

interface Row {
  readonly action: string;
  /** What is prepared before the server starts. */
  readonly before?: string;
  /** Prints something that names the address while it is banned. */
  readonly look: string;
  /** The ban leaves something that stays, such as a mail. */
  readonly stays?: true;
}

const ROWS: readonly Row[] = [
  { action: "nftables", look: "nft list ruleset" },
  { action: "nftables[type=allports]", look: "nft list ruleset" },
  { action: "iptables-multiport", look: "iptables -S" },
  { action: "iptables-allports", look: "iptables -S" },
  { action: "iptables-new", look: "iptables -S" },
  { action: "iptables-ipset-proto6", look: "ipset list" },
  { action: "iptables-ipset-proto6-allports", look: "ipset list" },
  {
    action: "iptables-multiport",
    before: "update-alternatives --set iptables /usr/sbin/iptables-legacy",
    look: "iptables-legacy -S",
  },
  { action: "hostsdeny", look: "cat /etc/hosts.deny" },
  { action: "route", look: "ip route show table all" },
  { action: "dummy", look: "cat /var/run/fail2ban/fail2ban.dummy", stays: true },
  {
    action: "sendmail[name=sshd, dest=root, sender=f@guarded]",
    look: "cat /var/mail/mail /var/spool/exim4/input/* /var/mail/*",
    stays: true,
  },
  {
    action: "mail[name=sshd, dest=root]",
    look: "cat /var/mail/mail /var/spool/exim4/input/* /var/mail/*",
    stays: true,
  },
];

describe("stock actions with the rights of the unit", { skip }, () => {
  let ground: Ground;
  let machine: Machine;

  before(async () => {
    ground = await Ground.lay();
    mkdirSync(join(ground.folder, "deb"));
    machine = await Machine.make(ground);
    const deb = machine.bring(buildPackage(join(ground.folder, "deb")));
    machine.write("/etc/aliases", "root: root\n");
    await machine.boot();
    await machine.install(deb);
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    ground?.remove();
  });

  for (const [at, { action, before: prepare, look, stays }] of ROWS.entries())
    test(`${action}${prepare === undefined ? "" : `, after ${prepare}`}`, async () => {
      const address = `192.0.2.${at + 1}`;
      const log = async (): Promise<string> => (await machine.sh("tail -n 20 /var/log/fail2ban.log")).stdout;
      await machine.must(prepare ?? "true");
      await machine.must(
        `printf '[sshd]\\naction = %s\\n' '${action}' >/etc/fail2ban/jail.local; systemctl restart fail2ban; fail2ban-client set sshd banip ${address}`,
      );
      const shows = async (): Promise<boolean> => (await machine.sh(look)).stdout.includes(address);
      await until("the ban", 15, shows).catch(async () => assert.fail(await log()));
      await machine.must("fail2ban-client unban --all");
      if (stays !== true)
        await until("the unban", 15, async () => !(await shows())).catch(async () => assert.fail(await log()));
      await machine.must("systemctl stop fail2ban");
      assert.doesNotMatch(await log(), / ERROR /);
      await machine.must(">/var/log/fail2ban.log");
    });
});
