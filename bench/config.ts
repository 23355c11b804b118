/**
 * Reading Debian's whole configuration with all its jails: `fail2ban-client -d` of ours (the bundle, as a package installs it) and of
 * the original, whole processes in turns, on the same files.
 *
 *     sh scripts/with-node.sh bench/config.ts [runs]
 *
 * The original has its modules compiled beforehand, as Debian's package installs them. What both print must be the same, but for the one
 * value in which 1.0.2 and later versions differ.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { oracleConfig, oracleEnvironment, oracleLacks, oracleProgram } from "../test/oracle.ts";
import { install } from "./installed.ts";
import { printRows, type Row } from "./row.ts";
import { timeWhole, type Took, type Whole } from "./whole.ts";

const NONE: Took = { median: NaN, least: NaN };

/** @param runs of each @returns nothing where the original, whose files these are, is not there */
export async function benchConfig(runs: number): Promise<readonly Row[]> {
  const lacks = oracleLacks();
  if (lacks !== null) {
    console.log(`nothing to read: ${lacks}`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-config-"));
  try {
    const conf = join(folder, "etc");
    const jails = enableAll(conf);
    const { client } = await install(folder);
    const { PYTHONDONTWRITEBYTECODE: _, ...environment } = { ...process.env, ...oracleEnvironment };
    const dump = ["-c", conf, "-d"];
    const ours: Whole = { words: [client, ...dump] };
    const theirs: Whole = {
      words: [...oracleProgram("client"), ...dump],
      environment: { ...environment, PYTHONPYCACHEPREFIX: join(folder, "compiled") },
    };
    compare(read(ours), read(theirs));
    const [our = NONE, their = NONE] = timeWhole([ours, theirs], runs);
    const load = (loadavg()[0] ?? 0).toFixed(1);
    return [
      {
        question: `reading a configuration with ${jails} jails (fail2ban-client -d)`,
        ours: { value: our.median, unit: "ms" },
        original: { value: their.median, unit: "ms" },
        note: `p50 of ${runs} runs in turns, load ${load}; least: ours ${our.least.toFixed(0)}, the original ${their.least.toFixed(0)} ms`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the number of jails. */
function enableAll(conf: string): number {
  cpSync(oracleConfig, conf, { recursive: true });
  const log = join(conf, "one.log");
  writeFileSync(log, "");
  const sections = readFileSync(join(conf, "jail.conf"), "utf8").matchAll(/^\[([^\]]+)\]$/gm);
  const jails = [...sections].map(([, name = ""]) => name).filter((name) => name !== "INCLUDES" && name !== "DEFAULT");
  const enabled = jails.map((name) => `[${name}]\nenabled = true\nlogpath = ${log}\n`);
  writeFileSync(join(conf, "jail.local"), enabled.join(""));
  return jails.length;
}

function read({ words, environment = process.env }: Whole): string {
  const [program = "", ...rest] = words;
  const { status, stdout } = spawnSync(program, rest, { env: environment, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
  return stdout;
}

/** docs/DIFFERENCES.md, Configuration: what later versions read otherwise than 1.0.2. */
function compare(our: string, their: string): void {
  const later = their.replace(
    /^(\['multi-set', 'pass2allow-ftp',.*\['blocktype\?family=inet6', ')REJECT --reject-with icmp6-port-unreachable'/m,
    "$1RETURN'",
  );
  if (our !== later || our === their) throw new Error("the two do not print what they should");
}

if (import.meta.main) printRows(await benchConfig(Number(process.argv[2] ?? 15)));
