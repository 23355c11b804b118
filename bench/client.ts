/**
 * How long one simple command takes, as a whole process: our client (the bundle, as a package installs it), the original's, and a Node
 * that does nothing, in turns.
 *
 *     sh scripts/with-node.sh bench/client.ts [runs]
 *
 * Each client asks its own server. A machine that has other things to do makes all of them slower, and the differences larger.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { oracleProgram } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { printRows, type Row } from "./row.ts";
import { quantile, startMeasured, type Measured } from "./server.ts";
import { theirs } from "./theirs.ts";

const JAIL = {
  "jail.conf":
    "[quiet]\nenabled = true\nbackend = polling\nfilter = failed\naction = nothing\nlogpath = {folder}/read\n",
  "filter.d/failed.conf": "[Definition]\nfailregex = ^Failed from <HOST>$\n",
  "action.d/nothing.conf": "[Definition]\nactionban = true\n",
  read: "",
};

interface Way {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly took: number[];
}

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
    const ours = way([client, "-c", await start("ours", [server]), "ping"]);
    const bare = way([...node, "-e", "0"]);
    const original = theirs();
    const other =
      "lacks" in original
        ? null
        : way(
            [...oracleProgram("client"), "-c", await start("theirs", original.command, original.environment), "ping"],
            original.environment,
          );
    const ways = [bare, ours, ...(other === null ? [] : [other])];
    for (let run = 0; run < runs; run += 1) for (const one of ways) measure(one);
    const [atLeast, least] = [Math.min(...bare.took), Math.min(...ours.took)];
    const note =
      `p50 of ${runs} runs in turns, load ${(loadavg()[0] ?? 0).toFixed(1)}; a bare Node ${quantile(bare.took, 0.5).toFixed(1)} ms; ` +
      `least: ours ${least.toFixed(1)}, a bare Node ${atLeast.toFixed(1)} ms`;
    return [
      {
        question: "fail2ban-client ping, the whole process",
        ours: { value: quantile(ours.took, 0.5), unit: "ms" },
        original: other === null ? null : { value: quantile(other.took, 0.5), unit: "ms" },
        note,
      },
    ];
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function way(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Way {
  return { words, environment, took: [] };
}

function measure({ words, environment, took }: Way): void {
  const [program = "", ...rest] = words;
  const begin = performance.now();
  const { status } = spawnSync(program, rest, { env: { ...process.env, ...environment }, stdio: "ignore" });
  took.push(performance.now() - begin);
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
}

if (import.meta.main) printRows(await benchClient(Number(process.argv[2] ?? 30)));
