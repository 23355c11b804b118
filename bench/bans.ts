/**
 * Bans by the thousand, ours and the original in turns, each with its stock action for nftables on the real kernel of a network namespace:
 * banned by one command, restored at a start, lifted at a stop.
 *
 *     sh scripts/with-node.sh bench/bans.ts [--by-command 1000] [--restored 10000] [--growth 100000] [--rounds 3] [--json]
 *
 * Of several rounds the best counts; the original restores once only, which takes it minutes. Growth is ours alone.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { openLink } from "../src/api/control/index.ts";
import { VirtualClock, whoOf } from "../src/base/index.ts";
import { openStore } from "../src/io/store/index.ts";
import { oracleConfig } from "../test/oracle.ts";
import { furnish, isAlone, runAlone } from "../test/stage/alone.ts";
import { printRows, type Figure, type Row } from "./row.ts";
import { ours, pause, startMeasured, type Measured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const run = promisify(execFile);
const JAIL = "bench";
/** Seconds that the slowest may take: the original restores some 130 bans a second. */
const PATIENCE = 900;

export interface BansOptions {
  readonly byCommand: number;
  readonly restored: number;
  readonly growth: number;
  readonly rounds: number;
}

/** Runs the whole in a namespace of its own. @throws with what was printed when it fails */
export async function bansRows(options: BansOptions): Promise<readonly Row[]> {
  const words = Object.entries(options).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
  const { status, printed } = await runAlone(import.meta.filename, [...words, "--json"], "collect");
  if (status !== 0) throw new Error(printed);
  return JSON.parse(printed.slice(printed.indexOf("["))) as readonly Row[];
}

/** One program in a folder of its own, with its own stock actions. */
interface Contender {
  readonly program: Theirs;
  readonly actions: string;
}

const OURS: Contender = { program: ours, actions: fileURLToPath(new URL("../config/action.d", import.meta.url)) };

async function measure(options: BansOptions): Promise<readonly Row[]> {
  const original = theirs();
  const other: Contender | null =
    "lacks" in original ? null : { program: original, actions: join(oracleConfig, "action.d") };
  const missing = "lacks" in original ? original.lacks : "";
  const { byCommand, restored, growth, rounds } = options;
  const banned = await compare(other, rounds, rounds, (one) => banByCommand(one, byCommand));
  const restarts = await compare(other, rounds, 1, (one) => restart(one, restored));
  const grown = await compare(null, rounds, 0, (one) => restart(one, growth));
  const row = (question: string, [first, second]: Best, which: number, note: string): Row => ({
    question,
    ours: seconds(first[which]),
    original: second === null ? null : seconds(second[which]),
    note: [note, second === null ? missing : ""].filter((text) => text !== "").join("; "),
  });
  return [
    row(`ban ${byCommand} addresses by one command`, banned, 0, "until answered and in the kernel"),
    row(`start with ${restored} bans in the database`, restarts, 0, "until all are in the kernel"),
    row(`stop with ${restored} bans`, restarts, 1, "until the program has ended"),
    row(`start with ${growth} bans in the database`, [grown[0], null], 0, "growth: ours alone"),
    row(`stop with ${growth} bans`, [grown[0], null], 1, "growth: ours alone"),
  ];
}

/** The best of each contender, by what was measured; null: not asked. */
type Best = readonly [first: readonly number[], second: readonly number[] | null];

async function compare(
  other: Contender | null,
  rounds: number,
  theirRounds: number,
  ask: (one: Contender) => Promise<readonly number[]>,
): Promise<Best> {
  const [first, second]: [number[][], number[][]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    first.push([...(await ask(OURS))]);
    if (other !== null && round < theirRounds) second.push([...(await ask(other))]);
  }
  const best = (all: readonly number[][]): number[] =>
    (all[0] ?? []).map((_, which) => Math.min(...all.map((one) => one[which] ?? Infinity)));
  return [best(first), second.length === 0 ? null : best(second)];
}

/** @returns seconds until so many addresses are banned */
async function banByCommand(one: Contender, count: number): Promise<readonly number[]> {
  return inFolder(async (folder) => {
    const server = await start(one, folder);
    const link = await openLink(join(folder, "s"));
    await link.ask(["set", JAIL, "banip", "192.0.2.1"]); // the environment is made by the first ban
    const began = performance.now();
    await link.ask(["set", JAIL, "banip", ...addresses(count)]);
    const took = (await inKernel(addresses(count), 1)) - began;
    await link.close();
    await server.stop();
    return [took / 1000];
  });
}

/** @returns seconds of a start until all bans of the database are in the kernel, and of the stop */
async function restart(one: Contender, count: number): Promise<readonly number[]> {
  return inFolder(async (folder) => {
    fillDatabase(join(folder, "d.sqlite3"), count);
    const began = performance.now();
    const server = await start(one, folder);
    const started = (await inKernel(addresses(count), 0)) - began;
    await pause(1000);
    const stopping = performance.now();
    await server.stop();
    return [started / 1000, (performance.now() - stopping) / 1000];
  });
}

async function start({ program, actions }: Contender, folder: string): Promise<Measured> {
  cpSync(actions, join(folder, "action.d"), { recursive: true });
  return startMeasured(
    program,
    folder,
    {
      "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
      log0: "",
      "jail.conf": `[${JAIL}]\nenabled = true\nfilter = failed\nlogpath = {folder}/log0\nbackend = polling\nbantime = 1d\nignoreself = false\naction = nftables-allports\n`,
    },
    JAIL,
  );
}

/** A database as either program leaves it: so many bans of now, each with a line. */
function fillDatabase(path: string, count: number): void {
  const now = Date.now() / 1000;
  const opened = openStore(path, { clock: new VirtualClock(now), say: () => {} });
  if (!opened.ok || opened.store === null) throw new Error("no database");
  opened.store.addJail(JAIL);
  for (const [n, key] of addresses(count).entries()) {
    const ban = { jail: JAIL, who: whoOf(key), since: now, lasts: 86_400, count: 1, failures: 5 };
    opened.store.remember({ ...ban, matches: [`a line about ${key}`], fields: { ip4: key }, restored: false }, 10);
    if (n % 10_000 === 0) opened.store.flush();
  }
  opened.store.close();
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`);
}

/**
 * Asks for the last of them, for to list a hundred thousand takes the kernel's tool a second; then for all, which must be there.
 * @param others how many more are banned
 * @returns the moment at which the last was there
 */
async function inKernel(banned: readonly string[], others: number): Promise<number> {
  const set = ["inet", "f2b-table", `addr-set-${JAIL}`];
  for (const end = performance.now() + PATIENCE * 1000; performance.now() < end; await pause(10)) {
    if ((await nft(["get", "element", ...set, `{ ${banned.at(-1) ?? ""} }`])) === null) continue;
    const moment = performance.now();
    const held = (await nft(["list", "set", ...set]))?.match(/\d+\.\d+\.\d+\.\d+/g)?.length ?? 0;
    if (held >= banned.length + others) return moment;
  }
  throw new Error(`waited ${PATIENCE} s for ${banned.length} bans in the kernel`);
}

/** @returns what it printed; null when it failed */
async function nft(words: readonly string[]): Promise<string | null> {
  const { stdout } = await run("nft", words, { maxBuffer: 1 << 28 }).catch(() => ({ stdout: null }));
  return stdout;
}

async function inFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bans-"));
  mkdirSync(join(folder, "filter.d"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await run("nft", ["flush", "ruleset"]);
  }
}

function seconds(value = NaN): Figure {
  return { value, unit: "s" };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "by-command": { type: "string", default: "1000" },
      restored: { type: "string", default: "10000" },
      growth: { type: "string", default: "100000" },
      rounds: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
    },
  });
  furnish();
  const rows = await measure({
    byCommand: Number(values["by-command"]),
    restored: Number(values.restored),
    growth: Number(values.growth),
    rounds: Number(values.rounds),
  });
  if (values.json) console.log(JSON.stringify(rows));
  else printRows(rows);
}

if (import.meta.main)
  if (isAlone()) await main();
  else process.exitCode = (await runAlone(import.meta.filename, process.argv.slice(2), "inherit")).status;
