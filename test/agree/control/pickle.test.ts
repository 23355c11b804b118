/** Our reader and writer against Python's own: random values in every protocol, both ways. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pythonRepr, type Plain } from "../../../src/base/index.ts";
import { readRequest, writePickle } from "../../../src/api/control/pickle/index.ts";

const PYTHON = "/usr/bin/python3";
const VALUES = 400;

function python(jobs: readonly object[]): readonly Made[] {
  const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join("");
  const script = join(import.meta.dirname, "their_pickle.py");
  const { stdout, stderr, status } = spawnSync(PYTHON, [script], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  const lines = stdout.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Made);
}

interface Made {
  readonly repr: string;
  /** By protocol; only of values that Python made. */
  readonly pickles?: readonly string[];
}

test(
  "what Python writes in any protocol we read, and what we write Python reads",
  { skip: existsSync(PYTHON) ? false : `there is no ${PYTHON}` },
  () => {
    const made = python(Array.from({ length: VALUES }, (_, i) => ({ make: i })));
    const values: Plain[] = [];
    for (const { repr, pickles } of made) {
      for (const [protocol, hex] of (pickles ?? []).entries()) {
        const value = readRequest(Buffer.from(hex, "hex"));
        assert.equal(pythonRepr(value), repr, `protocol ${protocol}`);
        if (protocol === 5) values.push(value);
      }
    }
    const written = values.map((value) => writePickle(value));
    for (const bytes of written) assert.equal(bytes.includes("<F2B_END_COMMAND>"), false);
    const loaded = python(written.map((bytes) => ({ load: bytes.toString("hex") })));
    for (const [i, { repr }] of loaded.entries()) assert.equal(repr, made[i]?.repr);
  },
);
