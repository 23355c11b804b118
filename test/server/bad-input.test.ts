/** A server that cannot start says why in one clear sentence, ends with 255 and leaves nothing half-started; one bad jail never stops the others. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration, ask, ends, isReady, startServer } from "./program.ts";

function leavesNothing(folder: string): void {
  assert.ok(!existsSync(join(folder, "s")), "a socket is left");
  assert.ok(!existsSync(join(folder, "p")), "a process file is left");
}

test("a configuration folder that is not there is named", async (t) => {
  const folder = aConfiguration(t);
  const { status, said } = await ends(startServer(t, join(folder, "nope")));
  assert.equal(status, 255);
  assert.match(said, /Base configuration directory .*\/nope does not exist/);
});

test("a configuration that is no configuration is named with file and line", async (t) => {
  const folder = aConfiguration(t, { "jail.local": "enabled = true\n" });
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /jail\.local:1: text before the first \[section\]/);
  leavesNothing(folder);
});

test("jails with mistakes are named with file and line and left out, the others guard", async (t) => {
  const folder = aConfiguration(t, {
    "jail.local":
      "[nofilter]\nenabled = true\nfilter = nosuch\nlogpath = {folder}/log\naction = nothing\n" +
      "[nolog]\nenabled = true\nfilter = good\nlogpath = {folder}/nosuch.log\naction = nothing\n" +
      "[noregex]\nenabled = true\nfilter = good\nfailregex = (\nlogpath = {folder}/log\naction = nothing\n",
  });
  const run = startServer(t, folder);
  await isReady(run);
  assert.match((await ask(folder, "status")).out, /Number of jail:\t1\n`- Jail list:\tgood/);
  assert.match(run.said(), /jail\.local:3: \[nofilter\] Unable to read the filter 'nosuch'/);
  assert.match(run.said(), /\[nolog\] Have not found any log file for 'nolog' jail/);
  assert.match(run.said(), /jail\.local:14: \[noregex\] failregex: Unable to compile regular expression '\('/);
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
  leavesNothing(folder);
});

test("a start by the client tells refused values with file and line, as -t does", async (t) => {
  const folder = aConfiguration(t, {
    "fail2ban.local": "[Definition]\nlogtarget = {folder}/f2b.log\n",
    "jail.local":
      "[DEFAULT]\nenabled = true\nfilter = good\nlogpath = {folder}/log\naction = nothing\n" +
      "[noregex]\nfailregex = ^ok <HOST>$\n  (\n[nospan]\nfindtime = 10q\n[notwice]\naction = nothing\n  nothing\n",
  });
  const told = [
    /jail\.local:8: \[noregex\] failregex: Unable to compile regular expression '\('/,
    /jail\.local:10: \[nospan\] findtime: .* — write a duration such as 10m/,
    /jail\.local:12: \[notwice\] action: Action nothing already exists/,
  ];
  try {
    for (const word of ["start", "restart"]) {
      const { status, out, err } = await ask(folder, word);
      assert.deepEqual([status, out.split("\n").at(-2)], [0, "Server ready"]);
      for (const one of told) assert.match(err, one);
      assert.equal(err.match(/ERROR/g)?.length, told.length, err);
      assert.match((await ask(folder, "status")).out, /Number of jail:\t1\n`- Jail list:\tgood/);
    }
  } finally {
    assert.equal((await ask(folder, "stop")).status, 0);
  }
  const tested = await ask(folder, "-t");
  for (const one of told) assert.match(tested.err, one);
});

test("what is doubtful is told once, however many jails share it", async (t) => {
  const jail = (name: string): string =>
    `[${name}]\nenabled = true\nfilter = good\nlogpath = {folder}/log\naction = nothing\n`;
  const folder = aConfiguration(t, {
    "jail.local": `[good]\nmaxfailures = 5\nignoreip = 172.17.0.0/24\n${jail("two")}${jail("three")}`,
    "filter.d/good.local": "[Definition]\nfailregexp = x\n",
    "fail2ban.local": "[Definition]\nlogtarget = {folder}/f2b.log\n",
  });
  const each = [
    /WARNING .*jail\.local:2: \[good\] nothing reads the option "maxfailures"/g,
    /WARNING .*good\.local:2: nothing reads the option "failregexp"/g,
  ];
  const once = (text: string, where: string): void => {
    for (const one of each) assert.equal(text.match(one)?.length, 1, `${where}: ${text}`);
  };
  once((await ask(folder, "-t")).err, "-t");
  assert.equal((await ask(folder, "-v", "-t")).err.match(/NOTICE .*172\.17\.0\.0\/24 covers/g)?.length, 1);
  try {
    once((await ask(folder, "start")).err, "start by the client");
  } finally {
    assert.equal((await ask(folder, "stop")).status, 0);
  }
  const run = startServer(t, folder, "--logtarget", "STDOUT");
  await isReady(run);
  run.child.kill("SIGTERM");
  once((await ends(run)).said, "start in the foreground");
});

test("a start by the client that finds nothing wrong says nothing", async (t) => {
  const folder = aConfiguration(t, { "fail2ban.local": "[Definition]\nlogtarget = {folder}/f2b.log\n" });
  try {
    assert.deepEqual(await ask(folder, "start"), { status: 0, out: "Server ready\n", err: "" });
  } finally {
    assert.equal((await ask(folder, "stop")).status, 0);
  }
});

test("with every jail broken nothing is started", async (t) => {
  const folder = aConfiguration(t, { "jail.local": "[good]\nfilter = nosuch\n" });
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /Unable to read the filter 'nosuch'/);
  leavesNothing(folder);
});

test("a database that cannot be opened is named, and nothing is left behind", async (t) => {
  const folder = aConfiguration(t, { "d.sqlite3/keep": "" });
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /d\.sqlite3/);
  assert.ok(existsSync(join(folder, "d.sqlite3/keep")));
  leavesNothing(folder);
});

test("a socket in use is told, and the server that uses it goes on", async (t) => {
  const folder = aConfiguration(t);
  const first = startServer(t, folder);
  await isReady(first);
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /Server already running/);
  assert.equal((await ask(folder, "ping")).out, "Server replied: pong\n");
  first.child.kill("SIGTERM");
  assert.equal((await ends(first)).status, 0);
});

test("a socket file that was left over is told, and -x takes its place", async (t) => {
  const folder = aConfiguration(t, { s: "" });
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /unexpected state \(not running but the socket exists\)/);
  const forced = startServer(t, folder, "-x");
  await isReady(forced);
  forced.child.kill("SIGTERM");
  assert.equal((await ends(forced)).status, 0);
});

test("a log that cannot be written is named", async (t) => {
  const folder = aConfiguration(t, { "fail2ban.local": "[Definition]\nlogtarget = {folder}/no/such/folder.log\n" });
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /Unable to log to '.*\/no\/such\/folder\.log'/);
  leavesNothing(folder);
});
