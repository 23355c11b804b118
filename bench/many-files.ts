/**
 * One jail with 500 log files: how long until all are followed, what does that cost when nothing happens, and how soon is a
 * line in one of them decided? From the line to the `Ban` in the log.
 *
 *     sh scripts/with-node.sh bench/many-files.ts
 */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { cpuOf, memoryOf, ours, pause, quantile, startMeasured, until } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const FILES = 500;
const SAMPLES = 40;
const IDLE_SECONDS = 20;

const original = theirs();
console.log(
  `${FILES} files in one jail, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}`,
);
console.log("                start ms   idle %   dirty MB   line to ban, ms: p50   p95");
await measure("fail2ban-ts", ours);
if ("lacks" in original) console.log(`without the original: ${original.lacks}`);
else await measure("fail2ban 1.0.2", original);

async function measure(name: string, program: Theirs): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-many-"));
  try {
    const began = performance.now();
    const server = await startMeasured(program, folder, configuration(), "many");
    const start = performance.now() - began;
    await pause(3000);
    const before = cpuOf(server.pid);
    await pause(IDLE_SECONDS * 1000);
    const idle = ((cpuOf(server.pid) - before) / IDLE_SECONDS) * 100;
    const { dirty } = memoryOf(server.pid);
    const took: number[] = [];
    for (let i = 0; i < SAMPLES; i += 1)
      took.push(await decide(folder, server.log, `198.18.0.${i + 1}`, (i * 37) % FILES));
    const [p50, p95] = [quantile(took, 0.5), quantile(took, 0.95)];
    const columns = [start.toFixed(0).padStart(9), idle.toFixed(2).padStart(9), dirty.toFixed(0).padStart(11)];
    console.log(`${name.padEnd(15)}${columns.join("")}${p50.toFixed(1).padStart(24)}${p95.toFixed(1).padStart(6)}`);
    await server.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function decide(folder: string, log: () => string, who: string, file: number): Promise<number> {
  await pause(100 + Math.random() * 900);
  const at = performance.now();
  appendFileSync(join(folder, `logs/${file}.log`), `${new Date().toISOString().slice(0, 19)}Z Failed from ${who}\n`);
  await until(`the ban of ${who}`, 20, () => log().includes(`Ban ${who}\n`));
  return performance.now() - at;
}

function configuration(): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`logs/${i}.log`, ""])),
    "jail.conf":
      "[many]\nenabled = true\nfilter = failed\naction = nothing\nlogpath = {folder}/logs/*.log\nbackend = auto\nmaxretry = 1\n",
    "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
    "action.d/nothing.conf": "[Definition]\nactionban = true\n",
  };
}
