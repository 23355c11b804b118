/** Asks oracle.py, which runs the original's database and Python's arithmetic. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { oracleEnvironment } from "../../oracle.ts";

export function askPython(request: object): unknown {
  const child = spawnSync("/usr/bin/python3", [fileURLToPath(new URL("oracle.py", import.meta.url))], {
    input: JSON.stringify(request),
    env: { ...process.env, ...oracleEnvironment, LC_ALL: "C.UTF-8" },
    encoding: "utf8",
    maxBuffer: 1 << 26,
    timeout: 60_000,
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}
