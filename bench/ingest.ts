/**
 * How fast a server reads a log that grows: ours as a package installs it and the original, in turns, everything on. A server is started
 * on an empty log, the whole workload is appended at once, then a failure of an address of its own; when that is found, all is read.
 *
 *     sh scripts/with-node.sh bench/ingest.ts [--quick] [--runs 3] [--only <words of a question>]
 *
 * "Everything on": failures counted, sessions, the log at INFO into a file, the database, an action that has nothing to do, and the
 * filters of Debian's package for both. The original gets the first lines only: what it takes a line does not depend on their number.
 * Ours gets those, too, so that both can be asked how many failures they found in the same lines, and then all.
 */
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { oracleConfig } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { printRows, type Row } from "./row.ts";
import { cpuOf, pause, peakOf, quantile, startMeasured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";
import { headOf, sentinel, writeWorkload, type Kind } from "./workload.ts";

export interface Question {
  readonly name: string;
  readonly kind: Kind;
  readonly share: number;
  readonly filter: string;
  readonly jails: number;
  readonly logs: number;
  /** Lines of each log. */
  readonly whole: number;
  readonly cut: number;
}

const ONE = { jails: 1, logs: 1, whole: 1_000_000 } as const;
const MANY = 30;

export const QUESTIONS: readonly Question[] = [
  { ...ONE, name: "auth, 5 % attack", kind: "auth", share: 0.05, filter: "sshd", cut: 100_000 },
  { ...ONE, name: "auth, 90 % attack", kind: "auth", share: 0.9, filter: "sshd", cut: 50_000 },
  { ...ONE, name: "web, nginx-botsearch", kind: "web", share: 0.06, filter: "nginx-botsearch", cut: 100_000 },
  { ...ONE, name: "mail, postfix", kind: "mail", share: 0.08, filter: "postfix[mode=aggressive]", cut: 100_000 },
  { ...ONE, name: "mail, dovecot", kind: "mail", share: 0.08, filter: "dovecot", cut: 100_000 },
  {
    name: "30 jails on one log, 5 % attack",
    kind: "auth",
    share: 0.05,
    filter: "sshd",
    jails: MANY,
    logs: 1,
    whole: 100_000,
    cut: 5000,
  },
  {
    name: "30 jails, a log each, 5 % attack",
    kind: "auth",
    share: 0.05,
    filter: "sshd",
    jails: MANY,
    logs: MANY,
    whole: 30_000,
    cut: 5000,
  },
];

export interface Run {
  readonly lines: number;
  readonly seconds: number;
  readonly cpu: number;
  /** Megabytes, the most there ever were. */
  readonly peak: number;
  /** Lines of its log that say so, over all jails. */
  readonly found: number;
}

export interface IngestOptions {
  readonly runs: number;
  /** The number of lines is divided by this. */
  readonly divisor: number;
}

const NEWS = "192.0.2.254";
const GENEROUS =
  "findtime = 2d\nbantime = 2d\nmaxretry = 5\nignoreself = false\nusedns = no\nbackend = auto\naction = nothing\n";
const DEADLINE = 300;

/** A log that a run appends, and its inputs' sum for the page. */
interface Input {
  readonly path: string;
  readonly sum: string;
}

/** @param only the questions whose name holds this */
export async function benchIngest({ runs, divisor }: IngestOptions, only = ""): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-ingest-"));
  const original = theirs();
  if ("lacks" in original) console.log(`without the original: ${original.lacks}`);
  try {
    const { server } = await install(folder);
    const ours: Theirs = { command: [server], environment: {} };
    const rows: Row[] = [];
    for (const full of QUESTIONS.filter(({ name }) => name.includes(only))) {
      const question = { ...full, whole: Math.ceil(full.whole / divisor), cut: Math.ceil(full.cut / divisor) };
      rows.push(...(await ask(question, runs, folder, ours, "lacks" in original ? null : original)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(
  question: Question,
  runs: number,
  folder: string,
  ours: Theirs,
  original: Theirs | null,
): Promise<readonly Row[]> {
  const whole = inputOf(question, folder);
  const cut = { path: join(folder, "cut"), sum: whole.sum };
  headOf(whole.path, cut.path, question.cut);
  const [all, some, their]: [Run[], Run[], Run[]] = [[], [], []];
  const load = loadavg()[0] ?? 0;
  for (let run = 0; run < runs; run += 1) {
    all.push(await ingest(ours, question, whole.path, folder));
    some.push(await ingest(ours, question, cut.path, folder));
    if (original !== null) their.push(await ingest(original, question, cut.path, folder));
  }
  const found = [...new Set(some.map((run) => run.found))].join("/");
  const theirFound = [...new Set(their.map((run) => run.found))].join("/");
  const agree = original === null || found === theirFound ? "" : "DIFFERENT NUMBERS FOUND; ";
  const note =
    `${agree}median of ${runs} runs in turns, load ${load.toFixed(1)}; ours ${median(all, "lines")} lines a log, the original the first ${question.cut}; ` +
    `found in these: ours ${found}, the original ${theirFound || "-"}; ours on the same lines ${speed(some, question).toFixed(0)} lines/s; ` +
    `processor seconds a million lines: ours ${perMillion(all, question)}, the original ${perMillion(their, question)}; sha256 ${whole.sum}`;
  const name = `a growing log: ${question.name}`;
  return [
    {
      question: name,
      ours: { value: speed(all, question), unit: "lines/s" },
      original: original === null ? null : { value: speed(their, question), unit: "lines/s" },
      note,
    },
    {
      question: `${name}: peak memory`,
      ours: { value: median(all, "peak"), unit: "MB" },
      original: original === null ? null : { value: median(their, "peak"), unit: "MB" },
      note: `ours after ${median(all, "lines")} lines a log, the original after ${question.cut}; ours after those ${median(some, "peak").toFixed(0)} MB`,
    },
  ];
}

/** The log of a question, made anew: of another question's is nothing kept. */
function inputOf({ kind, share, whole }: Question, folder: string): Input {
  const path = join(folder, "whole");
  const { sha256 } = writeWorkload(path, { kind, lines: whole, share, end: Math.floor(Date.now() / 1000), seed: 42 });
  return { path, sum: sha256 };
}

/** One server, from its start to the last line; all logs of a question get the same lines. */
export async function ingest(program: Theirs, question: Question, input: string, folder: string): Promise<Run> {
  const place = mkdtempSync(join(folder, "run-"));
  mkdirSync(join(place, "filter.d"));
  cpSync(join(oracleConfig, "filter.d"), join(place, "filter.d"), { recursive: true });
  const environment = { ...program.environment, TZ: "UTC" };
  const text = readFileSync(input);
  const lines = countLines(text);
  const server = await startMeasured(
    { ...program, environment },
    place,
    configuration(question),
    `jail${question.jails - 1}`,
  );
  try {
    const before = cpuOf(server.pid);
    const began = performance.now();
    append(text, place, question);
    await allFound(join(place, "log"), question.jails);
    const seconds = (performance.now() - began) / 1000;
    const cpu = cpuOf(server.pid) - before;
    const peak = peakOf(server.pid);
    await server.stop();
    return { lines, seconds, cpu, peak, found: countFound(join(place, "log")) };
  } finally {
    await server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

function configuration({ filter, jails, logs }: Question): Readonly<Record<string, string>> {
  const jail = (i: number): string =>
    `[jail${i}]\nenabled = true\nfilter = ${filter}\nlogpath = {folder}/read${i % logs}\n`;
  return {
    "jail.conf": `[DEFAULT]\n${GENEROUS}${Array.from({ length: jails }, (_, i) => jail(i)).join("")}`,
    "action.d/nothing.conf": "[Definition]\nactionban =\nactionunban =\n",
    ...Object.fromEntries(Array.from({ length: logs }, (_, i) => [`read${i}`, ""])),
  };
}

/** Bytes of one write. A log grows by many: of a single one of a hundred megabytes the kernel tells those who watch only at its end. */
const PIECE = 64 * 1024;

function append(text: Buffer, place: string, { kind, logs }: Question): void {
  const last = Buffer.from(sentinel(kind, NEWS, Date.now() / 1000));
  for (let i = 0; i < logs; i += 1) {
    const log = openSync(join(place, `read${i}`), "a");
    for (const part of [text, last])
      for (let at = 0; at < part.length;) at += writeSync(log, part, at, Math.min(PIECE, part.length - at));
    closeSync(log);
  }
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Looks at what is new in the server's log only: it becomes long, and reading it takes from the same cores. */
async function allFound(log: string, times: number): Promise<void> {
  const buffer = Buffer.alloc(1 << 20);
  const file = openSync(log, "r");
  const end = performance.now() + DEADLINE * 1000;
  const wanted = `Found ${NEWS}`;
  try {
    for (let [at, left, rest] = [0, times, ""]; ;) {
      const got = readSync(file, buffer, 0, buffer.length, at);
      at += got;
      const text = rest + buffer.toString("latin1", 0, got);
      left -= text.split(wanted).length - 1;
      if (left <= 0) return;
      rest = text.slice(-wanted.length + 1);
      if (performance.now() > end)
        throw new Error(`the last line was not read in ${DEADLINE} s (${statSync(log).size} bytes of log)`);
      if (got < buffer.length) await pause(10);
    }
  } finally {
    closeSync(file);
  }
}

function countFound(log: string): number {
  const text = readFileSync(log);
  let count = 0;
  for (let at = text.indexOf("] Found "); at >= 0; at = text.indexOf("] Found ", at + 1)) count += 1;
  return count;
}

export function median(runs: readonly Run[], what: keyof Run): number {
  return quantile(
    runs.map((run) => run[what]),
    0.5,
  );
}

/** Lines a second, those of all jails together. */
export function speed(runs: readonly Run[], { jails }: Question): number {
  return (median(runs, "lines") * jails) / median(runs, "seconds");
}

function perMillion(runs: readonly Run[], { jails }: Question): string {
  if (runs.length === 0) return "-";
  return ((median(runs, "cpu") / (median(runs, "lines") * jails)) * 1e6).toFixed(1);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      runs: { type: "string", default: "3" },
      only: { type: "string", default: "" },
    },
  });
  const options = { runs: values.quick === true ? 1 : Number(values.runs), divisor: values.quick === true ? 10 : 1 };
  printRows(await benchIngest(options, values.only));
}
