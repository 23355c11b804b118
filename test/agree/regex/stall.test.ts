/**
 * Lines that stall the original: Debian's own filters, and expressions as people write them. Ours finishes, says which
 * expression gave up on which line if one did, and the same expression works on the next line; load changes nothing.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { prepareEngine } from "../../../src/core/pattern/index.ts";
import { oracleConfig, oracleEnvironment, oracleProgram } from "../../oracle.ts";
import { DEBIAN_LOGS } from "../../samples/judge.ts";
import { without } from "../../skips.ts";
import { askOurs, type Answer } from "./oracle.ts";

const skip = without("oracle");

/** Seconds after which the original is stopped: most of these lines would keep it for hours. */
const THEIRS = 2.5;
/** Milliseconds of the processor that ours may take for one such log, with V8's compilation of what is used first. */
const OURS = 1500;
const LINE = 65_000;

interface Stall {
  readonly what: string;
  readonly rule: string;
  readonly front: string;
  readonly pump: string;
  readonly end: string;
  /** Such lines in the log, where one takes the original some seconds only; else 1. */
  readonly times?: number;
  /** What the same rule finds on the next line. */
  readonly good: string;
}

const DATE = "2026-11-22 08:56:34";
const STALLS: readonly Stall[] = [
  {
    what: "domino-smtp as Debian has it",
    rule: "domino-smtp",
    front: "08-09-2014 06:14:27   smtp: ",
    pump: "a ",
    end: "[192.0.2.7] authentication failure",
    good: "08-09-2014 06:14:27   smtp: postmaster [192.0.2.7] authentication failure using internet password",
  },
  {
    what: "dovecot as Debian has it",
    rule: "dovecot",
    front: "Jul 26 11:11:21 hostname dovecot: auth-worker: pam(",
    pump: "a,",
    end: "): pam_authenticate() failed: no",
    good: "Jul 26 11:11:21 hostname dovecot: auth-worker: pam(a,192.0.2.7): pam_authenticate() failed: Permission denied",
  },
  {
    what: "two loops in each other",
    rule: "^\\s*(?:a+)+ from <HOST>$",
    front: `${DATE} `,
    pump: "a",
    end: "!",
    good: `${DATE} aaa from 192.0.2.7`,
  },
  {
    what: "blanks before a word",
    rule: "\\s+x <HOST>$",
    front: `${DATE} `,
    pump: " ",
    end: "y 192.0.2.7",
    times: 5,
    good: `${DATE}   x 192.0.2.7`,
  },
  {
    what: "anything between two words",
    rule: "from .* x <HOST>$",
    front: `${DATE} `,
    pump: "from x ",
    end: " y 192.0.2.7",
    good: `${DATE} from here x 192.0.2.7`,
  },
];

let folder: string;
before(() => {
  prepareEngine(setFlagsFromString);
  folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-stall-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A log of the hostile line or lines and the good one. */
function logOf({ what, front, pump, end, times = 1, good }: Stall): string {
  const path = join(folder, what);
  writeFileSync(path, `${`${front}${pump.repeat(LINE / pump.length)}${end}\n`.repeat(times)}${good}\n`);
  return path;
}

async function ask(stall: Stall): Promise<Answer & { readonly ms: number }> {
  const log = logOf(stall);
  const began = process.cpuUsage();
  const answer = await askOurs(["-c", oracleConfig, log, stall.rule]);
  const { user, system } = process.cpuUsage(began);
  return { ...answer, ms: (user + system) / 1000 };
}

function isStalled(stall: Stall): boolean {
  const [python, program] = oracleProgram("regex");
  const env = { ...process.env, ...oracleEnvironment };
  const words = [program, "-c", oracleConfig, logOf(stall), stall.rule];
  return spawnSync(python, words, { env, timeout: THEIRS * 1000, killSignal: "SIGKILL" }).signal === "SIGKILL";
}

for (const stall of STALLS) {
  test(`${stall.what} stalls the original, not ours, and finds the next line`, { skip }, async () => {
    const { out, err, ms } = await ask(stall);
    const { times = 1 } = stall;
    assert.ok(out.includes(`Lines: ${times + 1} lines, 0 ignored, 1 matched, ${times} missed\n`), out);
    assert.doesNotMatch(out + err, /too many steps/);
    assert.ok(ms < OURS, `${ms} ms`);
    assert.ok(isStalled(stall), "the original answered: this shows nothing");
  });
}

/** What no engine can do quickly: each way of sharing the letters among the groups is another one. */
const HARD = String.raw`^\s*(\w*)(\w*)(\w*)\3\2\1yx from <HOST>$`;

test("an expression that gives up says so, with its number and the line, and finds the next one", async () => {
  const log = join(folder, "log");
  const letters = "a".repeat(3001);
  writeFileSync(log, `${DATE} ${letters}yx from 192.0.2.7\n${DATE} abccbayx from 192.0.2.7\n`);
  const { out, err } = await askOurs(["-l", "warning", log, HARD]);
  assert.match(
    out,
    /failregex 0 needs too many steps for a line of 3\d{3} characters; it was skipped for this line only: +a{100}/,
  );
  assert.match(out, /^Failregex: 1 total$/m);
  assert.match(out + err, /^failregex 1 needed too many steps for 1 lines and was skipped for these$/m);
});

test("with eight busy neighbours nothing gives up", { skip }, async () => {
  const neighbours = Array.from({ length: 8 }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  try {
    const stalls = STALLS.map((stall) => ["-c", oracleConfig, logOf(stall), stall.rule]);
    const samples = ["sshd", "postfix", "dovecot"].map((name) => ["-c", oracleConfig, `${DEBIAN_LOGS}/${name}`, name]);
    for (const args of [...stalls, ...samples]) {
      const { out, err } = await askOurs(args);
      assert.doesNotMatch(out + err, /too many steps/);
    }
  } finally {
    for (const neighbour of neighbours) neighbour.kill("SIGKILL");
  }
});
