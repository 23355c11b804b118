/** The original's fail2ban-regex and ours, asked the same: theirs in a process that is kept, ours in this one. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Io } from "../../../src/cli/io.ts";
import { runRegexProgram } from "../../../src/cli/regex.ts";
import { note } from "../../ledger.ts";
import { oracleEnvironment } from "../../oracle.ts";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Oracle {
  ask(args: readonly string[]): Promise<Answer>;
  end(): void;
}

/** What both take for the present: years and lines without a date follow from it. */
export const NOW = 1_795_350_000;

/** A question unanswered for so long fails the test. */
const DEADLINE_MS = 60_000;

export function startOracle(): Oracle {
  const env = { ...process.env, ...oracleEnvironment, LC_ALL: "C.UTF-8" };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    "/usr/bin/python3",
    [join(import.meta.dirname, "oracle.py")],
    { env, stdio: ["pipe", "pipe", "ignore"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(args) {
      const alarm = setTimeout(() => child.kill(), DEADLINE_MS);
      child.stdin.write(`${JSON.stringify({ args, now: NOW })}\n`);
      const { value, done } = await lines.next();
      clearTimeout(alarm);
      if (done === true) throw new Error(`the original did not answer ${JSON.stringify(args)}`);
      return JSON.parse(value) as Answer;
    },
    end: () => void child.kill(),
  };
}

export async function askOurs(args: readonly string[], terminal = false): Promise<Answer> {
  let out = "";
  let err = "";
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    terminal,
    unicode: true,
    pid: process.pid,
    env: { LC_ALL: "C.UTF-8" },
    readLine: () => Promise.resolve(null),
    spawnServer: () => Promise.reject(new Error("no server")),
    serve: () => Promise.reject(new Error("no server")),
  };
  const code = await runRegexProgram(["--now", String(NOW), ...args], io);
  return { code, out, err };
}

interface Evening {
  readonly what: string;
  readonly from: RegExp;
  readonly to: string | ((found: string, ...parts: string[]) => string);
}

/** What is evened out before comparing: words in which 1.0.2 and the version that we follow differ, times of running, orders of sets. */
const EVENINGS: readonly Evening[] = [
  { what: "regex: seconds of running", from: /^\[processed in [\d.]+ sec\]$/gm, to: "[processed in N sec]" },
  {
    what: "regex: name of the filter's file in the head",
    from: /^Use {3}failregex (filter )?file :/gm,
    to: "Use      filter file :",
  },
  { what: "regex: <IP6> of 1.0.2", from: /\{1,4\}::\?\|::\)\{1,7\}/g, to: "{1,4}::?|:){1,7}" },
  {
    what: "regex: <IP6> of 1.0.2",
    from: /%7D%3A%3A%3F%7C%3A%3A%29%7B1%2C7%7D/g,
    to: "%7D%3A%3A%3F%7C%3A%29%7B1%2C7%7D",
  },
  {
    what: "regex: compact date format of 1.0.2",
    from: /ExDay\(\?:T\| {2}\?\)Ex24hourExMinuteExSecond/g,
    to: "ExDay(?:-|T|  ?)Ex24hour:?ExMinute:?ExSecond",
  },
  {
    what: "regex: spelling of a date's expression",
    from: /\[(0-1|1-2)\]/g,
    to: (_, range = "") => `[${range.replace("-", "")}]`,
  },
  {
    what: "regex: order of a set",
    from: /\{('[^':]*'(?:, '[^':]*')+)\}/g,
    to: (_, items = "") => `{${items.split(", ").toSorted().join(", ")}}`,
  },
];

/** @returns the output as it is compared; what was changed is counted */
export function evened(text: string): string {
  let even = text;
  for (const { what, from, to } of EVENINGS) {
    even = even.replaceAll(from, (found: string, ...parts: string[]) => {
      const fresh = typeof to === "string" ? to : to(found, ...parts);
      if (fresh !== found) note("normalised", what);
      return fresh;
    });
  }
  return even;
}
