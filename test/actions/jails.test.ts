/** Our configuration as a user would have it with everything switched on: `fail2ban-client -t` finds nothing to say. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "f2bjails-"));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(join(PROJECT, "config"), folder, { recursive: true });
const log = join(folder, "a.log");
writeFileSync(log, "");

const JAILS = [...readFileSync(join(folder, "jail.conf"), "utf8").matchAll(/^\[(.*)\]$/gm)]
  .map((found) => found[1] ?? "")
  .filter((name) => name !== "DEFAULT" && name !== "INCLUDES");

/** What the values of `action` that jail.conf proposes need to be set besides. */
const ACCOUNTS = ["cfemail = me@example.com", "cfapikey = KEY", "blocklist_de_apikey = KEY"];

function judge(...settings: readonly string[]): void {
  const jails = JAILS.flatMap((jail) => [`[${jail}]`, "enabled = true", `logpath = ${log}`]);
  writeFileSync(join(folder, "jail.local"), ["[DEFAULT]", ...settings, ...jails, ""].join("\n"));
  const ran = spawnSync(join(PROJECT, "bin/fail2ban-client"), ["-c", folder, "-t"], { encoding: "utf8" });
  assert.equal(ran.stdout + ran.stderr, "OK: configuration test is successful\n");
  assert.equal(ran.status, 0);
}

describe("fail2ban-client -t with every stock jail enabled", () => {
  test("says that all is well", () => judge());

  for (const action of [
    "action_mw",
    "action_mwl",
    "action_xarf",
    "action_cf_mwl",
    "action_blocklist_de",
    "action_abuseipdb",
  ])
    for (const mta of ["mail", "sendmail"])
      test(`says so with ${action} by ${mta}`, () => judge(...ACCOUNTS, `mta = ${mta}`, `action = %(${action})s`));

  for (const banaction of [
    "docker-user",
    "iptables-multiport",
    "iptables-ipset-proto6",
    "firewallcmd-ipset",
    "ufw",
    "pf",
  ])
    test(`says so with banaction = ${banaction}`, () =>
      judge(`banaction = ${banaction}`, "banaction_allports = route"));
});
