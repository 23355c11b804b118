/**
 * How long one simple command takes, as a whole process: our client (the bundle, as a package installs it), the original's, and a Node
 * that does nothing, in turns.
 *
 *     sh scripts/with-node.sh bench/client.ts [runs]
 *
 * Each client asks its own server. A machine that has other things to do makes all of them slower, and the differences larger.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { oracleProgram } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { printRows, type Row } from "./row.ts";
import { startMeasured, type Measured } from "./server.ts";
import { theirs } from "./theirs.ts";
import { timeWhole, type Took, type Whole } from "./whole.ts";

const JAIL = {
  "jail.conf":
    "[quiet]\nenabled = true\nbackend = polling\nfilter = failed\naction = nothing\nlogpath = {folder}/read\n",
  "filter.d/failed.conf": "[Definition]\nfailregex = ^Failed from <HOST>$\n",
  "action.d/nothing.conf": "[Definition]\nactionban = true\n",
  read: "",
};

const NONE: Took = { median: NaN, least: NaN };

/** @param runs of each */
export async function benchClient(runs: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-client-"));
  const servers: Measured[] = [];
  const start = async (name: string, command: readonly string[], environment = {}): Promise<string> => {
    const place = join(folder, name);
    mkdirSync(place);
    servers.push(await startMeasured({ command, environment }, place, JAIL, "quiet"));
    return place;
  };
  try {
    const { client, server, node } = await install(folder);
    const ours: Whole = { words: [client, "-c", await start("ours", [server]), "ping"] };
    const bare: Whole = { words: [...node, "-e", "0"] };
    const original = theirs();
    const ways = [bare, ours];
    if (!("lacks" in original)) {
      const place = await start("theirs", original.command, original.environment);
      const environment = { ...process.env, ...original.environment };
      ways.push({ words: [...oracleProgram("client"), "-c", place, "ping"], environment });
    }
    const [nothing = NONE, took = NONE, other = null] = timeWhole(ways, runs);
    const note =
      `p50 of ${runs} runs in turns, load ${(loadavg()[0] ?? 0).toFixed(1)}; a bare Node ${nothing.median.toFixed(1)} ms; ` +
      `least: ours ${took.least.toFixed(1)}, a bare Node ${nothing.least.toFixed(1)} ms`;
    return [
      {
        question: "fail2ban-client ping, the whole process",
        ours: { value: took.median, unit: "ms" },
        original: other === null ? null : { value: other.median, unit: "ms" },
        note,
      },
    ];
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) printRows(await benchClient(Number(process.argv[2] ?? 30)));
