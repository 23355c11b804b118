/** What a reload changes, and what goes on: settings, actions, logs, bans (docs/ARCHITECTURE.md, Change). */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { aConfiguration, ask, ends, isReady, startServer, until } from "./program.ts";

/** An action that writes down what it does. */
const NOTED =
  "[Definition]\nactionstart = echo <name> start >> <out>\nactionstop = echo <name> stop >> <out>\n" +
  "actionban = echo <name> ban '<ip>' <bantime> >> <out>\nactionunban = echo <name> unban '<ip>' >> <out>\n" +
  "actionprolong = echo <name> prolong '<ip>' <bantime> >> <out>\n[Init]\nout = {folder}/out\n";

const JAIL =
  "[good]\nenabled = true\nbackend = polling\nfilter = good\nlogpath = {folder}/log\naction = noted[name=a]\nmaxretry = 2\nbantime = 10m\n";

async function aServer(t: TestContext, jails = JAIL) {
  const folder = aConfiguration(t, { "jail.conf": "[DEFAULT]\n", "jail.local": jails, "action.d/noted.conf": NOTED });
  const run = startServer(t, folder);
  await isReady(run);
  return {
    folder,
    run,
    client: async (...words: readonly string[]) => (await ask(folder, ...words)).out.trim(),
    status: async (...words: readonly string[]) => (await ask(folder, ...words)).status,
    noted: () => (existsSync(join(folder, "out")) ? readFileSync(join(folder, "out"), "utf8").trim().split("\n") : []),
    write: (text: string) => writeFileSync(join(folder, "jail.local"), text.replaceAll("{folder}", folder)),
    stop: async () => {
      run.child.kill("SIGTERM");
      assert.equal((await ends(run)).status, 0);
    },
  };
}

test("a configuration with a mistake changes nothing, and the mistake is told", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  server.write(JAIL.replace("maxretry = 2", "maxretry = 7\nfailregex = ("));
  const { status, out } = await ask(server.folder, "reload");
  assert.equal(status, 255);
  assert.match(out, /Unable to compile regular expression '\('/);
  assert.equal(await server.client("get", "good", "maxretry"), "2");
  assert.equal(await server.client("get", "good", "banip"), "198.51.100.1");
  assert.deepEqual(server.noted(), ["a start", "a ban 198.51.100.1 600"]);
  await server.stop();
});

test("options take the values of the files, and those that have vanished their defaults", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "maxretry", "9");
  await server.client("set", "good", "usedns", "no");
  server.write(JAIL.replace("maxretry = 2\n", "").replace("10m", "20m"));
  assert.equal(await server.client("reload"), "OK");
  assert.equal(await server.client("get", "good", "maxretry"), "3");
  assert.equal(await server.client("get", "good", "usedns"), "warn");
  assert.equal(await server.client("get", "good", "bantime"), "1200");
  await server.stop();
});

test("bans and counts go on, bans take the jail's new length, and no rule is touched", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  appendFileSync(join(server.folder, "log"), "Failed from 198.51.100.2\n");
  await until(async () => (await server.client("status", "good")).includes("Currently failed:\t1"));
  server.write(JAIL.replace("10m", "20m"));
  assert.equal(await server.client("reload"), "OK");
  assert.match(await server.client("status", "good"), /Currently failed:\t1[^]*Banned IP list:\t198\.51\.100\.1/);
  assert.match(await server.client("get", "good", "banip", "--with-time"), / \+ 1200 = /);
  assert.deepEqual(server.noted(), ["a start", "a ban 198.51.100.1 600", "a prolong 198.51.100.1 1200"]);
  appendFileSync(join(server.folder, "log"), "Failed from 198.51.100.2\n");
  await until(async () => (await server.client("get", "good", "banned")).includes("198.51.100.2"));
  await server.stop();
});

test("a new action starts and takes over the bans in force; one that is gone lets them go", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  server.write(JAIL.replace("noted[name=a]", "noted[name=b]"));
  assert.equal(await server.client("reload"), "OK");
  await until(() => server.noted().length === 6);
  assert.deepEqual(server.noted().slice(2), ["b start", "b ban 198.51.100.1 600", "a unban 198.51.100.1", "a stop"]);
  await server.stop();
});

test("a new action that may use what one that is gone has made waits until that is cleared away", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  server.write(JAIL.replace("noted[name=a]", "noted[name=a, actname=again]"));
  assert.equal(await server.client("reload"), "OK");
  await until(() => server.noted().length === 6);
  const noted = ["a unban 198.51.100.1", "a stop", "a start", "a ban 198.51.100.1 600"];
  assert.deepEqual(server.noted().slice(2), noted);
  await server.stop();
});

test("a jail that stops at once after a reload leaves nothing behind", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  server.write(JAIL.replace("noted[name=a]", "noted[name=b]"));
  assert.equal(await server.client("reload"), "OK");
  await server.stop();
  const noted = server.noted();
  for (const name of ["a", "b"]) {
    const count = (deed: string): number => noted.filter((line) => line.startsWith(`${name} ${deed}`)).length;
    assert.deepEqual([count("start"), count("ban")], [count("stop"), count("unban")], noted.join(", "));
  }
});

test("a jail that is gone stops, one that is new starts, and bans come back with their jail", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  server.write(JAIL.replace("[good]", "[other]"));
  assert.equal(await server.client("reload"), "OK");
  assert.match(await server.client("status"), /Jail list:\tother$/);
  server.write(JAIL);
  assert.equal(await server.client("reload"), "OK");
  await until(async () => (await server.client("get", "good", "banip")) === "198.51.100.1");
  await server.stop();
});

test("logs are followed and left as the files say, and no line counts twice", async (t) => {
  const server = await aServer(t);
  writeFileSync(join(server.folder, "log2"), "");
  appendFileSync(join(server.folder, "log"), "Failed from 198.51.100.2\n");
  await until(async () => (await server.client("status", "good")).includes("Total failed:\t1"));
  server.write(JAIL.replace("{folder}/log", "{folder}/log\n  {folder}/log2"));
  assert.equal(await server.client("reload"), "OK");
  appendFileSync(join(server.folder, "log2"), "Failed from 198.51.100.3\n");
  await until(async () => (await server.client("status", "good")).includes("Total failed:\t2"));
  server.write(JAIL.replace("{folder}/log", "{folder}/log2"));
  assert.equal(await server.client("reload"), "OK");
  assert.match(await server.client("get", "good", "logpath"), /log2$/);
  assert.match(await server.client("status", "good"), /Total failed:\t2/);
  await server.stop();
});

test("a restart of one jail undoes and redoes its bans; --unban forgets them", async (t) => {
  const server = await aServer(t);
  await server.client("set", "good", "banip", "198.51.100.1");
  assert.equal(await server.client("restart", "good"), "OK");
  await until(() => server.noted().length === 6);
  assert.deepEqual(server.noted(), [
    "a start",
    "a ban 198.51.100.1 600",
    "a unban 198.51.100.1",
    "a stop",
    "a start",
    "a ban 198.51.100.1 600",
  ]);
  assert.equal(await server.client("reload", "--unban", "good"), "OK");
  assert.equal(await server.client("get", "good", "banip"), "");
  assert.equal(await server.client("restart", "good"), "OK");
  assert.equal(await server.client("get", "good", "banip"), "");
  await server.stop();
});

test("a command to a jail that is being stopped finds none, and nothing of the old jail goes on reading", async (t) => {
  const slow = "[Definition]\nactionstop = touch {folder}/stopping; while [ ! -e {folder}/go ]; do sleep 0.05; done\n";
  const folder = aConfiguration(t, {
    "jail.conf": "[DEFAULT]\n",
    "jail.local": JAIL.replace("action = noted[name=a]", "action = slow"),
    "action.d/slow.conf": slow,
  });
  const run = startServer(t, folder);
  await isReady(run);
  const restarted = ask(folder, "restart", "good");
  await until(() => existsSync(join(folder, "stopping")));
  assert.equal((await ask(folder, "set", "good", "maxretry", "9")).status, 255);
  writeFileSync(join(folder, "go"), "");
  assert.equal((await restarted).status, 0);
  // By the time that later lines are found a jail left behind would have found the first one too.
  for (const last of ["198.51.100.1", "198.51.100.2", "198.51.100.3"]) {
    appendFileSync(join(folder, "log"), `Failed from ${last}\n`);
    await until(() => run.said().includes(`Found ${last}`));
  }
  assert.equal(run.said().match(/Found 198\.51\.100\.1/g)?.length, 1, run.said());
});

test("jails start, and are said to be reloaded, when all are what they shall be", async (t) => {
  const two = `[DEFAULT]\nbackend = polling\nfilter = good\nlogpath = {folder}/log\naction = nothing\n[good]\nenabled = true\n[other]\nenabled = true\n`;
  const folder = aConfiguration(t, { "jail.conf": two });
  const run = startServer(t, folder);
  await until(() => run.said().includes("Jail 'other' started"));
  assert.match(
    run.said(),
    /Creating new jail 'good'[^]*Creating new jail 'other'[^]*Jail 'good' started[^]*Jail 'other' started/,
  );
  assert.equal((await ask(folder, "reload")).status, 0);
  assert.match(
    run.said(),
    /Reload jail 'good'[^]*Reload jail 'other'[^]*Jail 'good' reloaded[^]*Jail 'other' reloaded[^]*Reload finished/,
  );
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
});
