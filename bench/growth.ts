/**
 * What more work costs: ours alone at 1, 10 and 100 times the work. A line should cost the same, memory should not grow with the log, and
 * with the number of bans and offenders by the same bytes for each.
 *
 *     sh scripts/with-node.sh bench/growth.ts [--quick]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ingest, QUESTIONS } from "./ingest.ts";
import { install } from "./installed.ts";
import { memoryRows } from "./memory.ts";
import { runRegex } from "./regex.ts";
import { writeWorkload } from "./workload.ts";

export interface Growth {
  readonly what: string;
  readonly unit: "µs a line" | "MB at most" | "bytes each";
  /** How much work, and what one piece of it cost. */
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

const TIMES = [1, 10, 100];

/** @param base the least work: lines, bans, offenders (of whom a jail counts 200,000 at a time) */
export async function benchGrowth(base: number): Promise<readonly Growth[]> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-growth-"));
  try {
    const { server, regex } = await install(folder);
    const program = { command: [server], environment: {} };
    const [question] = QUESTIONS;
    if (question === undefined) return [];
    const series: Growth[] = [];
    const put = (what: string, unit: Growth["unit"], size: number, value: number): void => {
      const at = series.findIndex((one) => one.what === what && one.unit === unit);
      const point = { size, value };
      if (at < 0) series.push({ what, unit, points: [point] });
      else series[at] = { what, unit, points: [...(series[at]?.points ?? []), point] };
    };
    for (const size of TIMES.map((times) => base * times)) {
      const path = join(folder, "log");
      writeWorkload(path, { kind: "auth", lines: size, share: 0.9, end: Math.floor(Date.now() / 1000), seed: 42 });
      const read = await ingest(program, question, path, folder);
      put("server, a growing log", "µs a line", size, (read.seconds / size) * 1e6);
      put("server, a growing log", "MB at most", size, read.peak);
      const { seconds, peak } = await runRegex([regex], path, "sshd");
      put("fail2ban-regex", "µs a line", size, (seconds / size) * 1e6);
      put("fail2ban-regex", "MB at most", size, peak);
    }
    for (const size of TIMES.map((times) => base * times)) {
      const [bans, offenders] = await memoryRows(size, true);
      put("memory of bans", "bytes each", size, bans?.ours.value ?? NaN);
      put("memory of offenders counted", "bytes each", size, offenders?.ours.value ?? NaN);
    }
    return series;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { quick: { type: "boolean" } } });
  for (const { what, unit, points } of await benchGrowth(values.quick === true ? 1000 : 10_000))
    console.log(`${what}, ${unit}: ${points.map(({ size, value }) => `${size}: ${value.toFixed(1)}`).join(", ")}`);
}
