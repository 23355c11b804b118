import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ourDump, theirDump } from "./ours.ts";
import { inDirectory, missing, startOracle, unpack, type Oracle } from "./oracle.ts";

const folder = join(import.meta.dirname, "../../fixtures/config");
let oracle: Oracle;

before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

for (const name of readdirSync(folder)
  .filter((entry) => entry.endsWith(".txt"))
  .toSorted()) {
  const text = readFileSync(join(folder, name), "utf8");
  const [heading = name] = text.split("\n");
  test(`${name.replace(/\.txt$/, "")}: ${heading.replace(/^# /, "")}`, { skip: missing }, () =>
    inDirectory(async (directory) => {
      unpack(text, directory);
      assert.deepEqual(ourDump(directory), theirDump(await oracle.client(["-c", directory, "-d"])));
      assert.deepEqual(ourDump(directory, true), theirDump(await oracle.client(["-c", directory, "--dp"])));
    }),
  );
}
