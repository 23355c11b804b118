/**
 * How many bytes a server keeps for each remembered ban and for each offender it counts, ours and the original: what the resident memory of a
 * server has grown by, once everybody is in and nothing happens any more.
 *
 *     sh scripts/with-node.sh bench/memory.ts [--many 100000] [--ours]
 *
 * One jail without an action, a database, 50 matches at most: bans by command, offenders by a log with one line each.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openLink } from "../src/api/control/index.ts";
import { printRows, type Row } from "./row.ts";
import { memoryOf, ours, pause, startMeasured, type Measured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const JAIL = "bench";
/** Bans given by one command. */
const AT_ONCE = 1000;
/** Milliseconds between two looks at a memory that should have settled, and looks that must agree to a megabyte. */
const LOOK = { every: 1000, agreeing: 6 } as const;
const MEGABYTE = 1024 * 1024;

/** @param many bans, and offenders @param alone without the original */
export async function memoryRows(many: number, alone = false): Promise<readonly Row[]> {
  const original = theirs();
  const other = alone || "lacks" in original ? null : original;
  const row = async (question: string, ask: (program: Theirs) => Promise<number>): Promise<Row> => ({
    question,
    ours: { value: await ask(ours), unit: "bytes" },
    original: other === null ? null : { value: await ask(other), unit: "bytes" },
    note: "growth of the resident memory, settled",
  });
  return [
    await row(`memory of each of ${many} bans`, (program) => ofBans(program, many)),
    await row(`memory of each of ${many} offenders counted`, (program) => ofOffenders(program, many)),
  ];
}

function ofBans(program: Theirs, many: number): Promise<number> {
  return growth(program, many, "", async (folder) => {
    const link = await openLink(join(folder, "s"));
    for (let n = 0; n < many; n += AT_ONCE) {
      const reply = await link.ask(["set", JAIL, "banip", ...addresses(n, Math.min(many, n + AT_ONCE))]);
      if (reply.is !== "value") throw new Error("a command was refused");
    }
    await link.close();
  });
}

function ofOffenders(program: Theirs, many: number): Promise<number> {
  const at = new Date().toISOString().slice(0, 19);
  const lines = addresses(0, many).map((ip) => `${at}Z web1 app[12]: Failed password from ${ip}\n`);
  return growth(program, many, lines.join(""), async (folder) => {
    const link = await openLink(join(folder, "s"));
    await link.ask(["set", JAIL, "addlogpath", `${folder}/full`, "head"]);
    const counted = async (): Promise<boolean> => JSON.stringify(await link.ask(["status", JAIL])).includes(`${many}`);
    while (!(await counted())) await pause(200);
    await link.close();
  });
}

/** @returns bytes for each */
async function growth(
  program: Theirs,
  many: number,
  full: string,
  work: (folder: string) => Promise<void>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-memory-"));
  try {
    const server = await startMeasured(
      program,
      folder,
      {
        "filter.d/failed.conf": "[Definition]\nfailregex = Failed password from <HOST>$\n",
        full,
        log0: "",
        "jail.conf": `[${JAIL}]\nenabled = true\nfilter = failed\nlogpath = {folder}/log0\nbackend = polling\nbantime = 1d\nfindtime = 1d\nmaxretry = 50\nignoreself = false\naction =\n`,
      },
      JAIL,
    );
    const before = await settled(server);
    await work(folder);
    const after = await settled(server);
    await server.stop();
    return ((after - before) * MEGABYTE) / many;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Megabytes resident when they have stopped changing. */
async function settled(server: Measured): Promise<number> {
  let last: number[] = [];
  while (last.length < LOOK.agreeing || Math.max(...last) - Math.min(...last) > 1) {
    await pause(LOOK.every);
    last = [...last.slice(1 - LOOK.agreeing), memoryOf(server.pid).resident];
  }
  return last.at(-1) ?? NaN;
}

function addresses(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const n = from + i;
    return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { many: { type: "string", default: "100000" }, ours: { type: "boolean", default: false } },
  });
  printRows(await memoryRows(Number(values.many), values.ours));
}
