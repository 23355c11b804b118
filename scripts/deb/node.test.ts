/** The program node of a package: it runs, and watches its locks no more. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { placeOf, putNode } from "./node.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-node-"));
const put = join(folder, "node");
after(() => rmSync(folder, { recursive: true, force: true }));

test("of Node's program four bytes change, where its variable stands, and it runs", () => {
  assert.deepEqual(putNode(process.execPath, put, ["true"]), []);
  const [before, behind] = [readFileSync(process.execPath), readFileSync(put)];
  const at = placeOf(before, "synch_deadlock_detection") ?? 0;
  assert.deepEqual([at > 0, before.readInt32LE(at), behind.readInt32LE(at)], [true, 2, 0]);
  behind.copy(before, at, at, at + 4);
  assert.ok(before.equals(behind), "nothing else has changed");
  assert.equal(statSync(put).mode, statSync(process.execPath).mode);
});

test("a Node of a package has a megabyte less", () => {
  const anonymous = (node: string): number => {
    const ask = `require("fs").readFileSync("/proc/self/smaps_rollup", "latin1")`;
    const { stdout } = spawnSync(node, ["-p", ask], { encoding: "utf8" });
    return Number(/^Anonymous: +(\d+) kB$/m.exec(stdout)?.[1]);
  };
  const [without, usual] = [anonymous(put), anonymous(process.execPath)];
  assert.ok(without < usual - 512, `${without} kB, else ${usual} kB`);
});

test("what has no such variable is taken as it is, and that is said", () => {
  const other = join(folder, "other");
  writeFileSync(other, "#!/bin/sh\n");
  const complaints = putNode(other, put, ["false"]);
  assert.equal(complaints.length, 2);
  assert.equal(readFileSync(put, "utf8"), "#!/bin/sh\n");
});
