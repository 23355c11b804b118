/** Counting against the original's failure manager, on seeded random failures. FAIL2BAN_SEED=n repeats a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whoOf } from "../../../src/base/index.ts";
import { Tally, type Offence } from "../../../src/core/tally/index.ts";
import { without } from "../../skips.ts";
import { askPython } from "./ask.ts";
import { randomOf } from "./random.ts";

const SEED = Number(process.env["FAIL2BAN_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

type Step =
  | {
      readonly do: "add";
      readonly key: string;
      readonly at: number;
      readonly count: number;
      readonly attempts: number;
      readonly user: string;
      readonly line: readonly [string, string, string];
    }
  | { readonly do: "again"; readonly count: number }
  | { readonly do: "purge"; readonly at: number }
  | { readonly do: "take"; readonly key: string };

interface Run {
  readonly findtime: number;
  readonly maxmatches: number;
  readonly steps: readonly Step[];
}

function randomRun(random: () => number): Run {
  const below = (limit: number): number => Math.floor(random() * limit);
  const key = (): string => `192.0.2.${below(3)}`;
  let time = 0;
  const steps: Step[] = [];
  for (let i = 0; i < 40; i += 1) {
    time += below(300) + (random() < 0.3 ? 0.25 : 0);
    const kind = random();
    const line = ["", `D${i}`, " x"] as const;
    const at = random() < 0.15 ? below(time + 1) : time;
    const [count, attempts] = random() < 0.7 ? ([1, 0] as const) : ([1 + below(4), below(4)] as const);
    if (kind < 0.8) steps.push({ do: "add", key: key(), at, count, attempts, user: `u${i}`, line });
    else steps.push(kind < 0.9 ? { do: "purge", at: time } : { do: "take", key: key() });
    if (kind < 0.15) steps.push({ do: "again", count: 1 + below(4) });
  }
  return { findtime: 100 + below(900), maxmatches: below(5), steps };
}

/** The same steps through ours. A failure counted again right after it came is how the observer does it. */
function play(run: Run): unknown[] {
  const tally = new Tally({ maxretry: 1e6, findtime: run.findtime, maxmatches: run.maxmatches });
  let last: Offence | null = null;
  const seen = run.steps.map((step): unknown => {
    if (step.do === "add") {
      last = {
        who: whoOf(step.key),
        at: step.at,
        matches: [step.line],
        fields: { user: step.user },
        attempts: step.attempts,
      };
      return tally.add(last, step.count);
    }
    if (step.do === "again") return last === null ? 0 : tally.add(last, step.count, true);
    if (step.do === "purge") {
      tally.purge(step.at);
      return tally.size;
    }
    const held = tally.pop(whoOf(step.key));
    return held && [held.since, held.failures, held.matches, held.fields["user"]];
  });
  return [...seen, tally.total];
}

test(
  `random failures are counted as the original counts them (seed ${SEED})`,
  { skip: without("python3", "oracle") },
  () => {
    const random = randomOf(SEED);
    const runs = Array.from({ length: 300 }, () => randomRun(random));
    const answers = askPython({ do: "count", runs }) as readonly unknown[][];
    runs.forEach((run, i) => assert.deepEqual(play(run), answers[i], JSON.stringify(run)));
  },
);
