/**
 * A reload on the real kernel: at no moment is a ban not enforced (docs/ARCHITECTURE.md, Change). nft tells every transaction, so nothing
 * can pass between two looks.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { without } from "../skips.ts";
import { aConfiguration, ask, ends, isReady, startServerIn, until } from "../server/program.ts";

const ACTIONS = join(import.meta.dirname, "../../config/action.d");
const WHO = "192.0.2.1";

const JAIL = `[DEFAULT]
backend = polling
filter = good
logpath = {folder}/log
ignoreself = false
bantime = 10m
[good]
enabled = true
action = nftables-multiport[port=ssh]
`;
const OTHER = "[other]\nenabled = true\naction = nftables-multiport[port=http]\n";

/** Every kind of change; only `reload --restart` may leave a gap. */
const CHANGES: readonly (readonly [what: string, jails: string])[] = [
  ["nothing", JAIL],
  ["a longer ban", JAIL.replace("10m", "20m")],
  ["a shorter one", JAIL.replace("10m", "5m")],
  ["an option", `${JAIL}maxretry = 9\nfindtime = 1h\n`],
  ["an expression", `${JAIL}failregex = ^other <HOST>$\n`],
  ["another log", JAIL.replace("/log", "/log2")],
  ["a further action", `${JAIL}  nftables-allports[name=more]\n`],
  ["one action less", JAIL],
  ["another jail", JAIL + OTHER],
  ["one jail less", JAIL],
  ["another action in the place of the first", JAIL.replace("port=ssh", "port=ssh, name=fresh, actname=fresh")],
  ["and the first again", JAIL],
  ["other ports", JAIL.replace("port=ssh", 'port="ssh,8022"')],
];

/** What `nft monitor` prints → for each transaction, whether the ban was in force after it, in the set of one action or the other. */
function enforced(monitored: string): readonly boolean[] {
  const sets = new Map([
    ["addr-set-good", { banned: true, ruled: true }],
    ["addr-set-fresh", { banned: false, ruled: false }],
  ]);
  const after: boolean[] = [];
  for (const line of monitored.split("\n")) {
    const begins = !line.startsWith("delete");
    for (const [name, state] of sets) {
      const about = new RegExp(`${name}\\b`).test(line);
      if (about && line.includes(`${WHO} `)) state.banned = begins;
      else if (about && / rule .*saddr @/.test(line)) state.ruled = begins;
      else if (/^delete (?:table|chain) inet f2b-/.test(line) || (about && line.startsWith("delete set")))
        state.ruled = false;
    }
    if (line.startsWith("# new generation"))
      after.push([...sets.values()].some(({ banned, ruled }) => banned && ruled));
  }
  return after;
}

test(
  "no reload has a moment in which a ban is not enforced",
  { skip: without("root", "namespaces", "nft", "unshare") },
  async (t) => {
    const folder = aConfiguration(t, { "jail.conf": "", "jail.local": JAIL, log2: "" });
    cpSync(ACTIONS, join(folder, "action.d"), { recursive: true });
    const run = startServerIn(t, { by: ["unshare", "--net"] }, folder);
    await isReady(run);
    const inside = ["--net", "--target", String(run.child.pid)];
    const rules = (): string =>
      spawnSync("nsenter", [...inside, "nft", "list", "ruleset"], { encoding: "utf8" }).stdout;
    await ask(folder, "set", "good", "banip", WHO);
    await until(() => rules().includes(WHO));

    const monitor = spawn("nsenter", [...inside, "nft", "monitor"], { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => monitor.kill());
    let monitored = "";
    monitor.stdout.on("data", (bytes: Buffer) => (monitored += bytes.toString()));
    const listening = (): boolean => {
      spawnSync("nsenter", [...inside, "nft", "add table inet listening; delete table inet listening"]);
      return monitored.includes("listening");
    };
    await until(listening);
    monitored = "";

    for (const [what, jails] of CHANGES) {
      const before = enforced(monitored).length;
      writeFileSync(join(folder, "jail.local"), jails.replaceAll("{folder}", folder));
      assert.equal((await ask(folder, "reload")).out, "OK\n", what);
      // What a reload orders is done when an order of later is.
      await ask(folder, "set", "good", "banip", "192.0.2.2");
      await until(() => rules().includes("192.0.2.2"));
      await ask(folder, "set", "good", "unbanip", "192.0.2.2");
      await until(() => !rules().includes("192.0.2.2"));
      assert.ok(!enforced(monitored).slice(before).includes(false), `${what}: ${monitored}`);
      assert.match(rules(), /192\.0\.2\.1/, what);
    }
    assert.ok(enforced(monitored).length > 2 * CHANGES.length, "nft told too little");
    run.child.kill("SIGTERM");
    assert.equal((await ends(run)).status, 0);
    await until(() => enforced(monitored).includes(false));
  },
);
