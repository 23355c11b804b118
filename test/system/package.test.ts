/**
 * The whole system: our package installed in a Debian with systemd, a real sshd attacked from another machine. What the
 * administrator's page does, and what a package owes: it guards, it restarts without a gap, it keeps what was changed, it goes.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";
import { attack } from "../stage/sshd.ts";
import { until } from "../stage/world.ts";
import { buildPackage } from "./package-build.ts";
import { Ground, Machine } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const knocker = fileURLToPath(new URL("package-knock.ts", import.meta.url));
const skip = without("root", "namespaces", "ip", "ssh", "sshpass") || nspawnIsMissing();
/** What the administrator's page has: a port of its own, bans that grow. */
const JAIL_LOCAL = `[DEFAULT]
bantime = 7800m
bantime.increment = true
bantime.multipliers = 1 5 30 60 300 720 1440 2880
bantime.maxtime = 1y

[sshd]
enabled = true
port = 53684
maxretry = 3
`;

describe("the package on a whole system", { skip }, () => {
  let ground: Ground;
  let machine: Machine;
  let deb: string;

  before(async () => {
    ground = await Ground.lay();
    const folder = join(ground.folder, "deb");
    mkdirSync(folder);
    machine = await Machine.make(ground);
    deb = machine.bring(buildPackage(folder));
    machine.write("/etc/ssh/sshd_config.d/ports.conf", "Port 22\nPort 53684\n");
    await machine.boot();
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    ground?.remove();
  });

  /** Both families at once, from two attackers. @returns for each how often it was let in, and how often not */
  const knock = async (port: number, seconds: number): Promise<readonly (readonly number[])[]> =>
    await Promise.all(
      ([1, 2] as const).map(async (number) => {
        const family = number === 1 ? "v4" : "v6";
        const ends = [machine.world.attacker(number)[family], machine.world.guarded[family]];
        const said = await machine.world.onAttackers(process.execPath, knocker, ...ends, `${port}`, `${seconds}`);
        return said.stdout.trim().split(" ").map(Number);
      }),
    );

  test("is installed by apt without a question, and guards at once", async () => {
    await machine.install(deb);
    assert.equal(
      (await machine.must("systemctl is-enabled fail2ban; systemctl is-active fail2ban")).trim(),
      "enabled\nactive",
    );
    assert.match(await machine.must("fail2ban-client status"), /Jail list:\tsshd\n/);
  });

  test("is stopped and started with firewalld, as systemd has understood the unit", async () => {
    assert.equal(await machine.must("systemctl show -P PartOf fail2ban"), "firewalld.service\n");
    assert.match(
      await machine.must("systemctl show -P After fail2ban"),
      /\bfirewalld\.service\b.*|\bdocker\.service\b/,
    );
  });

  test("takes the administrator's settings at a reload", async () => {
    await machine.must(`cat >/etc/fail2ban/jail.local <<'END'\n${JAIL_LOCAL}END`);
    await machine.must("fail2ban-client -t && systemctl reload fail2ban");
    assert.match(await machine.must("fail2ban-client get sshd bantime"), /^468000$/m);
  });

  test("says what is wrong with a configuration that cannot be reloaded, and goes on", async () => {
    await machine.must("cp /etc/fail2ban/jail.local /tmp/ && echo '[sshd' >>/etc/fail2ban/jail.local");
    assert.notEqual((await machine.sh("systemctl reload fail2ban")).status, 0);
    assert.match(await machine.must("journalctl -u fail2ban --no-pager"), /jail\.local/);
    await machine.must("mv /tmp/jail.local /etc/fail2ban/ && systemctl reload fail2ban && fail2ban-client ping");
  });

  for (const [family, number] of [
    ["v4", 1],
    ["v6", 2],
  ] as const)
    test(`bans an attacker of sshd at port 53684 by IP${family}, and not his neighbour`, async () => {
      const from = machine.world.attacker(number)[family];
      await attack(machine.world, from, 53684);
      assert.match(
        await machine.must("fail2ban-client status sshd"),
        new RegExp(`Banned IP list:.*${from.replaceAll(".", "\\.")}`),
      );
      assert.equal(await machine.world.probe(machine.world.attacker(8)[family], 53684), "open");
    });

  for (const [what, command] of [
    ["a restart by systemctl", "systemctl restart fail2ban"],
    ["a restart by the client", "fail2ban-client restart"],
    ["an upgrade of the package, with that server by the unit", `dpkg`],
    ["an upgrade of the package", `dpkg`],
    ["a crash", "systemctl kill --kill-whom=main --signal=SEGV fail2ban"],
  ] as const)
    test(`leaves no gap in a ban at ${what}`, async () => {
      const knocking = knock(53684, 5);
      if (command === "dpkg") await machine.must(`DEBIAN_FRONTEND=noninteractive dpkg -i ${deb}`);
      else await machine.must(command);
      await until(
        "the server to answer again",
        20,
        async () => (await machine.sh("fail2ban-client ping")).status === 0,
      );
      for (const [entered, refused = 0] of await knocking) {
        assert.equal(entered, 0, `${entered} of ${refused} knocks got in`);
        assert.ok(refused > 100, `only ${refused} knocks`);
      }
      assert.match(await machine.must("fail2ban-client status sshd"), /Currently banned:\t2\n/);
    });

  test("would see a gap: an ExecStop that does not tell a restart from a stop leaves one", async () => {
    const folder = "/etc/systemd/system/fail2ban.service.d";
    await machine.must(
      `mkdir -p ${folder} && printf '[Service]\\nExecStop=\\nExecStop=/usr/bin/fail2ban-client stop\\n' >${folder}/gap.conf && systemctl daemon-reload`,
    );
    const knocking = knock(53684, 3);
    await machine.must("systemctl restart fail2ban");
    for (const [entered = 0] of await knocking) assert.ok(entered > 0);
    await machine.must(`rm -r ${folder} && systemctl daemon-reload`);
  });

  test("lets everybody in again when it is stopped, and bans again when it is started", async () => {
    await machine.must("systemctl stop fail2ban");
    assert.equal(await machine.world.probe(machine.world.attacker(1).v4, 53684), "open");
    assert.equal(await machine.must("nft list tables"), "");
    await machine.must("systemctl start fail2ban");
    await until("the ban", 10, async () => (await machine.world.probe(machine.world.attacker(1).v4, 53684)) !== "open");
  });

  test("is ready within half a second, with few rights, and says so to systemd", async (t) => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await machine.must("systemctl restart fail2ban");
      const show = await machine.must(
        "systemctl show -P ExecMainStartTimestampMonotonic -P ActiveEnterTimestampMonotonic fail2ban",
      );
      const [started = 0, active = 0] = show.trim().split(/\s+/).map(Number);
      times.push(Math.abs(active - started) / 1e6);
    }
    const exposure = Number(
      /exposure level.*: ([\d.]+)/.exec(await machine.must("systemd-analyze security fail2ban --no-pager"))?.[1],
    );
    t.diagnostic(`start to ready ${Math.min(...times).toFixed(2)} s (best of 5), exposure ${exposure}`);
    assert.ok(Math.min(...times) <= 0.5, times.join(" "));
    assert.ok(exposure <= 3, String(exposure));
    assert.match(await machine.must("systemctl status fail2ban --no-pager"), /Status: "guarding 1 jail/);
  });

  test("keeps what the administrator changed and took away, through an unattended upgrade", async () => {
    await machine.must("echo '# mine' >>/etc/fail2ban/jail.conf; rm /etc/fail2ban/filter.d/apache-auth.conf");
    await machine.install("--reinstall", deb);
    assert.match(
      await machine.must("tail -1 /etc/fail2ban/jail.conf; ls /etc/fail2ban"),
      /^# mine\n[^]*jail\.conf\.ucf-dist/,
    );
    assert.notEqual((await machine.sh("test -e /etc/fail2ban/filter.d/apache-auth.conf")).status, 0);
  });

  test("rotates its log", async () => {
    await machine.must(
      "echo marked >>/var/log/fail2ban.log; logrotate --force /etc/logrotate.d/fail2ban; fail2ban-client set sshd banip 192.0.2.9",
    );
    await until("the new log", 5, async () =>
      /Ban 192\.0\.2\.9/.test((await machine.sh("cat /var/log/fail2ban.log")).stdout),
    );
    assert.doesNotMatch(await machine.must("cat /var/log/fail2ban.log"), /marked/);
  });

  test("starts where docker.service is named and not there", async () => {
    await machine.must(
      "mkdir -p /etc/systemd/system/fail2ban.service.d && printf '[Unit]\\nAfter=docker.service\\n' >/etc/systemd/system/fail2ban.service.d/override.conf",
    );
    await machine.must(
      "systemctl daemon-reload && systemctl restart fail2ban && fail2ban-client ping && rm -r /etc/systemd/system/fail2ban.service.d",
    );
  });

  test("starts after docker.service and firewalld.service where they are there, and with the latter again", async () => {
    const unit = (name: string): string =>
      `printf '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=sleep 1\\n' >/etc/systemd/system/${name}.service`;
    await machine.must(`${unit("docker")}; ${unit("firewalld")}; systemctl daemon-reload; systemctl stop fail2ban`);
    await machine.must("systemctl start --no-block docker firewalld; systemctl start fail2ban");
    const when = async (): Promise<readonly number[]> => {
      const said = await machine.must(
        "systemctl show -P ActiveEnterTimestampMonotonic docker; systemctl show -P ActiveEnterTimestampMonotonic firewalld; systemctl show -P ExecMainStartTimestampMonotonic fail2ban",
      );
      return said.trim().split("\n").map(Number);
    };
    const [docker = 0, firewalld = 0, ours = 0] = await when();
    assert.ok(docker > 0 && firewalld > 0 && ours > docker && ours > firewalld, `${docker} ${firewalld} ${ours}`);
    // The restart that goes along is under way then; who asks for a start waits for its end.
    await machine.must("systemctl restart firewalld && systemctl start fail2ban && fail2ban-client ping");
    const [, again = 0, oursAgain = 0] = await when();
    assert.ok(again > firewalld && oursAgain > again, `${again} ${oursAgain}`);
    await machine.must(
      "systemctl stop docker; rm /etc/systemd/system/docker.service /etc/systemd/system/firewalld.service; systemctl daemon-reload; systemctl start fail2ban; fail2ban-client ping",
    );
  });

  for (const name of ["stricter", "looser"])
    test(`bans with the drop-in ${name}.conf`, async () => {
      const folder = "/etc/systemd/system/fail2ban.service.d";
      await machine.must(
        `mkdir -p ${folder} && cp /usr/share/doc/fail2ban/examples/${name}.conf ${folder}/ && systemctl daemon-reload && systemctl restart fail2ban`,
      );
      await machine.must("fail2ban-client set sshd banip 192.0.2.33");
      await until("the element", 5, async () => /192\.0\.2\.33/.test((await machine.sh("nft list ruleset")).stdout));
      await machine.must(
        `fail2ban-client set sshd unbanip 192.0.2.33 && rm -r ${folder} && systemctl daemon-reload && systemctl restart fail2ban`,
      );
    });

  test("goes with nothing left behind but the administrator's own files", async () => {
    await machine.must("DEBIAN_FRONTEND=noninteractive apt-get -q purge -y fail2ban");
    const left = await machine.must(
      "find / -xdev \\( -path /proc -o -path /sys -o -path /srv -o -path /root \\) -prune -o -name '*fail2ban*' -print; find /etc/fail2ban; grep -l fail2ban /var/lib/ucf/hashfile /var/lib/ucf/registry || true; nft list tables",
    );
    assert.deepEqual(left.trim().split("\n").toSorted(), [
      "/etc/fail2ban",
      "/etc/fail2ban",
      "/etc/fail2ban/jail.local",
    ]);
  });

  test("leaves a machine that powers off by itself", async () => {
    assert.equal(await machine.powerOff(), true);
  });
});
