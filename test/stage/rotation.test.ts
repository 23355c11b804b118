/** A few rounds of the rotation torture; many are run by hand: `node test/stage/rotation-torture.ts --rounds 100`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tortureRound } from "./rotation-torture.ts";

const SEED = Number(process.env["ROTATION_SEED"] ?? Math.floor(Math.random() * 1e9));

for (const [i, mode] of ["pyinotify", "polling", "auto"].entries())
  test(`every line is read exactly once whatever is done to log and server (${mode}, seed ${SEED + i})`, async () => {
    const { missing, twice, story, lines } = await tortureRound(SEED + i, mode, 8);
    assert.deepEqual(
      { missing: missing.slice(0, 5), twice: twice.slice(0, 5) },
      { missing: [], twice: [] },
      story.join(" "),
    );
    assert.ok(lines > 0);
  });
