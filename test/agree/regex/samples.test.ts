/** Debian's filters on the sample logs of its package: report and rows as the original prints them. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { note } from "../../ledger.ts";
import { oracleConfig, oracleTree } from "../../oracle.ts";
import { without } from "../../skips.ts";
import { askOurs, evened, startOracle, type Oracle } from "./oracle.ts";

const skip = without("oracle");
const logs = join(oracleTree, "usr/lib/python3/dist-packages/fail2ban/tests/files/logs");
let oracle: Oracle;

let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "fail2ban-regex-"));
  if (skip === false) oracle = startOracle();
});
after(() => {
  oracle?.end();
  rmSync(folder, { recursive: true });
});

/** 1.0.2 does not look at a last line that has no end, the version that we follow does. */
function logOf(name: string): string {
  const path = join(logs, name);
  const bytes = readFileSync(path);
  if (bytes.at(-1) === 10) return path;
  note("normalised", "regex: last line of a file that has no end");
  const copy = join(folder, name);
  writeFileSync(copy, Buffer.concat([bytes, Buffer.from("\n")]));
  return copy;
}

/** `zzz-sshd-obsolete-multiline` and the like belong to filters of the tests alone. */
const names =
  skip === false ? readdirSync(logs).filter((name) => existsSync(`${oracleConfig}/filter.d/${name}.conf`)) : [];

/** The last set of options that the log's own annotation names: mostly the widest mode. */
function optionsOf(name: string): string {
  const written = /^# filterOptions: (.*)$/m.exec(readFileSync(join(logs, name), "latin1"))?.[1];
  if (written === undefined) return "";
  const parsed: unknown = JSON.parse(written);
  const sets: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const last = sets.at(-1);
  const pairs = typeof last === "object" && last !== null ? Object.entries(last) : [];
  const plain = pairs.filter(([key]) => !key.startsWith("test."));
  return plain.length === 0 ? "" : `[${plain.map(([key, value]) => `${key}="${String(value)}"`).join(", ")}]`;
}

const WHOLE = ["-v", "--usedns", "no", "--print-all-matched", "--print-all-ignored", "--print-all-missed"];

/** A jail of the same name is not meant: so the file's name. */
async function compare(args: readonly string[]): Promise<boolean> {
  const theirs = await oracle.ask(args);
  const ours = await askOurs(args);
  assert.equal(evened(ours.out), evened(theirs.out), `fail2ban-regex ${args.join(" ")}`);
  assert.equal(ours.code, theirs.code);
  return /\) \[[1-9]/.test(theirs.out);
}

test("each stock filter reports of its sample log what the original reports", { skip }, async (t) => {
  let told = 0;
  for (const name of names) {
    if (await compare(["-c", oracleConfig, ...WHOLE, logOf(name), `${name}.conf${optionsOf(name)}`])) told += 1;
  }
  t.diagnostic(`${names.length} logs`);
  assert.ok(names.length > 80 && told > 60, "the run proves nothing");
});

test("each stock filter prints of its sample log the rows that the original prints", { skip }, async () => {
  for (const name of names)
    await compare(["-c", oracleConfig, "--usedns", "no", "-o", "row", logOf(name), `${name}.conf`]);
});
