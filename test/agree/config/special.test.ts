/** Things in place of files: links to nothing, directories, files of other names. Both programs must make the same of them. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { note } from "../../ledger.ts";
import { ourDump, theirDump } from "./ours.ts";
import { inDirectory, missing, startOracle, unpack, type Oracle } from "./oracle.ts";

let oracle: Oracle;

before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

const BASE = `--- jail.conf
[a]
enabled = true
filter = f
action = x
--- filter.d/f.conf
[Definition]
failregex = ^bad <HOST>$
--- action.d/x.conf
[Definition]
actionban = true
`;

const CASES: readonly (readonly [what: string, make: (path: (name: string) => string) => void])[] = [
  ["jail.local is a link to nothing", (path) => symlinkSync("nowhere", path("jail.local"))],
  ["a filter's .local is a link to nothing", (path) => symlinkSync("nowhere", path("filter.d/f.local"))],
  [
    "a filter is a link to nothing",
    (path) => {
      rmSync(path("filter.d/f.conf"));
      symlinkSync("nowhere", path("filter.d/f.conf"));
    },
  ],
  [
    "jail.d holds a link to nothing",
    (path) => {
      mkdirSync(path("jail.d"));
      symlinkSync("nowhere", path("jail.d/b.conf"));
    },
  ],
  [
    "jail.local is a link to a file",
    (path) => {
      writeFileSync(path("elsewhere"), "[a]\nbantime = 5m\n");
      symlinkSync("elsewhere", path("jail.local"));
    },
  ],
  ["jail.d is a file", (path) => writeFileSync(path("jail.d"), "[a]\nbantime = 5m\n")],
  ["jail.d is empty", (path) => mkdirSync(path("jail.d"))],
  [
    "there is a file that no ending fits",
    (path) => {
      mkdirSync(path("jail.d"));
      writeFileSync(path("jail.d/b.conf~"), "[a]\nbantime = 5m\n");
      writeFileSync(path("jail.d/.hidden.conf"), "[a]\nbantime = 5m\n");
    },
  ],
];

for (const [what, make] of CASES)
  test(what, { skip: missing }, () =>
    inDirectory(async (directory) => {
      unpack(BASE, directory);
      make((name) => join(directory, name));
      assert.deepEqual(ourDump(directory), theirDump(await oracle.client(["-c", directory, "-d"])));
    }),
  );

test(
  "a directory in place of a file is passed over by 1.0.2, refused by later versions and by ours",
  { skip: missing },
  () =>
    inDirectory(async (directory) => {
      unpack(BASE, directory);
      mkdirSync(join(directory, "jail.local"));
      assert.ok(theirDump(await oracle.client(["-c", directory, "-d"])).ok);
      assert.deepEqual(ourDump(directory), { stream: null, reason: "Read jails configuration failed.", ok: false });
      note("difference", "a file that cannot be read is an error, as in later versions");
    }),
);
