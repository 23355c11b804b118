/** Signals of a server in the foreground. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration, ask, ends, isReady, startServer, until } from "./program.ts";

test("TERM and INT end the server in order", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const folder = aConfiguration(t);
    const run = startServer(t, folder);
    await isReady(run);
    run.child.kill(signal);
    const { status, said } = await ends(run);
    assert.equal(status, 0);
    assert.match(said, /Shutdown in progress\.\.\.[^]*Jail 'good' stopped[^]*Exiting Fail2ban\n$/);
  }
});

test("HUP reads the configuration again", async (t) => {
  const folder = aConfiguration(t);
  const run = startServer(t, folder);
  await isReady(run);
  writeFileSync(join(folder, "jail.local"), "[good]\nmaxretry = 8\n");
  run.child.kill("SIGHUP");
  await until(async () => (await ask(folder, "get", "good", "maxretry")).out === "8\n");
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
});

test("USR1 opens the log anew after it was renamed", async (t) => {
  const folder = aConfiguration(t, { "fail2ban.local": "[Definition]\nlogtarget = {folder}/the.log\n" });
  const run = startServer(t, folder);
  await isReady(run);
  renameSync(join(folder, "the.log"), join(folder, "the.log.1"));
  run.child.kill("SIGUSR1");
  const log = join(folder, "the.log");
  await until(() => existsSync(log) && readFileSync(log, "utf8").includes("rollover performed on"));
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
  assert.match(readFileSync(join(folder, "the.log"), "utf8"), /Exiting Fail2ban\n$/);
});

test("what comes while the server goes down starts no jail again: HUP, and a reload that was under way", async (t) => {
  for (const reloads of [false, true]) {
    const word = (name: string): string => `echo ${name} >> {folder}/done`;
    const action = `[Definition]\nactionstart = ${word("start")}\nactionstop = ${word("stop")}\nactionban = ${word("ban")}\nactionunban = sleep 0.7; ${word("unban")}\n`;
    const folder = aConfiguration(t, { "action.d/nothing.conf": action });
    const run = startServer(t, folder);
    await isReady(run);
    assert.equal((await ask(folder, "set", "good", "banip", "192.0.2.1")).status, 0);
    const reloading = reloads ? ask(folder, "reload", "--restart") : null;
    await until(() => reloading === null || run.said().includes("Reload all jails"));
    run.child.kill("SIGTERM");
    await until(() => run.said().includes("Shutdown in progress"));
    run.child.kill("SIGHUP");
    assert.equal((await ends(run)).status, 0);
    await reloading;
    assert.equal(readFileSync(join(folder, "done"), "utf8"), "start\nban\nunban\nstop\n");
  }
});
