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

/** What else a jail may be told to do; each goes to some of the jails. */
const CHOICES = [
  ...["mw", "mwl", "xarf", "cf_mwl", "blocklist_de", "abuseipdb"].flatMap((action) =>
    ["mail", "sendmail"].map((mta) => [`mta = ${mta}`, `action = %(action_${action})s`]),
  ),
  ...["docker-user", "iptables-multiport", "iptables-ipset-proto6", "firewallcmd-ipset", "ufw", "pf", "route"].map(
    (action) => [`banaction = ${action}`, `banaction_allports = ${action}`],
  ),
];

function judge(defaults: readonly string[], choiceOf: (index: number) => readonly string[]): void {
  const jails = JAILS.flatMap((jail, index) => [`[${jail}]`, "enabled = true", `logpath = ${log}`, ...choiceOf(index)]);
  writeFileSync(join(folder, "jail.local"), ["[DEFAULT]", ...defaults, ...jails, ""].join("\n"));
  const ran = spawnSync(join(PROJECT, "bin/fail2ban-client"), ["-c", folder, "-t"], { encoding: "utf8" });
  assert.equal(ran.stdout + ran.stderr, "OK: configuration test is successful\n");
  assert.equal(ran.status, 0);
}

describe("fail2ban-client -t with every stock jail enabled", () => {
  test("says that all is well", () => judge([], () => []));

  test("says so with every action that jail.conf proposes, and other firewalls", () =>
    judge(ACCOUNTS, (index) => CHOICES[index % CHOICES.length] ?? []));
});
