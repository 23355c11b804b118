/**
 * Start and reload with Debian's whole configuration, every jail on and with a log of its own: from the start of the process until the last
 * jail runs, and `fail2ban-client reload` as a whole process, when nothing and when one jail has changed. Ours and the original in turns.
 *
 *     sh scripts/with-node.sh bench/reload.ts [--runs 5]
 *
 * As root in a network namespace of each server's own: no firewall of the machine is touched.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { oracleConfig, oracleLacks, oracleProgram } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { runProcess } from "./process.ts";
import { printRows, type Row } from "./row.ts";
import { memoryOf, quantile, startMeasured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

interface Contender extends Theirs {
  readonly client: readonly string[];
  /** Milliseconds. */
  readonly start: number[];
  readonly unchanged: number[];
  readonly changed: number[];
  /** Megabytes after the reloads. */
  readonly resident: number[];
}

/** @param runs of each */
export async function benchReload(runs: number): Promise<readonly Row[]> {
  const lacks = oracleLacks();
  if (lacks !== null) {
    console.log(`nothing to read: ${lacks}`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-reload-"));
  try {
    const { server, client } = await install(folder);
    const ours = contender({ command: [server], environment: {} }, [client]);
    const original = theirs();
    const other = "lacks" in original ? null : contender(original, oracleProgram("client"));
    const load = loadavg()[0] ?? 0;
    let jails = 0;
    for (let run = 0; run < runs; run += 1)
      for (const one of other === null ? [ours] : [ours, other]) jails = await once(one, folder);
    const row = (what: "start" | "unchanged" | "changed" | "resident", words: string): Row => ({
      question: `${words} with ${jails} jails`,
      ours: { value: quantile(ours[what], 0.5), unit: what === "resident" ? "MB" : "ms" },
      original: other === null ? null : { value: quantile(other[what], 0.5), unit: what === "resident" ? "MB" : "ms" },
      note: `median of ${runs} runs in turns, load ${load.toFixed(1)}`,
    });
    return [
      row("start", "from the start until the last jail runs"),
      row("unchanged", "fail2ban-client reload, nothing changed,"),
      row("changed", "fail2ban-client reload, one jail changed,"),
      row("resident", "memory after these reloads"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contender({ command, environment }: Theirs, client: readonly string[]): Contender {
  const alone = process.getuid?.() === 0 && spawnSync("unshare", ["--net", "true"]).status === 0;
  const words = alone ? ["unshare", "--net", ...command] : command;
  return { command: words, environment, client, start: [], unchanged: [], changed: [], resident: [] };
}

/** @returns the number of jails. */
async function once(one: Contender, folder: string): Promise<number> {
  const place = mkdtempSync(join(folder, "run-"));
  cpSync(oracleConfig, place, { recursive: true });
  rmSync(join(place, "jail.d"), { recursive: true, force: true });
  const sections = readFileSync(join(place, "jail.conf"), "utf8").matchAll(/^\[([^\]]+)\]$/gm);
  const jails = [...sections].map(([, name = ""]) => name).filter((name) => name !== "INCLUDES" && name !== "DEFAULT");
  const local = jails.map((name) => `[${name}]\nenabled = true\nbackend = auto\nlogpath = {folder}/logs/${name}\n`);
  const files = { "jail.local": local.join(""), ...Object.fromEntries(jails.map((name) => [`logs/${name}`, ""])) };
  const began = performance.now();
  const server = await startMeasured(one, place, files, jails.at(-1) ?? "");
  one.start.push(performance.now() - began);
  try {
    const reload = async (took: number[]): Promise<void> => {
      const words = [...one.client, "-c", place, "-s", join(place, "s"), "-p", join(place, "p"), "reload"];
      const { seconds, status, output } = await runProcess(words, one.environment, 120);
      if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}: ${output.slice(-500)}`);
      took.push(seconds * 1000);
    };
    await reload(one.unchanged);
    mkdirSync(join(place, "jail.d"));
    writeFileSync(join(place, "jail.d/changed.local"), `[${jails[0] ?? ""}]\nmaxretry = 9\n`);
    await reload(one.changed);
    one.resident.push(memoryOf(server.pid).resident);
  } finally {
    await server.stop();
    rmSync(place, { recursive: true, force: true });
  }
  return jails.length;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, quick: { type: "boolean" } } });
  printRows(await benchReload(values.quick === true ? 1 : Number(values.runs)));
}
