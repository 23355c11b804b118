/**
 * The commands that an action runs, compared with the original's own action object: each command appends a line to a file, fails
 * where the scenario says so, and both files must be equal (engine.md §6). What we do otherwise on purpose is listed with its reason
 * and counted.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Ban } from "../../../src/base/index.ts";
import {
  checkAll,
  type ActionAtWork,
  flush,
  type Procedure,
  reload,
  single,
  start,
  stop,
} from "../../../src/core/action/index.ts";
import { perform } from "../../../src/daemon/hand/perform.ts";
import { shellRunner } from "../../../src/io/firewall/index.ts";
import { note } from "../../ledger.ts";
import { oracleEnvironment } from "../../oracle.ts";
import { without } from "../../skips.ts";
import { aBan, rehearse } from "./rehearsal.ts";

const folder = mkdtempSync(join(tmpdir(), "f2bagree-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = 'it\'s "$(echo no)" `x` ; \\ & | <ip>\nsecond {line} ~! #';

/** `say NAME …`: appends the words and fails while a file NAME.fails exists. */
function command(name: string, words: string): string {
  return `printf '%s\\n' "${name} ${words}" >> <out>; [ ! -e <out>.${name}.fails ]`;
}

const PLAIN = {
  actionstart: command("start", "<port>"),
  actionstop: command("stop", "<port>"),
  actionban: command("ban", "<ip> <failures> <bantime>"),
  actionunban: command("unban", "<ip>"),
  port: "22",
};
const CHECKED = { ...PLAIN, actioncheck: command("check", "") };
const FLUSHED = { ...CHECKED, actionflush: command("flush", ""), actionreload: command("reload", "<port>") };
const SWITCHED_OFF = { ...FLUSHED, actionflush: "", actioncheck: "", actionreload: "" };
const REPAIRED = {
  ...FLUSHED,
  actionrepair: command("repair", ""),
  actionreban: command("reban", "<ip>"),
  actionprolong: command("prolong", "<ip> <bantime>"),
};
const UNBAN_REPAIRED = { ...REPAIRED, actionrepair_on_unban: "1" };
const FAMILIES = {
  ...FLUSHED,
  actionstart: command("start", "<tool>"),
  actionstop: command("stop", "<tool>"),
  actionflush: command("flush", "<tool>"),
  actionban: command("ban", "<tool> <ip>"),
  tool: "ipt4",
  "tool?family=inet6": "ipt6",
};
const FAMILIES_REPAIRED = { ...FAMILIES, actionrepair: command("repair", "<tool>") };
const NAMED_FAMILY = { ...PLAIN, actionstop: command("stop", "<family>") };
const HOSTILE_TEXT = {
  actionban: `printf '%s\\n' "<matches>|<F-USER>|<ip-rev>" '<ip>' <time> <F-MISSING> <unknown> >> <out>`,
  actionunban: `printf '%s\\n' "<matches>" >> <out>`,
};
const COMPOSED = {
  actionban: "echo <a-<which>><br>echo two<sp>words >> <out>",
  "a-x": "one <b> >> <out>",
  which: "x",
  b: "<c>",
  c: "deep <ip>",
};

const SETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: PLAIN,
  checked: CHECKED,
  flushed: FLUSHED,
  "switched off by nothing": SWITCHED_OFF,
  repaired: REPAIRED,
  "repaired at an unban": UNBAN_REPAIRED,
  families: FAMILIES,
  "families repaired": FAMILIES_REPAIRED,
  "family in the text": NAMED_FAMILY,
  hostile: HOSTILE_TEXT,
  composed: COMPOSED,
};

type Step = string | readonly [verb: string, ip: string];

const [a4, b4, a6] = ["192.0.2.1", "192.0.2.2", "2001:db8::1"];
const SCENARIOS: Readonly<Record<string, readonly Step[]>> = {
  "nothing happens": ["start", "flush", "stop"],
  "one ban": ["start", ["ban", a4], ["unban", a4], "stop"],
  "both families": ["start", ["ban", a4], ["ban", b4], ["ban", a6], ["unban", a4], "flush", "stop"],
  "an unban of nobody": ["start", ["unban", a4], "stop"],
  "bans again and longer": ["start", ["ban", a4], ["prolong", a4], ["reban", a4], ["unban", a4], "stop"],
  "a ban fails": ["start", "ban fails", ["ban", a4], "ban works", ["ban", b4], "stop"],
  "an unban fails": ["start", ["ban", a4], "unban fails", ["unban", a4], "stop"],
  "an unban fails in ruins": ["start", ["ban", a4], "unban fails", "check fails", ["unban", a4], "stop"],
  "a start fails": ["start fails", "start", ["ban", a4], "start works", ["ban", b4], "stop"],
  "a stop fails": ["start", ["ban", a4], "stop fails", "stop", "stop"],
  "a flush fails": ["start", ["ban", a4], "flush fails", "flush", "flush works", "flush", "stop"],
  "ruins for ever": ["start", ["ban", a4], "ban fails", "check fails", "repair fails", ["ban", b4], "stop"],
  "ruins found by a check": [
    "start",
    ["ban", a4],
    "check fails",
    "consistencyCheck",
    "check works",
    ["ban", b4],
    "stop",
  ],
  "a check that finds all well": ["start", ["ban", a4], "consistencyCheck", "stop"],
  "a reload": ["start", ["ban", a4], "reload", ["ban", a6], "reload", "stop"],
  "flushed twice": ["start", ["ban", a4], ["ban", a6], "flush", ["ban", a4], "flush", "stop"],
  "ruins at a ban": ["start", "ban fails", "check fails", ["ban", a4], "stop"],
  "a second start": ["start", ["ban", a4], "stop", "start", ["ban", a4], "stop"],
};

/** Differences that we want, by what tells them: engine.md §11 (13), and what the original forgets to flush. */
const WANTED: readonly { readonly set: RegExp; readonly scenario: RegExp; readonly why: string }[] = [
  {
    set: /^(checked|flushed)$/,
    scenario: /^(ruins|an unban fails in ruins)/,
    why: "after a failed check the environment is started again the first time too",
  },
  {
    set: /^(flushed|repaired.*)$/,
    scenario: /^(flushed twice|a reload)$/,
    why: "a flush or reload whose command is the same for both families is not forgotten the second time",
  },
  {
    set: /^(plain|checked|flushed|repaired.*)$/,
    scenario: /^(ruins|a check)/,
    why: "a check that is the same for several families is asked once",
  },
];

const PYTHON = new URL("drive.py", import.meta.url).pathname;

interface Run {
  readonly set: string;
  readonly scenario: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** Sets that are about the text only need a few scenarios: the original takes its time. */
const BRIEF = /^(hostile|composed|family in the text)$/;
const RUNS: readonly Run[] = Object.entries(SETS).flatMap(([set, properties]) =>
  Object.entries(SCENARIOS)
    .slice(0, BRIEF.test(set) ? 3 : undefined)
    .map(([scenario, steps]) => ({ set, scenario, properties, steps })),
);

function banFor(ip: string): Ban {
  return aBan(ip, { since: 1_700_000_000, matches: HOSTILE.split("\n"), fields: { user: "o'neill; x" } });
}

/** A step such as "ban fails" as a script; null for one of the action's own verbs. */
function scriptOf(step: string, out: string): string | null {
  const [name, how] = step.split(" ");
  if (how === "fails") return `touch ${out}.${name}.fails`;
  return how === "works" ? `rm -f ${out}.${name}.fails` : null;
}

function theirs(runs: readonly Run[]): readonly string[] {
  const outs = runs.map((_, n) => join(folder, `theirs-${n}`));
  const input = runs.map((run, n) => {
    const out = outs[n] ?? "";
    const steps = run.steps.map((step) => {
      if (typeof step !== "string") return { do: step[0], info: infoFor(step[1]) };
      const script = scriptOf(step, out);
      return script === null ? { do: step } : { do: "sh", script };
    });
    return { properties: { ...run.properties, out }, steps };
  });
  const child = spawnSync("/usr/bin/python3", [PYTHON], {
    input: JSON.stringify(input),
    env: { ...process.env, ...oracleEnvironment },
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  assert.equal(child.status, 0, child.stderr);
  return outs.map((out) => (existsSync(out) ? readFileSync(out, "utf8") : ""));
}

function infoFor(ip: string): Record<string, unknown> {
  const ban = banFor(ip);
  return {
    ip,
    family: ip.includes(":") ? "inet6" : "inet4",
    "ip-rev": "1.2.0.192.",
    failures: ban.failures,
    bantime: ban.lasts,
    time: ban.since,
    matches: HOSTILE,
    "F-USER": "o'neill; x",
    "F-MISSING": "",
  };
}

async function ours(run: Run, out: string): Promise<string> {
  const { action } = rehearse({ ...run.properties, out });
  const world = { runner: shellRunner({ log: () => {} }), log: () => {} };
  for (const step of run.steps) {
    const script = typeof step === "string" ? scriptOf(step, out) : null;
    if (script !== null)
      await world.runner.run({ script: { text: script, values: [] }, input: null, timeout: 10, quiet: true });
    else await perform(procedureOf(action, step), world);
  }
  return existsSync(out) ? readFileSync(out, "utf8") : "";
}

function procedureOf(action: ActionAtWork, step: Step): Procedure {
  if (step === "start") return start(action);
  if (step === "stop") return stop(action);
  if (step === "flush") return flush(action);
  if (step === "reload") return reload(action);
  if (typeof step === "string") return checkAll(action, true);
  const [verb, ip] = step;
  assert.ok(verb === "ban" || verb === "unban" || verb === "prolong" || verb === "reban");
  return single(action, { kind: verb, ban: banFor(ip) });
}

test("an action runs the same commands as the original's", { skip: without("oracle") }, async (t) => {
  const expected = theirs(RUNS);
  for (const [n, run] of RUNS.entries()) {
    const got = await ours(run, join(folder, `ours-${n}`));
    const theirText = (expected[n] ?? "").replaceAll(`theirs-${n}`, "OUT");
    const ourText = got.replaceAll(`ours-${n}`, "OUT");
    if (ourText === theirText) continue;
    const wanted = WANTED.find(({ set, scenario }) => set.test(run.set) && scenario.test(run.scenario));
    if (wanted !== undefined) note("difference", `commands of actions: ${wanted.why}`);
    else
      await t.test(`${run.set}: ${run.scenario}`, () => assert.deepEqual(ourText.split("\n"), theirText.split("\n")));
  }
});
