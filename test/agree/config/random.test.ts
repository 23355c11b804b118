import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ourDump, theirDump } from "./ours.ts";
import { inDirectory, missing, startOracle, unpack, type Oracle } from "./oracle.ts";
import { randomConfiguration, seeded } from "./random.ts";

/** Replay one with SEED=… and COUNT=1. */
const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
const COUNT = Number(process.env["COUNT"] ?? 150);

let oracle: Oracle;

before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

test(
  `${COUNT} random configurations give the original's stream or its error (SEED=${SEED})`,
  { skip: missing },
  async (context) => {
    let read = 0;
    for (let at = 0; at < COUNT; at += 1) {
      const seed = SEED + at;
      const text = randomConfiguration(seeded(seed));
      await inDirectory(async (directory) => {
        unpack(text, directory);
        const theirs = theirDump(await oracle.client(["-c", directory, "-d"]));
        read += theirs.stream === null ? 0 : 1;
        assert.deepEqual(ourDump(directory), theirs, `SEED=${seed} COUNT=1 replays this one:\n${text}`);
      });
    }
    context.diagnostic(`${read} of ${COUNT} could be read, the others were refused by both; SEED=${SEED}`);
  },
);
