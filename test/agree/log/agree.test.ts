/**
 * The log, line by line (config-cli.md §7.5): both servers get the same configuration, the same lines and the same commands, and
 * must tell the same of them. What runs at once inside a step may come in another order; steps may not.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { oracleEnvironment, oracleLacks, oracleProgram } from "../../oracle.ts";

type Programs = (name: "server" | "client") => readonly string[];

const OURS: Programs = (name) => [join(import.meta.dirname, `../../../bin/fail2ban-${name}`)];

interface Step {
  readonly name: string;
  /** Lines for the log; `@-60` stands for local time a minute ago. */
  readonly lines?: readonly string[];
  readonly command?: readonly string[];
  /** How many lines of the log the step adds; until then it waits. */
  readonly until: RegExp;
}

const STEPS: readonly Step[] = [
  { name: "start", until: /Jail 'good' started/ },
  { name: "no date", lines: ["Failed from 192.0.2.1"], until: /custom date pattern/ },
  { name: "a short bantime", command: ["set", "good", "bantime", "3"], until: /banTime: 3/ },
  { name: "a failure", lines: ["@0 Failed from 192.0.2.2"], until: /Found 192\.0\.2\.2/ },
  { name: "the second, and a ban", lines: ["@0 Failed from 192.0.2.2"], until: /Ban 192\.0\.2\.2/ },
  { name: "the ban ends", until: /Unban 192\.0\.2\.2/ },
  { name: "a long bantime", command: ["set", "good", "bantime", "10m"], until: /banTime: 600/ },
  { name: "back again", lines: ["@0 Failed from 192.0.2.2"], until: /Increase Ban 192\.0\.2\.2/ },
  { name: "unban", command: ["set", "good", "unbanip", "192.0.2.2"], until: /Unban 192\.0\.2\.2/ },
  { name: "an old one", lines: ["@-90000 Failed from 192.0.2.3"], until: /odd timestamp: .*192\.0\.2\.3/ },
  { name: "one from the future", lines: ["@90000 Failed from 192.0.2.4"], until: /Found 192\.0\.2\.4/ },
  { name: "an ignored one", lines: ["@0 Failed from 198.51.100.1"], until: /Ignore 198\.51\.100\.1/ },
  { name: "banip", command: ["set", "good", "banip", "192.0.2.9"], until: /Ban 192\.0\.2\.9/ },
  { name: "attempt", command: ["set", "good", "attempt", "192.0.2.10"], until: /Attempt 192\.0\.2\.10/ },
  { name: "maxretry", command: ["set", "good", "maxretry", "4"], until: /maxRetry: 4/ },
  { name: "findtime", command: ["set", "good", "findtime", "1h"], until: /findtime: 3600/ },
  { name: "maxtime", command: ["set", "good", "bantime.maxtime", "5w"], until: /banTime\.maxtime = 5w/ },
  { name: "datepattern", command: ["set", "good", "datepattern", "%Y-%m-%d"], until: /date pattern/ },
  { name: "Epoch", command: ["set", "good", "datepattern", "Epoch"], until: /date pattern `[^`]*`: `Epoch`/ },
  {
    name: "Epoch at the begin",
    command: ["set", "good", "datepattern", "{^LN-BEG}EPOCH"],
    until: /`\{\^LN-BEG\}Epoch`/,
  },
  { name: "LongEpoch", command: ["set", "good", "datepattern", "LEPOCH"], until: /`LongEpoch`/ },
  { name: "TAI64N", command: ["set", "good", "datepattern", "TAI64N"], until: /`TAI64N`/ },
  { name: "usedns", command: ["set", "good", "usedns", "foo"], until: /usedns/ },
  { name: "bad prefregex", command: ["set", "good", "prefregex", "("], until: /prefregex/ },
  { name: "an absent log", command: ["set", "good", "addlogpath", "/nonexistent"], until: /has failed/ },
  { name: "a known log", command: ["set", "good", "addlogpath", "{folder}/log"], until: /already exists/ },
  { name: "no such jail", command: ["status", "none"], until: /UnknownJailException/ },
  { name: "no such command", command: ["set", "good", "nothing", "1"], until: /nothing/ },
  { name: "bad expression", command: ["set", "good", "addfailregex", "("], until: /addfailregex/ },
  { name: "reload", command: ["reload"], until: /Reload finished/ },
  { name: "reload of one", command: ["reload", "good"], until: /Reload finished/ },
  { name: "restart of one", command: ["restart", "good"], until: /Restore Ban 192\.0\.2\.9/ },
  { name: "flushlogs", command: ["flushlogs"], until: /performed on/ },
  { name: "unban all", command: ["unban", "--all"], until: /Unban 192\.0\.2\.9/ },
  { name: "stop", command: ["stop"], until: /Exiting Fail2ban/ },
];

test("every line of the log is the original's", { skip: oracleLacks() ?? false }, async (t) => {
  const theirs = await play(t, oracleProgram);
  const ours = await play(t, OURS);
  for (const [at, step] of STEPS.entries()) {
    await t.test(step.name, () => assert.deepEqual(ours[at], theirs[at]));
  }
});

/** @returns for each step what was logged in it, sorted */
async function play(t: { after(work: () => void): void }, programs: Programs): Promise<string[][]> {
  const folder = aConfiguration();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [program = "", ...options] = programs("server");
  const env = { ...process.env, ...oracleEnvironment };
  const server = spawn(program, [...options, "-f", "-c", folder, "start"], { env, stdio: "ignore" });
  t.after(() => server.kill("SIGKILL"));
  const exits = once(server, "exit", { signal: AbortSignal.timeout(120_000) });
  const said: string[][] = [];
  let from = 0;
  for (const step of STEPS) {
    take(folder, programs, step, env);
    from = await settled(folder, from, step, said);
  }
  await exits;
  return said;
}

function take(folder: string, programs: Programs, step: Step, env: NodeJS.ProcessEnv): void {
  for (const line of step.lines ?? []) appendFileSync(join(folder, "log"), `${dated(line)}\n`);
  if (step.command === undefined) return;
  const [program = "", ...options] = programs("client");
  const words = step.command.map((word) => word.replace("{folder}", folder));
  spawnSync(program, [...options, "-c", folder, ...words], { env, stdio: "ignore", timeout: 30_000 });
}

/** Waits until the step's line is there and nothing more comes. @returns where the next step begins */
async function settled(folder: string, from: number, step: Step, said: string[][]): Promise<number> {
  const read = (): string => readFileSync(join(folder, "out.log"), { encoding: "utf8", flag: "a+" });
  for (let tries = 0; tries < 200 && !step.until.test(read().slice(from)); tries++) await delay(50);
  let text = "";
  while (text !== read()) {
    text = read();
    await delay(400);
  }
  assert.match(text.slice(from), step.until, `${step.name}: waited in vain`);
  said.push(
    text
      .slice(from)
      .split("\n")
      .flatMap((line) => normal(line, folder))
      .toSorted(),
  );
  return text.length;
}

/** Without what differs on purpose (docs/DIFFERENCES.md) or from run to run. */
function normal(line: string, folder: string): string[] {
  const isObserver = line.includes("fail2ban.observer") && line.includes("Observer st");
  const isNear = line.includes(": if a reverse proxy"); // the tests' addresses may be the machine's neighbours
  if (line === "" || isObserver || isNear) return [];
  return [
    line
      .replace(/^[\d-]+ [\d:,]+ /, "")
      .replaceAll(folder, "{folder}")
      .replaceAll(/\[\d+\]/g, "[PID]")
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
      .replace(/Fail2ban v\S+/, "Fail2ban VERSION")
      .replace("Repeal Ban", "Unban")
      .replace(/\(pos = \d+, hash = \w*\)/, "(POSITION)"),
  ];
}

function dated(line: string): string {
  return line.replace(/^@(-?\d+)/, (_, seconds: string) => {
    const at = new Date(Date.now() + Number(seconds) * 1000 - new Date().getTimezoneOffset() * 60_000);
    return at.toISOString().slice(0, 19).replace("T", " ");
  });
}

function aConfiguration(): string {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-log-"));
  const jail = [
    "[DEFAULT]",
    "backend = polling",
    "maxretry = 2",
    "findtime = 600",
    "bantime = 600",
    "bantime.increment = true",
    "ignoreip = 198.51.100.0/24",
    "ignoreself = false",
    "usedns = no",
    "[good]",
    "enabled = true",
    "filter = good",
    `logpath = ${folder}/log`,
    "action = nothing",
  ];
  const files = {
    "fail2ban.conf": `[Definition]\nsocket = ${folder}/s\npidfile = ${folder}/p\ndbfile = ${folder}/d.sqlite3\nlogtarget = ${folder}/out.log\n`,
    "jail.conf": `${jail.join("\n")}\n`,
    "filter.d/good.conf": "[Definition]\nfailregex = ^\\s*Failed from <HOST>$\n",
    "action.d/nothing.conf": "[Definition]\nactionban = true\nactionunban = true\n",
    log: "hello\n", // only after its first line the original takes a line without a date to be of now
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
