/**
 * Every stock action with hostile values in every tag: nothing that an attacker wrote becomes a command (THREATS: tags are data).
 * The commands run as nobody, in a network namespace of their own, with stand-ins for everything that changes or sends something.
 */
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Ban, whoOf } from "../../src/base/index.ts";
import {
  ACTION_OPTIONS,
  type ActionSettings,
  defineAction,
  type Definition,
  fillTags,
  tagReader,
} from "../../src/core/action/index.ts";
import { type Runner, shellRunner } from "../../src/io/firewall/index.ts";
import { hostile } from "../agree/actions/hostile.ts";
import { without } from "../skips.ts";
import { readSettings, STOCK_ACTIONS } from "./actions/scene.ts";

const skip = without("root", "namespaces", "ip");

const folder = mkdtempSync(join(tmpdir(), "f2bstock-"));
const namespace = `f2binj-${process.pid}`;
after(() => {
  if (skip === false) spawnSync("ip", ["netns", "del", namespace]);
  rmSync(folder, { recursive: true, force: true });
});

const canary = join(folder, "open", "canary");

/** What must not really run: whatever it is given, it reads its input and succeeds. */
const STAND_INS =
  "nft iptables ip6tables iptables-restore ip6tables-restore ipset ip route firewall-cmd pfctl ufw shorewall csf apf npfctl ipfw ipf " +
  "sendmail mail mailx whois dig host nslookup nsupdate curl wget ssh logger nginx systemctl service apprise geoiplookup geoiplookup6 netstat jq afctl ss conntrack shorewall6";

function prepare(): string {
  spawnSync("ip", ["netns", "add", namespace]);
  chmodSync(folder, 0o755);
  for (const name of ["bin", "open"]) mkdirSync(join(folder, name));
  chmodSync(join(folder, "open"), 0o777);
  writeFileSync(join(folder, "bin", "stand-in"), "#!/bin/sh\ncat > /dev/null\n");
  chmodSync(join(folder, "bin", "stand-in"), 0o755);
  for (const name of STAND_INS.split(" ")) symlinkSync("stand-in", join(folder, "bin", name));
  const shell = join(folder, "shell");
  const path = `PATH=${join(folder, "bin")}:/usr/bin:/bin`;
  writeFileSync(
    shell,
    `#!/bin/sh\nexec ip netns exec ${namespace} setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs env -i ${path} /bin/sh "$@"\n`,
  );
  chmodSync(shell, 0o755);
  return shell;
}

function bansWith(value: string): readonly Ban[] {
  const fields = { user: value, fid: value, port: value, id: value };
  const common = { jail: "j", since: 1, lasts: 600, count: 1, failures: 3, matches: [value], fields, restored: false };
  return [
    { ...common, who: { key: value, address: null } },
    { ...common, who: whoOf("2001:db8::1") },
  ];
}

/** All commands of the action for one ban, each in a shell of its own. */
function scriptOf(definition: Definition, ban: Ban, value: string) {
  const family = ban.who.address === null ? "" : ban.who.address.family === 4 ? "inet4" : "inet6";
  const texts = ACTION_OPTIONS.filter((option) => option.kind === "command").map((option) =>
    definition.text(option.word, family),
  );
  const text = texts
    .map((made) => (made.ok && made.text.trim() !== "" ? `(\n${made.text}\n) < /dev/null` : ""))
    .join("\n");
  const source = {
    jail: "j",
    bantime: 600,
    counts: () => ({ banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 }),
    merged: () => ({ matches: [value], failures: 1 }),
    hostOf: () => value,
  };
  return fillTags(text, tagReader({ ban, family, now: 1, source }));
}

function define(settings: ActionSettings): Definition {
  return defineAction(settings, { jail: "j", hosts: { full: "host.example", short: "host" }, ipv6: true });
}

/** One value of each kind: there are many actions; src/io/firewall/injection.test.ts tries them all. */
const FORMS = ["$(", "`", "; ", "| ", "\n", "'; ", '"; ', "\\'", "> ", "-e", "~!", "'$("];

/** Whether some value became a command. */
async function isOpen(runner: Runner, settings: ActionSettings): Promise<boolean> {
  const definition = define(settings);
  const values = hostile(canary).filter((value) => FORMS.some((form) => value.startsWith(form)));
  const scripts = values.flatMap((value) => bansWith(value).map((ban) => scriptOf(definition, ban, value)));
  for (let at = 0; at < scripts.length; at += 8)
    await Promise.all(
      scripts.slice(at, at + 8).map((script) => runner.run({ script, input: null, timeout: 20, quiet: true })),
    );
  const found = existsSync(canary);
  rmSync(canary, { force: true });
  return found;
}

const NAMES = readdirSync(STOCK_ACTIONS)
  .filter(
    (file) => file.endsWith(".conf") && /^actionban\b|^before\b/m.test(readFileSync(join(STOCK_ACTIONS, file), "utf8")),
  )
  .map((file) => file.slice(0, -".conf".length));

test("no stock action runs what an attacker wrote", { skip }, async (t) => {
  const runner = shellRunner({ log: () => {}, shell: prepare(), cwd: join(folder, "open") });
  await t.test("and an action that does would be found", async () => {
    const careless = { name: "careless", module: null, properties: new Map([["actionban", "sh -c \"echo '<fid>'\""]]) };
    assert.equal(await isOpen(runner, careless), true);
  });
  for (const name of NAMES)
    await t.test(name, async () => assert.equal(await isOpen(runner, readSettings(folder, "j", name, {})), false));
});
