/**
 * Changing over: from Debian's fail2ban, configured and with bans in force, to ours and back, by apt. Bans, database and the
 * administrator's files come along both ways; on the way to ours nobody who is banned gets in for a moment.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";
import { until } from "../stage/world.ts";
import { buildPackage, oraclePackage } from "./package-build.ts";
import { Ground, Machine } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const knocker = fileURLToPath(new URL("package-knock.ts", import.meta.url));
const debians = oraclePackage();
const skip =
  without("root", "namespaces", "ip") ||
  nspawnIsMissing() ||
  (debians === null ? "needs Debian's package of fail2ban in .cache/oracle" : false);

/** One jail for each way of banning; that of sshd by Debian's default, iptables. */
const JAIL_LOCAL = `[DEFAULT]
bantime = 1h
backend = systemd
[sshd]
enabled = true
[web]
enabled = true
filter = sshd
action = nftables-multiport[name=web, port="2201,2202"]
[ips]
enabled = true
filter = sshd
action = iptables-ipset-proto6[name=ips, port=2203]
[rec]
enabled = true
filter = sshd
action = iptables-allports[name=rec]
[web2]
enabled = true
filter = nginx-http-auth
action =
`;
const JAILS = ["sshd", "web", "ips", "rec"];
/** Seconds without anything to do before memory is measured: longer than src/daemon/thrift.ts waits. Ours is taken with its child, journalctl, which has 0.9 MB. */
const IDLE = 8;
/** Of the files below /etc that either package has, but for those that Debian brings back: path and sum. */
const SUMS =
  "cd /etc; find fail2ban default/fail2ban logrotate.d/fail2ban -type f ! -name apache-auth.conf | sort | xargs md5sum";

describe("changing over from Debian's fail2ban", { skip }, () => {
  let ground: Ground;
  let machine: Machine;
  let bans = "";
  let sums = "";
  let memory = 0;

  before(async () => {
    ground = await Ground.lay();
    mkdirSync(join(ground.folder, "deb"));
    machine = await Machine.make(ground);
    machine.bring(buildPackage(join(ground.folder, "deb")));
    if (debians !== null) machine.bring(debians);
    machine.write("/etc/apt/sources.list", "deb [trusted=yes] file:/srv/repository ./\n");
    await machine.boot();
    await machine.must(
      "mkdir /srv/repository && cp /srv/packages/*.deb /srv/repository && cd /srv/repository && dpkg-scanpackages -m . >Packages && apt-get -q update",
    );
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    ground?.remove();
  });

  const banned = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        JAILS.map(async (jail) =>
          (await machine.must(`fail2ban-client get ${jail} banip`)).trim().split(/\s+/).toSorted(),
        ),
      ),
    );
  const answers = (): Promise<void> =>
    until("the server to answer", 30, async () => (await machine.sh("fail2ban-client status rec")).status === 0);
  /** Private dirty memory of the service's processes in MB, idle. (A file that was just installed counts as dirty until it is written.) */
  const dirty = async (): Promise<number> => {
    await machine.must(`sleep ${IDLE}; sync`);
    const rollups = await machine.must(
      "for p in $(cat /sys/fs/cgroup$(systemctl show -P ControlGroup fail2ban)/cgroup.procs 2>/dev/null || pgrep -d ' ' -f 'fail2ban-server|journalctl'); do cat /proc/$p/smaps_rollup; done",
    );
    return [...rollups.matchAll(/Private_Dirty: +(\d+)/g)].reduce((sum, [, size]) => sum + Number(size), 0) / 1024;
  };

  test("begins with Debian's, which bans", async () => {
    await machine.install("fail2ban=1.0.2-2");
    await machine.must(`cat >/etc/fail2ban/jail.local <<'END'\n${JAIL_LOCAL}END`);
    await machine.must(
      "echo '# mine' >>/etc/fail2ban/jail.conf; rm /etc/fail2ban/filter.d/apache-auth.conf; systemctl restart fail2ban",
    );
    await answers();
    for (const jail of JAILS)
      await machine.must(
        `fail2ban-client set ${jail} banip ${machine.world.attacker(1).v4} ${machine.world.attacker(1).v6} 192.0.2.7`,
      );
    await until("the bans", 10, async () => /192\.0\.2\.7/.test((await machine.sh("iptables -S f2b-rec")).stdout));
    [bans, sums, memory] = [await banned(), await machine.must(SUMS), await dirty()];
    assert.match(bans, /10\.99\.0\.2/);
  });

  test("gives ours all bans, without a gap, and no question is asked", async () => {
    const { attacker, guarded } = machine.world;
    const knocking = machine.world.onAttackers(process.execPath, knocker, attacker(1).v4, guarded.v4, "22", "15");
    const said = await machine.install("fail2ban");
    assert.match(said, /left so .*: \/etc\/fail2ban\/jail\.conf\r?\n/);
    await answers();
    assert.match(await machine.must("fail2ban-client version"), /\+ts/);
    assert.equal(await banned(), bans);
    const [entered, refused = 0] = (await knocking).stdout.trim().split(" ").map(Number);
    assert.equal(entered, 0, `${entered} of ${refused} knocks got in`);
    assert.ok(refused > 500, `only ${refused} knocks`);
  });

  test("leaves the administrator's files as they were, and puts ours in the place of Debian's", async () => {
    assert.match(
      await machine.must("tail -1 /etc/fail2ban/jail.conf; cat /etc/fail2ban/jail.local"),
      /^# mine\n\[DEFAULT\]\nbantime = 1h/,
    );
    assert.notEqual((await machine.sh("test -e /etc/fail2ban/filter.d/apache-auth.conf")).status, 0);
    await machine.must(
      "cmp /etc/fail2ban/action.d/nftables.conf /usr/share/fail2ban/etc/fail2ban/action.d/nftables.conf",
    );
    await machine.must("fail2ban-client -t");
  });

  test("leaves no chain and no set of Debian's server", async () => {
    await until(
      "the old chains to go",
      10,
      async () => !/f2bold/.test((await machine.sh("iptables -S; ip6tables -S")).stdout),
    );
    const left = await machine.must("ipset -n list; iptables -S; nft list tables");
    assert.deepEqual(left.match(/^f2b-\S+/gm)?.toSorted(), ["f2b-ips", "f2b-ips6"]);
    assert.equal(left.match(/match-set f2b-ips src/g)?.length, 1);
    assert.equal(left.match(/-j f2b-rec$/gm)?.length, 1);
    await machine.must("systemctl stop fail2ban");
    assert.equal(await machine.must("ipset -n list; iptables -S | grep f2b; nft list tables | grep f2b; true"), "");
    await machine.must("systemctl start fail2ban");
    await answers();
  });

  test("takes less memory than Debian's, idle with five jails", async (t) => {
    const ours = await dirty();
    t.diagnostic(`private dirty memory with five jails: Debian's ${memory.toFixed(1)} MB, ours ${ours.toFixed(1)} MB`);
    assert.ok(memory > 5 && ours < memory, `${ours} MB, and Debian's ${memory} MB`);
  });

  test("goes back with a ban that ours made, and all files as they were", async () => {
    await machine.must("fail2ban-client set sshd banip 192.0.2.8");
    await machine.install("fail2ban=1.0.2-2");
    await answers();
    assert.equal((await machine.must("fail2ban-client version")).trim(), "1.0.2");
    await until(
      "the restored bans",
      20,
      async () => (await banned()) === bans.replace('"192.0.2.7"', '"192.0.2.7","192.0.2.8"'),
    );
    assert.equal(await machine.must(SUMS), sums);
    assert.equal(
      await machine.must(
        "grep fail2ban /var/lib/ucf/hashfile /var/lib/ucf/registry; ls /var/lib/fail2ban | grep -v sqlite3; true",
      ),
      "",
    );
  });

  test("and there again", async () => {
    await machine.install("fail2ban");
    await answers();
    assert.match(await banned(), /192\.0\.2\.8/);
    assert.equal(await machine.powerOff(), true);
  });
});
