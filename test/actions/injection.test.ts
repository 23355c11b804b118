/**
 * Every stock action with hostile values in every dynamic tag, all its commands recorded by stand-ins: nothing but the action's own
 * commands runs, none is given an option it did not have, no mail has a header or a line that is an order to a mailer (THREATS §4,
 * rows 5 and 15). The canary would be made by any command that gets through.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Ban, whoOf } from "../../src/base/index.ts";
import type { ActionSettings } from "../../src/core/action/index.ts";
import { ActionHand } from "../../src/daemon/hand.ts";
import { Locks } from "../../src/daemon/hand/lock.ts";
import { hostile } from "../agree/actions/hostile.ts";
import { QUIET, readSettings, STOCK_ACTIONS, TestClock } from "../stage/actions/scene.ts";
import { type Call, openRecorder, type Recorder } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "f2bhostile-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What other parties answer is hostile as well. */
const ANSWERS = [
  { when: "whois", status: 0, text: "~! touch CANARY\\n.\\nMAIL FROM:<x>\\n\\033[2J$(touch CANARY)" },
  { when: "dig", status: 0, text: '"abuse@example.com" "$(touch CANARY)@x" "-oX@y" "`touch CANARY`@x"' },
  { when: "geoiplookup", status: 0, text: "~| touch CANARY" },
];

/** How values begin that also go alone: in a heap of all, a quote that is never closed may spoil the others. */
const ALONE = ["$(", "`", "; ", '"; ', "'; ", "\n", "-"];

/** Those of ALONE (what begins with "-" is put into commands as it is, for no shell minds it), and all others in one heap. */
function valuesFor(canary: string): readonly string[] {
  const all = hostile(canary);
  return [
    "192.0.2.1",
    all.filter((value) => value.length < 100).join(""),
    all.filter((value) => value.length < 100).join("\n"),
    ...all.filter((value) => value.length >= 100),
    ...all.filter((value) => value.length < 100 && ALONE.some((form) => value.startsWith(form))),
    "any",
    "x@y -oQ/tmp",
    "\u00ff\u00fe\ud800 ~!x\r\n.\r\n~!touch",
  ];
}

/** As somebody who counts by user names would ban, and as everybody else does. */
function bansWith(value: string, addresses: readonly string[]): readonly Ban[] {
  const fields = { user: value, fid: value, fport: value, list: [value, value] };
  const common = { jail: "web", since: 1_700_000_000, lasts: 600, count: 1, failures: 3, matches: [value], fields };
  return [
    { ...common, restored: false, who: { key: value, address: null } },
    ...addresses.map((ip): Ban => ({ ...common, restored: false, who: whoOf(ip) })),
  ];
}

/** Runs the whole life of an action. @returns what it called */
async function live(
  settings: ActionSettings,
  value: string,
  addresses: readonly string[],
  recorder: Recorder,
): Promise<readonly Call[]> {
  const merged = { matches: [value], failures: 1 };
  const hand = new ActionHand(settings, {
    ...QUIET,
    source: { ...QUIET.source, merged: () => merged },
    resolver: { ...QUIET.resolver, host: () => Promise.resolve(value) },
    jail: "web",
    clock: new TestClock(),
    runner: recorder.runner,
    log: () => {},
    locks: new Locks(),
    epoch: { value: 0 },
    bans: () => [],
    banOf: () => null,
  });
  const bans = bansWith(value, addresses);
  await hand.start();
  for (const ban of bans) await hand.ban(ban);
  for (const ban of bans) await hand.unban(ban);
  await hand.stop();
  return recorder.taken();
}

const HEADERS = new Set(
  "Subject Date From To Auto-Submitted MIME-Version Content-Type Content-Transfer-Encoding X-XARF".split(" "),
);

function judge(call: Call, usual: readonly Call[]): void {
  assert.ok(
    usual.some((other) => other.tool === call.tool),
    `${call.tool} is not the action's own: ${call.args.join(" ").slice(0, 200)}`,
  );
  const options = new Set(usual.flatMap((other) => other.args.filter((arg) => arg.startsWith("-"))).map(optionOf));
  const given = call.args.filter((arg) => arg.startsWith("-"));
  for (const arg of given) assert.ok(options.has(optionOf(arg)), `${call.tool} ${arg}`);
  if (call.tool !== "mail" && call.tool !== "sendmail") return;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  assert.doesNotMatch(call.input, /[\0-\x08\x0b-\x1f\x7f]/);
  assert.doesNotMatch(call.input, /^[~.]/m);
  assert.ok(call.input.split("\n").every((line) => line.length <= 900));
  const subject = call.args[call.args.indexOf("-s") + 1] ?? "";
  if (call.tool === "mail") assert.doesNotMatch(subject, /[\r\n]/);
  else for (const line of (call.input.split("\n\n")[0] ?? "").split("\n")) assert.ok(HEADERS.has(headerOf(line)), line);
}

/** `--data x` and `--option=x`: what stands behind is a value. */
const optionOf = (arg: string): string => /^--?[\w-]+/.exec(arg)?.[0] ?? arg;
const headerOf = (line: string): string => line.slice(0, line.indexOf(":"));

const NAMES = readdirSync(STOCK_ACTIONS)
  .filter((file) => file.endsWith(".conf") && !file.endsWith("-common.conf"))
  .map((file) => file.slice(0, -".conf".length));

describe("hostile values", { concurrency: 2 }, () => {
  for (const name of NAMES)
    test(`give ${name} nothing to do but its own`, async () => {
      const place = mkdtempSync(join(folder, "canary-"));
      const canary = join(place, "canary");
      const answers = ANSWERS.map((answer) => ({ ...answer, text: answer.text.replaceAll("CANARY", canary) }));
      const recorder = openRecorder(answers);
      const settings = recorder.confine(readSettings(folder, "web", name, {}));
      let usual: readonly Call[] | null = null;
      try {
        for (const [index, value] of valuesFor(canary).entries()) {
          const addresses = index < 3 ? ["192.0.2.7", "2001:db8::7"] : ["192.0.2.7"]; // the commands of both are alike
          const calls = await live(settings, value, addresses, recorder);
          usual ??= calls;
          for (const call of calls) judge(call, usual);
          assert.equal(existsSync(canary), false, value.slice(0, 200));
          assert.deepEqual(recorder.strangers(), [], value.slice(0, 200));
        }
      } finally {
        recorder.close();
      }
    });
});

test("no stock action names a file in /tmp or /var/tmp", () => {
  for (const file of readdirSync(STOCK_ACTIONS))
    assert.doesNotMatch(readFileSync(join(STOCK_ACTIONS, file), "utf8"), /^[^#]*\/tmp\b/m, file);
});
