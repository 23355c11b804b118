/** The bundle, as a package installs it: the client's own start, with the code that was made of it and without. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, mainOf, optionsOf } from "./build.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bundle-"));
const config = fileURLToPath(new URL("../config", import.meta.url));
const options = optionsOf("client");
const code = join(folder, `client.${process.arch}.code`);

before(async () => void (await bundle(folder)));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(main: string, ...words: readonly string[]): readonly [status: number | null, out: string, err: string] {
  const said = spawnSync(process.execPath, [...options, join(folder, main), "client", ...words], { encoding: "utf8" });
  return [said.status, said.stdout, said.stderr.replace(/^\S+ \S+ /gm, "").replaceAll(/\[\d+\]/g, "[]")];
}

test("the client of a package does as the whole program, whichever of the two carries a command out", () => {
  const nowhere = ["-s", join(folder, "no"), "-p", join(folder, "no"), "-c", config];
  const calls = [
    ["--version"],
    ["--str2sec", "1d"],
    ["--what"],
    ["-c", config, "-d"],
    ["-c", config, "--dp"],
    [...nowhere, "ping"],
  ];
  for (const words of [...calls, [...nowhere, "ping", "x"], ["-c", "/nonexistent", "status"], ["-c", config, "-t"], []])
    assert.deepEqual(run(mainOf("client"), ...words), run("main.mjs", ...words), words.join(" "));
});

test("V8 accepts the code under the switches of the launcher", () => {
  const ask = `new (require("vm").Script)(require("fs").readFileSync(process.argv[1], "latin1"), { cachedData: require("fs").readFileSync(process.argv[2]) }).cachedDataRejected`;
  const said = spawnSync(process.execPath, [...options, "-p", ask, join(folder, "client.js"), code], {
    encoding: "utf8",
  });
  assert.equal(said.stdout, "false\n", said.stderr);
});

test("code that is damaged, or made for another Node, is passed over", () => {
  const expected = run("main.mjs", "-c", config, "-d");
  writeFileSync(code, readFileSync(code).fill(7, 0, 64));
  assert.deepEqual(run(mainOf("client"), "-c", config, "-d"), expected);
  rmSync(code);
  assert.deepEqual(run(mainOf("client"), "-c", config, "-d"), expected);
});

test("a log in an Asian encoding is read by the table that lies apart", () => {
  const log = join(folder, "log");
  const line = "Nov 22 10:00:05 web1 sshd[812]: Failed password for \x83e from 192.0.2.7 port 40312 ssh2\n";
  writeFileSync(log, Buffer.from(line, "latin1"));
  const words = [
    "regex",
    "-e",
    "shift_jis",
    "-o",
    "<F-USER>",
    log,
    "Failed password for <F-USER>.*</F-USER> from <HOST>",
  ];
  const said = spawnSync(process.execPath, [...options, join(folder, "main.mjs"), ...words], { encoding: "utf8" });
  assert.equal(said.stdout, "\u30c6\n", said.stderr);
});
