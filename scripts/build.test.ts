/** The bundle, as a package installs it: the client's own start, with the code that was made of it and without. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, optionsOf, START } from "./build.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bundle-"));
const config = fileURLToPath(new URL("../config", import.meta.url));
const options = optionsOf("client");
const codeOf = (program: string): string => join(folder, `${program}.${process.arch}.code`);

before(async () => void (await bundle(folder)));
after(() => rmSync(folder, { recursive: true, force: true }));

type Said = readonly [status: number | null, out: string, err: string];

function run(main: string, ...words: readonly string[]): Said {
  const said = spawnSync(process.execPath, [...options, join(folder, main), "client", ...words], { encoding: "utf8" });
  return [said.status, said.stdout, said.stderr.replace(/^\S+ \S+ /gm, "").replaceAll(/\[\d+\]/g, "[]")];
}

function runRegex(main: string, ...words: readonly string[]): Said {
  const said = spawnSync(process.execPath, [...options, join(folder, main), "regex", ...words], { encoding: "utf8" });
  return [said.status, said.stdout.replaceAll(/\[processed in .*\]/g, "[]"), said.stderr];
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
    assert.deepEqual(run(START, ...words), run("main.mjs", ...words), words.join(" "));
});

const ATTACK = "Nov 22 10:00:05 web1 sshd[812]: Failed password for root from 192.0.2.7 port 40312 ssh2";

test("fail2ban-regex of a package does as the whole program", () => {
  const log = join(folder, "auth.log");
  writeFileSync(log, `${ATTACK}\n`.repeat(3));
  const calls = [
    ["-V"],
    ["-h"],
    ["--nonsense"],
    [log],
    [log, "("],
    ["-c", config, log, "sshd"],
    [ATTACK, "root from <HOST>"],
  ];
  for (const words of [...calls, ["-c", config, `systemd-journal[journalpath=${folder}]`, "sshd"]])
    assert.deepEqual(runRegex(START, ...words), runRegex("main.mjs", ...words), words.join(" "));
});

test("the server of a package is started by its client, answers and ends, and finds its library for mail", async () => {
  const place = join(folder, "etc");
  mkdirSync(place);
  writeFileSync(join(place, "fail2ban.conf"), `[Definition]\nlogtarget = ${place}/log\ndbfile = None\n`);
  writeFileSync(join(place, "jail.conf"), "");
  const words = ["-c", place, "-s", join(place, "socket"), "-p", join(place, "pid")];
  assert.deepEqual(run(START, ...words, "start"), [0, "Server ready\n", ""]);
  assert.deepEqual(run(START, ...words, "ping"), [0, "Server replied: pong\n", ""]);
  assert.deepEqual(run(START, ...words, "stop"), [0, "Shutdown successful\n", ""]);
  const mail: unknown = await import(join(folder, "nodemailer.mjs"));
  assert.ok(typeof mail === "object" && mail !== null && "createTransport" in mail);
});

test("V8 accepts the code under the switches of the launcher", () => {
  for (const program of ["client", "regex"]) assert.equal(refusal(program), "false\n", program);
});

function refusal(program: string): string {
  const ask = `new (require("vm").Script)(require("fs").readFileSync(process.argv[1], "latin1"), { cachedData: require("fs").readFileSync(process.argv[2]) }).cachedDataRejected`;
  const words = ["-p", ask, join(folder, `${program}.js`), codeOf(program)];
  const { stdout, stderr } = spawnSync(process.execPath, [...optionsOf(program), ...words], { encoding: "utf8" });
  return stdout + stderr;
}

test("code that is damaged, or made for another Node, is passed over", () => {
  const code = codeOf("client");
  const expected = run("main.mjs", "-c", config, "-d");
  writeFileSync(code, readFileSync(code).fill(7, 0, 64));
  assert.deepEqual(run(START, "-c", config, "-d"), expected);
  rmSync(code);
  assert.deepEqual(run(START, "-c", config, "-d"), expected);
});

test("a log in an Asian encoding is read by the table that lies apart", () => {
  const log = join(folder, "log");
  const line = "Nov 22 10:00:05 web1 sshd[812]: Failed password for \x83e from 192.0.2.7 port 40312 ssh2\n";
  writeFileSync(log, Buffer.from(line, "latin1"));
  const words = ["-e", "shift_jis", "-o", "<F-USER>", log, "Failed password for <F-USER>.*</F-USER> from <HOST>"];
  for (const main of ["main.mjs", START]) assert.deepEqual(runRegex(main, ...words), [0, "\u30c6\n", ""], main);
});
