/**
 * The original's client reads our stock actions and makes the same commands of them as ours: who goes back to it can keep the
 * folder, and includes, nested tags and variants mean what they mean there.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inDirectory, missing, startOracle, type Oracle } from "../config/oracle.ts";
import { type Dump, ourDump, theirDump } from "../config/ours.ts";

const ACTIONS = join(import.meta.dirname, "../../../config/action.d");
const linesOf = (dump: Dump): readonly string[] => (dump.stream ?? "").split("\n");
let oracle: Oracle;

before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

test("the original's client makes the same commands of our stock actions", { skip: missing }, () =>
  inDirectory(async (directory) => {
    mkdirSync(join(directory, "filter.d"));
    cpSync(ACTIONS, join(directory, "action.d"), { recursive: true });
    const names = readdirSync(ACTIONS).map((file) => file.replace(/\.conf$/, ""));
    const jails = names.flatMap((name, index) => [
      `[j${index}]`,
      "enabled = true\nfilter = x\nbackend = polling\nlogpath = /dev/null",
      `action = ${name}[name=web, port="http,https", protocol=tcp, chain="<known/chain>"]`,
    ]);
    writeFileSync(join(directory, "fail2ban.conf"), "[Definition]\n");
    writeFileSync(join(directory, "filter.d", "x.conf"), "[Definition]\nfailregex = ^x <HOST>$\n");
    writeFileSync(join(directory, "jail.conf"), `${jails.join("\n")}\n`);
    const ours = linesOf(ourDump(directory));
    const theirs = linesOf(theirDump(await oracle.client(["-c", directory, "-d"])));
    assert.equal(ours.filter((line) => line.includes("'addaction'")).length, names.length);
    for (const [index, line] of ours.entries()) assert.equal(line, theirs[index]);
    assert.equal(ours.length, theirs.length);
  }),
);
