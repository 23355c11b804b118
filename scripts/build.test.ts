/** The bundle, as a package installs it: the client's own start, with the code that was made of it and without. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundle, optionsOf, START } from "./build.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bundle-"));
const config = fileURLToPath(new URL("../config", import.meta.url));
const options = optionsOf("client");
const dumping = optionsOf("dump");
const codeOf = (program: string): string => join(folder, `${program}.${process.arch}.code`);

before(async () => void (await bundle(folder)));
after(() => rmSync(folder, { recursive: true, force: true }));

type Said = readonly [status: number | null, out: string, err: string];

function run(main: string, ...words: readonly string[]): Said {
  const [name, switches] = words.some((word) => /^-(?:d|-dp)$/.test(word)) ? ["dump", dumping] : ["client", options];
  const said = spawnSync(process.execPath, [...switches, join(folder, main), name, ...words], { encoding: "utf8" });
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
    ["-c", config, "-t", "-d"],
    ["-c", config, "-d", "--version"],
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

test("a package's server in the foreground reads its configuration again on SIGHUP, and keeps nothing of what has read it", async () => {
  const place = join(folder, "again");
  mkdirSync(join(place, "filter.d"), { recursive: true });
  writeFileSync(join(place, "fail2ban.conf"), `[Definition]\nlogtarget = ${place}/log\ndbfile = None\n`);
  writeFileSync(join(place, "filter.d/f.conf"), "[Definition]\nfailregex = ^x <HOST>$\n");
  writeFileSync(join(place, "auth.log"), "");
  const jail = (name: string): string =>
    `[${name}]\nenabled = true\nbackend = polling\nfilter = f\nlogpath = ${place}/auth.log\naction =\n`;
  writeFileSync(join(place, "jail.conf"), jail("one"));
  const words = ["-c", place, "-s", join(place, "socket"), "-p", join(place, "pid")];
  const server = spawn(
    process.execPath,
    [
      ...[...optionsOf("server"), "--heapsnapshot-signal=SIGUSR2", `--diagnostic-dir=${place}`, join(folder, START)],
      ...["server", "-f", ...words, "start"],
    ],
    { stdio: "ignore" },
  );
  const ended = once(server, "exit");
  try {
    const logged = (): string => (existsSync(join(place, "log")) ? readFileSync(join(place, "log"), "utf8") : "");
    await until(() => logged().includes("Jail 'one' started"));
    writeFileSync(join(place, "jail.conf"), jail("one") + jail("two"));
    server.kill("SIGHUP");
    await until(() => logged().includes("Jail 'two' started"));
    await pause(5000); // from then on it has put its memory in order (src/daemon/thrift.ts)
    assert.deepEqual(await scriptsOf(server, place), ["daemon.js"]);
  } finally {
    server.kill("SIGTERM");
  }
  assert.deepEqual(await ended, [0, null]);
  const missing = spawnSync(process.execPath, [...options, join(folder, START), "server", "-f", "-c", "/nonexistent"]);
  assert.equal(missing.status, 255);
});

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!holds()) {
    assert.ok(performance.now() < end, "it took too long");
    await pause(50);
  }
}

/** The package's scripts of which a process still has something. @param place where its snapshots go */
async function scriptsOf(server: ChildProcess, place: string): Promise<readonly string[]> {
  server.kill("SIGUSR2");
  const snapshot = (): string | undefined => readdirSync(place).find((name) => name.endsWith(".heapsnapshot"));
  const whole = (): string => readFileSync(join(place, snapshot() ?? ""), "utf8");
  await until(() => snapshot() !== undefined && whole().trimEnd().endsWith("]}"));
  return ["server.js", "daemon.js"].filter((name) => whole().includes(`"${join(folder, name)}"`));
}

test("V8 accepts the code under the switches of the launcher", () => {
  for (const program of ["client", "dump", "regex"] as const) assert.equal(refusal(program), "false\n", program);
});

function refusal(program: "client" | "dump" | "regex"): string {
  const ask = `new (require("vm").Script)(require("fs").readFileSync(process.argv[1], "latin1"), { cachedData: require("fs").readFileSync(process.argv[2]) }).cachedDataRejected`;
  const words = ["-p", ask, join(folder, `${program}.js`), codeOf(program)];
  const { stdout, stderr } = spawnSync(process.execPath, [...optionsOf(program), ...words], { encoding: "utf8" });
  return stdout + stderr;
}

test("code that is damaged, or made for another Node, is passed over", () => {
  for (const [program, ...words] of [
    ["dump", "-c", config, "-d"],
    ["client", "-s", join(folder, "no"), "-c", config, "ping"],
  ] as const) {
    const code = codeOf(program);
    const expected = run("main.mjs", ...words);
    writeFileSync(code, readFileSync(code).fill(7, 0, 64));
    assert.deepEqual(run(START, ...words), expected);
    rmSync(code);
    assert.deepEqual(run(START, ...words), expected);
  }
});

test("a log in an Asian encoding is read by the table that lies apart", () => {
  const log = join(folder, "log");
  const line = "Nov 22 10:00:05 web1 sshd[812]: Failed password for \x83e from 192.0.2.7 port 40312 ssh2\n";
  writeFileSync(log, Buffer.from(line, "latin1"));
  const words = ["-e", "shift_jis", "-o", "<F-USER>", log, "Failed password for <F-USER>.*</F-USER> from <HOST>"];
  for (const main of ["main.mjs", START]) assert.deepEqual(runRegex(main, ...words), [0, "\u30c6\n", ""], main);
});
