/**
 * The exact commands of the stock actions that cannot be tried on this machine's kernel: each file in commands/ is a story (engine.md
 * §9), told by what the tools' documentation expects.
 *
 *     action: what a jail would write
 *     when: words of a call => status, and what the tool then prints
 *     == step            start, ban, unban, flush, stop
 *     the calls of that step, one a line, what they read behind a bar
 *
 * UPDATE_COMMANDS=1 writes what was recorded into the files: read the difference.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Ban, whoOf } from "../../src/base/index.ts";
import { ActionHand } from "../../src/daemon/hand.ts";
import { Locks } from "../../src/daemon/hand/lock.ts";
import type { Hand } from "../../src/daemon/hand/world.ts";
import { aBan, QUIET, readSettings, STOCK_ACTIONS, TestClock } from "../stage/actions/scene.ts";
import { type Answer, blank, openRecorder, type Recorder } from "./recorder.ts";

const COMMANDS = new URL("commands", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "f2bstubs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Story {
  readonly head: string;
  readonly action: string;
  readonly answers: readonly Answer[];
  readonly steps: readonly { readonly step: string; readonly calls: string }[];
}

function readStory(text: string): Story {
  const [head = "", ...parts] = text.split(/^== /m);
  const lines = head.split("\n");
  const answers = lines.flatMap((line) => {
    const found = /^when: (.*) => (\d+) ?(.*)$/.exec(line);
    return found === null ? [] : [{ when: found[1] ?? "", status: Number(found[2]), text: found[3] ?? "" }];
  });
  return {
    head,
    action: lines.find((line) => line.startsWith("action: "))?.slice("action: ".length) ?? "",
    answers,
    steps: parts.map((part) => {
      const end = part.indexOf("\n");
      return { step: part.slice(0, end), calls: part.slice(end + 1) };
    }),
  };
}

/** Tells the story and writes down what was called at each step. */
async function tell(story: Story): Promise<Story> {
  const recorder = openRecorder(story.answers);
  try {
    const bans = new Map<string, Ban>();
    const hand = open(story.action, recorder, bans);
    const steps: { step: string; calls: string }[] = [];
    for (const { step } of story.steps) {
      const failed = await take(hand, step, bans);
      const shown = showFile(step, recorder);
      steps.push({ step, calls: `${recorder.calls()}${shown}${failed ? "(failed)\n" : ""}` });
    }
    return { ...story, steps };
  } finally {
    recorder.close();
  }
}

function open(action: string, recorder: Recorder, bans: Map<string, Ban>): Hand {
  const settings = recorder.confine(readSettings(folder, "web", action.replaceAll("FOLDER", recorder.folder), {}));
  return new ActionHand(settings, {
    ...QUIET,
    jail: "web",
    clock: new TestClock(),
    runner: recorder.runner,
    log: () => {},
    locks: new Locks(),
    epoch: { value: 0 },
    bans: () => bans.values(),
    banOf: (who) => bans.get(who.key) ?? null,
  });
}

/** A step: a verb, and who it is about; several of them are carried out together. `show FILE` runs nothing. @returns whether it failed */
async function take(hand: Hand, step: string, bans: Map<string, Ban>): Promise<boolean> {
  const [verb = "", ...who] = step.split(" ");
  if (verb === "show") return false;
  if (verb === "start") return !(await hand.start()).ok;
  if (verb === "stop") return !(await hand.stop()).ok;
  if (verb === "flush") {
    await hand.flush([...bans.values()], true);
    return false;
  }
  const results = await Promise.all(
    who.map((id) => {
      const ban = banOf(id);
      if (verb === "ban") bans.set(id, ban);
      else if (verb === "unban") bans.delete(id);
      return verb === "ban" ? hand.ban(ban) : verb === "unban" ? hand.unban(ban) : hand.prolong(ban);
    }),
  );
  return results.some((result) => !result.ok);
}

/** Ids that are no addresses are written with a star in front. */
function banOf(id: string): Ban {
  const ban = aBan(id.startsWith("*") ? "192.0.2.9" : id, 1_700_000_000, 600);
  const who = id.startsWith("*") ? { key: id.slice(1), address: null } : whoOf(id);
  return { ...ban, jail: "web", who, matches: ["first line", "~! second line"] };
}

function showFile(step: string, recorder: Recorder): string {
  const [verb, file = ""] = step.split(" ");
  if (verb !== "show") return "";
  const path = join(recorder.folder, file);
  return existsSync(path) ? blank(readFileSync(path, "utf8")) : "(no such file)\n";
}

const print = (story: Story): string =>
  `${story.head}${story.steps.map(({ step, calls }) => `== ${step}\n${calls}`).join("")}`;

const FILES = readdirSync(COMMANDS).filter((file) => file.endsWith(".txt"));

describe("the commands of stock actions", { concurrency: 4 }, () => {
  for (const file of FILES)
    test(file.slice(0, -".txt".length), async () => {
      const path = join(COMMANDS, file);
      const written = readFileSync(path, "utf8");
      const told = print(await tell(readStory(written)));
      if (process.env["UPDATE_COMMANDS"] === "1") writeFileSync(path, told);
      else assert.equal(told, written);
    });
});

/** Those that run on the real kernel in test/stage, and includes. */
const ELSEWHERE =
  /^(nftables|iptables|docker-user|route|shorewall-ipset-proto6)|^(address|report|helpers|firewallcmd|mail-whois|sendmail)-common$/;

test("every stock action that no test runs on the real kernel has a story", () => {
  const names = readdirSync(STOCK_ACTIONS)
    .filter((file) => file.endsWith(".conf"))
    .map((file) => file.slice(0, -".conf".length));
  const told = new Set(FILES.map((file) => readStory(readFileSync(join(COMMANDS, file), "utf8")).action.split("[")[0]));
  assert.deepEqual(
    names.filter((name) => !ELSEWHERE.test(name) && !told.has(name)),
    [],
  );
});
