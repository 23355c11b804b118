/**
 * Asks every question once through, ours and the original in turns, and writes what was found: RESULTS.md, results.json, growth.svg.
 *
 *     npm run bench                       everything, into bench/: some 20 minutes on two cores that have nothing else to do
 *     npm run bench -- --quick            small sizes, to see that all works; prints the page and writes nothing
 *     npm run bench -- --only regex       one question; prints its rows and writes nothing
 *     npm run bench -- --page             the page again, from results.json, without measuring
 *     npm run bench -- --out <folder>     writes there (with --quick and --only, too)
 *
 * A question that fails is named on the page; the others go on, and the program ends with 1.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bansRows } from "./bans.ts";
import { benchClient } from "./client.ts";
import { benchConfig } from "./config.ts";
import { benchGrowth, type Growth } from "./growth.ts";
import { benchIngest } from "./ingest.ts";
import { install } from "./installed.ts";
import { memoryRows } from "./memory.ts";
import { runProcess } from "./process.ts";
import { benchRegex } from "./regex.ts";
import { benchReload } from "./reload.ts";
import { chartOf } from "./results/chart.ts";
import { machineOf } from "./results/machine.ts";
import { pageOf } from "./results/page.ts";
import { idleRows, latencyRows } from "./results/printed.ts";
import type { Answer, Results } from "./results/results.ts";
import { printRows, type Row } from "./row.ts";
import { benchSocket } from "./socket.ts";
import { theirs } from "./theirs.ts";
import { benchWorst, FULL, QUICK } from "./worst.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Questions by name. The quickest way to hear that something is broken: small ones first. */
const QUESTIONS: Readonly<Record<string, (quick: boolean) => Promise<readonly Row[]>>> = {
  client: (quick) => benchClient(quick ? 3 : 30),
  config: (quick) => benchConfig(quick ? 1 : 15),
  reload: (quick) => benchReload(quick ? 1 : 5),
  latency: async (quick) => latencyRows(await printed("latency.ts", quick ? 2 : 40)),
  bans: (quick) =>
    bansRows(
      quick
        ? { byCommand: 20, restored: 50, growth: 100, rounds: 1 }
        : { byCommand: 1000, restored: 10_000, growth: 100_000, rounds: 3 },
    ),
  regex: (quick) => benchRegex(quick ? 1 : 3, quick ? 50 : 1),
  ingest: (quick) => benchIngest({ runs: quick ? 1 : 3, divisor: quick ? 50 : 1 }),
  socket: (quick) => benchSocket(quick ? 20_000 : 500_000),
  worst: (quick) => benchWorst(quick ? QUICK : FULL),
  memory: (quick) => memoryRows(quick ? 500 : 10_000),
  idle: async (quick) => idleRows(await printed("idle.ts", quick ? 2 : 30)),
};

/** Another program: it takes a namespace of its own, or prints as it goes. */
async function printed(file: string, size: number): Promise<string> {
  const words = [process.execPath, ...process.execArgv, join(here, file), String(size)];
  const { status, output } = await runProcess(words);
  if (status !== 0) throw new Error(output.slice(-500));
  return output;
}

async function answer(
  name: string,
  ask: () => Promise<{ rows?: readonly Row[]; growth?: readonly Growth[] }>,
): Promise<Answer> {
  console.log(`\n== ${name}`);
  const load = loadavg()[0] ?? 0;
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  try {
    const { rows = [], growth = [] } = await ask();
    printRows(rows);
    for (const { what, unit, points } of growth)
      console.log(`${what}, ${unit}: ${points.map(({ value }) => value.toFixed(1)).join(", ")}`);
    return { name, load, seconds: seconds(), rows, growth, failed: null };
  } catch (cause) {
    const failed = (cause instanceof Error ? cause.message : String(cause)).trim();
    console.log(`failed: ${failed}`);
    return { name, load, seconds: seconds(), rows: [], growth: [], failed };
  }
}

/** With our programs as a package installs them, for those benches that do not see to it themselves. */
async function measureInstalled(quick: boolean, only: string | undefined, keep: Keep): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bench-"));
  try {
    process.env["FAIL2BAN_BENCH_SERVER"] = (await install(folder)).server;
    // Fetched now: some questions are asked in a namespace without a network.
    const original = theirs();
    if ("lacks" in original) console.log(`without the original: ${original.lacks}`);
    return await measure(quick, only, keep);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Told of everything found so far, after each question: what was measured is not lost with the last one. */
type Keep = (results: Results) => void;

async function measure(quick: boolean, only: string | undefined, keep: Keep): Promise<Results> {
  const results = { began: new Date().toISOString(), quick, machine: machineOf(), answers: [] as Answer[] };
  const put = (given: Answer): void => {
    results.answers.push(given);
    keep(results);
  };
  for (const [name, ask] of Object.entries(QUESTIONS))
    if (only === undefined || only === name) put(await answer(name, async () => ({ rows: await ask(quick) })));
  if (only === undefined || only === "growth")
    put(await answer("growth", async () => ({ growth: await benchGrowth(quick ? 500 : 10_000) })));
  return results;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      only: { type: "string" },
      out: { type: "string" },
    },
  });
  const { quick, page, only } = values;
  const names = [...Object.keys(QUESTIONS), "growth"];
  if (only !== undefined && !names.includes(only)) throw new Error(`there is no question ${only}: ${names.join(", ")}`);
  const out = values.out ?? (quick || only !== undefined ? null : here);
  const results = page
    ? (JSON.parse(readFileSync(join(out ?? here, "results.json"), "utf8")) as Results)
    : await measureInstalled(quick, only, (sofar) => out !== null && write(out, sofar));
  if (out === null) console.log(only === undefined ? `\n${pageOf(results)}` : "");
  else write(out, results);
  if (results.answers.some(({ failed }) => failed !== null)) process.exitCode = 1;
}

function write(out: string, results: Results): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "results.json"), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(out, "RESULTS.md"), pageOf(results));
  writeFileSync(join(out, "growth.svg"), chartOf(results.answers.flatMap(({ growth }) => growth)));
}

await main();
