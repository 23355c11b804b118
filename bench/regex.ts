/**
 * `fail2ban-regex` as a whole process: ours (the bundle, as a package installs it) and the original in turns, on the same lines; what the
 * machine can do at all (`wc -l`, ripgrep) and SSHGuard's parser beside them.
 *
 *     sh scripts/with-node.sh bench/regex.ts [--quick] [--runs 3] [--only <words of a question>]
 *
 * Both must match the same number of lines. The original gets the first lines only, as in bench/ingest.ts. ripgrep only searches for the
 * words of failures, SSHGuard's parser knows rules of its own: neither counts, dates or joins lines.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { oracleConfig, oracleEnvironment, oracleLacks, oracleProgram } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { runProcess, type Ended } from "./process.ts";
import { printRows, type Row } from "./row.ts";
import { quantile } from "./server.ts";
import { headOf, writeWorkload, type Kind } from "./workload.ts";

export interface RegexQuestion {
  readonly name: string;
  readonly kind: Kind;
  readonly share: number;
  readonly filter: string;
  readonly whole: number;
  readonly cut: number;
}

const MILLION = 1_000_000;

export const REGEX_QUESTIONS: readonly RegexQuestion[] = [
  { name: "auth, 5 % attack", kind: "auth", share: 0.05, filter: "sshd", whole: MILLION, cut: 100_000 },
  { name: "auth, 90 % attack", kind: "auth", share: 0.9, filter: "sshd", whole: MILLION, cut: 100_000 },
  { name: "web, nginx-botsearch", kind: "web", share: 0.06, filter: "nginx-botsearch", whole: MILLION, cut: 100_000 },
  {
    name: "mail, postfix",
    kind: "mail",
    share: 0.08,
    filter: "postfix[mode=aggressive]",
    whole: MILLION,
    cut: 100_000,
  },
  { name: "mail, dovecot", kind: "mail", share: 0.08, filter: "dovecot", whole: MILLION, cut: 100_000 },
];

/** The messages of sshd that ripgrep is asked for. */
const FAILURES =
  "Failed \\S+ for .* from |[iI]nvalid user .* from |authentication failure;|maximum authentication attempts exceeded|not allowed because|PAM: Authentication failure for|Received disconnect from |Connection closed by |Disconnected from |Accepted ";

const project = fileURLToPath(new URL("../", import.meta.url));

/** @param divisor of the number of lines @param only the questions whose name holds this */
export async function benchRegex(runs: number, divisor: number, only = ""): Promise<readonly Row[]> {
  const lacks = oracleLacks();
  if (lacks !== null) {
    console.log(`without the original, whose filters these are: ${lacks}`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-regex-"));
  try {
    const { regex } = await install(folder);
    const rows: Row[] = [];
    for (const full of REGEX_QUESTIONS.filter(({ name }) => name.includes(only))) {
      const question = { ...full, whole: Math.ceil(full.whole / divisor), cut: Math.ceil(full.cut / divisor) };
      rows.push(...(await ask(question, runs, folder, regex)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(question: RegexQuestion, runs: number, folder: string, regex: string): Promise<readonly Row[]> {
  const { kind, share, filter, whole, cut } = question;
  const [path, head] = [join(folder, "whole"), join(folder, "cut")];
  const end = Math.floor(Date.now() / 1000);
  const { sha256 } = writeWorkload(path, { kind, lines: whole, share, end, seed: 42 });
  headOf(path, head, cut);
  const others = kind === "auth" ? limits(path) : [["wc -l", ["wc", "-l", path]] as const];
  const [all, some, their]: [Ended[], Ended[], Ended[]] = [[], [], []];
  const besides = new Map<string, Ended[]>(others.map(([name]) => [name, []]));
  const load = loadavg()[0] ?? 0;
  for (let run = 0; run < runs; run += 1) {
    all.push(await runRegex([regex], path, filter));
    some.push(await runRegex([regex], head, filter));
    their.push(await runRegex(oracleProgram("regex"), head, filter));
    for (const [name, words] of others) besides.get(name)?.push(await runProcess(words));
  }
  const [mine, other] = [matched(some), matched(their)];
  const note =
    `${mine === other ? "" : "DIFFERENT NUMBERS MATCHED; "}median of ${runs} runs in turns, load ${load.toFixed(1)}; ours ${whole} lines, the original the first ${cut}; ` +
    `of these lines match: ours ${mine}, the original ${other}; ours on the same lines ${speed(some, cut).toFixed(0)} lines/s; ` +
    `${[...besides].map(([name, ended]) => `${name} ${speed(ended, whole).toFixed(0)} lines/s, ${middle(ended, "peak").toFixed(0)} MB`).join("; ")}; sha256 ${sha256}`;
  const name = `fail2ban-regex: ${question.name}`;
  return [
    {
      question: name,
      ours: { value: speed(all, whole), unit: "lines/s" },
      original: { value: speed(their, cut), unit: "lines/s" },
      note,
    },
    {
      question: `${name}: peak memory`,
      ours: { value: middle(all, "peak"), unit: "MB" },
      original: { value: middle(their, "peak"), unit: "MB" },
      note: `ours after ${whole} lines, the original after ${cut}; ours after those ${middle(some, "peak").toFixed(0)} MB`,
    },
  ];
}

/** One run of `fail2ban-regex` with Debian's filters, which prints numbers only. */
export async function runRegex(program: readonly string[], path: string, filter: string): Promise<Ended> {
  const options = ["-c", oracleConfig, "--no-check-all", "--print-no-missed", "--print-no-ignored"];
  const ended = await runProcess([...program, ...options, path, filter], { ...oracleEnvironment, TZ: "UTC" });
  if (ended.status !== 0)
    throw new Error(`${program.join(" ")} ended with ${ended.status}: ${ended.output.slice(-500)}`);
  return ended;
}

/** What else reads the log, where it can be had. */
function limits(path: string): readonly (readonly [string, readonly string[]])[] {
  const rg = program("ripgrep", "usr/bin/rg");
  const parser = program("sshguard", "usr/libexec/sshguard/sshg-parser");
  return [
    ["wc -l", ["wc", "-l", path]],
    ...(rg === null ? [] : [["ripgrep", [rg, "-c", FAILURES, path]] as const]),
    ...(parser === null
      ? []
      : [["SSHGuard's parser", ["sh", "-c", `exec '${parser}' < "$0" > /dev/null`, path]] as const]),
  ];
}

/** A program of a Debian package, unpacked in .cache; null, and said why, where it cannot be had. */
export function program(name: string, path: string): string | null {
  const folder = join(project, ".cache/bench", name);
  if (!existsSync(folder)) {
    const fetched = spawnSync("sh", [join(project, "scripts/fetch-deb.sh"), name, folder]);
    if (fetched.status !== 0) {
      console.log(`without ${name}: ${fetched.stderr.toString().trim()}`);
      return null;
    }
  }
  return join(folder, path);
}

function matched(runs: readonly Ended[]): string {
  const numbers = runs.map(({ output }) => /^Lines: \d+ lines, .*?(\d+) matched/m.exec(output)?.[1] ?? "none");
  return [...new Set(numbers)].join("/");
}

function middle(runs: readonly Ended[], what: "seconds" | "peak"): number {
  return quantile(
    runs.map((run) => run[what]),
    0.5,
  );
}

function speed(runs: readonly Ended[], lines: number): number {
  return lines / middle(runs, "seconds");
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      runs: { type: "string", default: "3" },
      only: { type: "string", default: "" },
    },
  });
  const quick = values.quick === true;
  printRows(await benchRegex(quick ? 1 : Number(values.runs), quick ? 10 : 1, values.only));
}
