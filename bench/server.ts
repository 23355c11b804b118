/** A server under measurement: ours or the original, on a configuration made for the purpose, in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Theirs } from "./theirs.ts";

/** The source as it is, or what FAIL2BAN_BENCH_SERVER names: bench/run.ts sets it to the programs as a package installs them. */
export const ours: Theirs = {
  get command() {
    const source = fileURLToPath(new URL("../bin/fail2ban-server", import.meta.url));
    return [process.env["FAIL2BAN_BENCH_SERVER"] ?? source];
  },
  environment: {},
};

export interface Measured {
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
}

/** Ticks of the processor's clock in a second, as /proc counts them. */
const TICKS = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout) || 100;

/** Writes the files below `folder` and starts the server there; resolves when the last of its jails runs. */
export async function startMeasured(
  program: Theirs,
  folder: string,
  files: Readonly<Record<string, string>>,
  lastJail: string,
): Promise<Measured> {
  const general = `[Definition]\nloglevel = INFO\nlogtarget = ${folder}/log\nsyslogsocket = auto\nsocket = ${folder}/s\npidfile = ${folder}/p\nallowipv6 = yes\ndbfile = ${folder}/d.sqlite3\ndbpurgeage = 1d\ndbmaxmatches = 10\n`;
  for (const [path, text] of Object.entries({ "fail2ban.conf": general, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll("{folder}", folder));
  }
  const [command = "", ...words] = program.command;
  const child = spawn(command, [...words, "-f", "-x", "-c", folder, "start"], {
    env: { ...process.env, ...program.environment },
    stdio: "ignore",
  });
  const log = (): string => readFileSync(join(folder, "log"), { encoding: "utf8", flag: "a+" });
  await until(`${command} in ${folder}`, 60, () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log().slice(-2000)}`);
    return log().includes(`Jail '${lastJail}' started`);
  });
  return { pid: child.pid ?? 0, log, stop: () => end(child) };
}

/** Processor seconds of a process and of all below it, those that have ended included. */
export function cpuOf(pid: number): number {
  const stat = statOf(pid);
  if (stat === null) return 0;
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => statOf(child)?.parent === pid);
  return stat.cpu + children.reduce((sum, child) => sum + cpuOf(child), 0);
}

/** Megabytes of memory that a process has for itself and uses. */
export function memoryOf(pid: number): { readonly resident: number; readonly dirty: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(rollup)?.[1] ?? 0) / 1024;
  return { resident: value("Rss"), dirty: value("Private_Dirty") };
}

/** The most megabytes that a process ever had in memory. */
export function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

export async function until(what: string, seconds: number, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !holds();) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await pause(5);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param at a share, as 0.95 */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(at * sorted.length) - 1)] ?? NaN;
}

function statOf(pid: number): { readonly parent: number; readonly cpu: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    // From the state on: parent is the 2nd, own and waited-for times are the 12th to 15th.
    return { parent: fields[1] ?? 0, cpu: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS };
  } catch {
    return null;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
