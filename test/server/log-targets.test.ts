/** Where a server's log goes, and who may read what it leaves (config-cli.md §7.4, §7.5). */
import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { without } from "../skips.ts";
import { takeDatagrams } from "./datagrams.ts";
import { aConfiguration, ask, ends, isReady, startServer, startServerIn, until, type Run } from "./program.ts";

const to = (target: string): Readonly<Record<string, string>> => ({
  "fail2ban.local": `[Definition]\nlogtarget = ${target}\nsyslogsocket = {folder}/syslog\n`,
});

async function stops(run: Run): Promise<string> {
  run.child.kill("SIGTERM");
  const { status, said } = await ends(run);
  assert.equal(status, 0, said);
  return said;
}

test("standard output and error take it, with date and columns or without", async (t) => {
  const rows = [
    ["STDOUT", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban\.server {9}\[\d+\]: INFO {4}Starting Fail2ban/m],
    ["STDOUT[datetime=off]", /^fail2ban\.server {9}\[\d+\]: INFO {4}Starting Fail2ban/m],
    ["STDERR[datetime=off, padding=off]", /^fail2ban\.server\[\d+\]: INFO Starting Fail2ban/m],
    ["SYSOUT", /^fail2ban\.server {9}\[\d+\]: INFO {4}Starting Fail2ban/m],
  ] as const;
  await Promise.all(
    rows.map(async ([target, line]) => {
      const folder = aConfiguration(t, to(target));
      const run = startServer(t, folder);
      await isReady(run);
      const [name] = target.split("[");
      assert.equal((await ask(folder, "--json", "get", "logtarget")).out, `{"ok":true,"value":"${name}"}\n`);
      assert.match(await stops(run), line, target);
    }),
  );
});

test("syslog takes it with facility and priority", { skip: without("python3") }, async (t) => {
  const folder = aConfiguration(t, to("SYSLOG[facility=auth]"));
  const received = await takeDatagrams(t, join(folder, "syslog"));
  const run = startServer(t, folder);
  await isReady(run);
  // auth is 4; INFO is syslog's 6, ERROR its 3.
  await until(() => received().some((text) => /^<38>fail2ban\.server\[\d+\]: INFO Starting Fail2ban/.test(text)));
  await ask(folder, "set", "good", "addfailregex", "(");
  await until(() =>
    received().some((text) => /^<3[53]>fail2ban\.\S+\[\d+\]: (?:ERROR|WARNING) .*RegexException/.test(text)),
  );
  await stops(run);
  assert.match(received().join("\n"), /Exiting Fail2ban/);
});

test("the journal takes it in its own form", { skip: without("root", "unshare", "python3") }, async (t) => {
  const folder = aConfiguration(t, to("SYSTEMD-JOURNAL"));
  const received = await takeDatagrams(t, join(folder, "socket"));
  // The server sees the socket where systemd has its own; nobody else does.
  const mounts = 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal && mount --bind "$0" /run/systemd/journal';
  const by = ["unshare", "--mount", "sh", "-c", `${mounts} && exec "$@"`, folder];
  const run = startServerIn(t, { by }, folder);
  await until(() =>
    received().some((text) => /^PRIORITY=6\nSYSLOG_IDENTIFIER=fail2ban\nMESSAGE\n[^]{8}Starting Fail2ban v/.test(text)),
  );
  await until(() => existsSync(join(folder, "s")));
  await stops(run);
  assert.match(received().join("\n"), /Exiting Fail2ban/);
});

test("syslog whose socket is not there is named, and nothing is started", async (t) => {
  const folder = aConfiguration(t, to("SYSLOG"));
  const { status, said } = await ends(startServer(t, folder));
  assert.equal(status, 255);
  assert.match(said, /syslog/i);
  assert.ok(!existsSync(join(folder, "s")));
});

test("a target that cannot be had is refused at run time, and the log goes on where it was", async (t) => {
  const folder = aConfiguration(t, to("{folder}/first.log"));
  const run = startServer(t, folder);
  await isReady(run);
  assert.equal((await ask(folder, "set", "logtarget", join(folder, "no/such.log"))).status, 255);
  assert.match((await ask(folder, "get", "logtarget")).out, /first\.log\n$/);
  assert.equal((await ask(folder, "set", "logtarget", join(folder, "second.log"))).status, 0);
  await stops(run);
  assert.match(readFileSync(join(folder, "first.log"), "utf8"), /Logging to previous target '.*first\.log'/);
  assert.match(readFileSync(join(folder, "second.log"), "utf8"), /Exiting Fail2ban\n$/);
});

test("flushlogs opens a log anew that was moved away; what is written before is in the old one", async (t) => {
  const folder = aConfiguration(t, to("{folder}/the.log"));
  const run = startServer(t, folder);
  await isReady(run);
  renameSync(join(folder, "the.log"), join(folder, "the.log.1"));
  await ask(folder, "status", "none");
  assert.equal((await ask(folder, "flushlogs")).out, "logs: rolled over\n");
  await stops(run);
  assert.match(readFileSync(join(folder, "the.log.1"), "utf8"), /UnknownJailException/);
  const after = readFileSync(join(folder, "the.log"), "utf8");
  assert.match(after, /rollover performed on [^]*Exiting Fail2ban\n$/);
  assert.doesNotMatch(after, /UnknownJailException/);
});

test("socket, process file, log and database are the owner's alone, and the first two go at the end", async (t) => {
  const folder = aConfiguration(t, to("{folder}/the.log"));
  const run = startServer(t, folder);
  await isReady(run);
  assert.equal(readFileSync(join(folder, "p"), "utf8").trim(), String(run.child.pid));
  for (const name of ["s", "p", "the.log", "d.sqlite3"])
    assert.equal(statSync(join(folder, name)).mode & 0o077, 0, `${name} is open to others`);
  await stops(run);
  assert.deepEqual(
    ["s", "p"].filter((name) => existsSync(join(folder, name))),
    [],
  );
});
