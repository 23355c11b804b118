/**
 * Whole processes, timed from their start to their end, in turns.
 *
 * They are started by a program of a few lines of Python, which the original needs anyway: a Node that starts a process copies the tables of its own
 * memory first, which takes 7 ms, more than some of what is measured here.
 */
import { spawnSync } from "node:child_process";
import { quantile } from "./server.ts";

export interface Whole {
  readonly words: readonly string[];
  /** That of this process, if none is given. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Milliseconds. */
export interface Took {
  readonly median: number;
  readonly least: number;
}

const TIMER = `
import json, os, subprocess, sys, time
os.sync()  # of the programs that were just put there
runs, ways = json.load(sys.stdin)
took = [[] for _ in ways]
for _ in range(runs):
    for way, times in zip(ways, took):
        begin = time.perf_counter()
        ended = subprocess.run(way["words"], env=way["environment"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - begin) * 1000)
        if ended.returncode != 0: sys.exit(f"{way['words']} ended with {ended.returncode}")
json.dump(took, sys.stdout)
`;

/** @param runs of each @returns what each took, in the order of `ways` */
export function timeWhole(ways: readonly Whole[], runs: number): readonly Took[] {
  const asked = ways.map(({ words, environment = process.env }) => ({ words, environment }));
  const timer = spawnSync("/usr/bin/python3", ["-c", TIMER], {
    input: JSON.stringify([runs, asked]),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (timer.status !== 0) throw new Error(`the processes could not be timed: ${timer.stderr.trim()}`);
  const took = JSON.parse(timer.stdout) as readonly (readonly number[])[];
  return took.map((times) => ({ median: quantile(times, 0.5), least: Math.min(...times) }));
}
