/** What a server tells systemd and takes from it: sd_notify(3), sd_listen_fds(3). Without NOTIFY_SOCKET and LISTEN_FDS the other tests run. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { without } from "../skips.ts";
import { takeDatagrams } from "./datagrams.ts";
import { aConfiguration, ask, ends, isReady, startServer, startServerIn, until } from "./program.ts";

/** Writes down the environment that an action gets. */
const TELLING = "[Definition]\nactionstart = env > {folder}/environment\nactionban = true\n";

test("systemd is told that it is ready, reloads, lives and ends", { skip: without("python3") }, async (t) => {
  const folder = aConfiguration(t, { "action.d/nothing.conf": TELLING });
  const received = await takeDatagrams(t, join(folder, "notify"));
  // Half of this is the time between two signs of life.
  const environment = { NOTIFY_SOCKET: join(folder, "notify"), WATCHDOG_USEC: "100000" };
  const run = startServerIn(t, { environment }, folder);
  await until(() => received().some((text) => text.startsWith("READY=1")));
  assert.match(received().find((text) => text.startsWith("READY=1")) ?? "", /^READY=1\nSTATUS=guarding 1 jail/);
  await until(() => received().filter((text) => text === "WATCHDOG=1").length > 2);

  assert.equal((await ask(folder, "reload")).out, "OK\n");
  await until(() => received().filter((text) => text.startsWith("READY=1")).length === 2);
  const reloading = received().findIndex((text) => text.startsWith("RELOADING=1"));
  const at = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(received()[reloading] ?? "")?.[1];
  const now = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1e6;
  assert.ok(Number(at) > 0 && Number(at) <= now + 1e6, `${at} is not the monotonic time, ${now}`);
  assert.ok(received().findLastIndex((text) => text.startsWith("READY=1")) > reloading);

  await until(() => existsSync(join(folder, "environment")));
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
  await until(() => received().includes("STOPPING=1"));
  assert.doesNotMatch(readFileSync(join(folder, "environment"), "utf8"), /NOTIFY_SOCKET|WATCHDOG/);
});

/** As systemd does: the socket is descriptor 3 of the process that becomes the server. */
const ACTIVATE = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(64)
if s.fileno() != 3:
    os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
`;

test("a socket that systemd holds is served, and left to it at the end", { skip: without("python3") }, async (t) => {
  const folder = aConfiguration(t, { "action.d/nothing.conf": TELLING });
  const held = join(folder, "held");
  const run = startServerIn(t, { by: ["python3", "-c", ACTIVATE, held] }, folder);
  await isReady(run);
  assert.equal((await ask(folder, "-s", held, "ping")).out, "Server replied: pong\n");
  assert.ok(!existsSync(join(folder, "s")), "a socket of its own was made besides");
  await until(() => existsSync(join(folder, "environment")));
  assert.doesNotMatch(readFileSync(join(folder, "environment"), "utf8"), /LISTEN_/);
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
  assert.ok(existsSync(held), "the socket is systemd's");
});

test("a socket for another process is not taken", async (t) => {
  const folder = aConfiguration(t);
  const run = startServerIn(t, { environment: { LISTEN_FDS: "1", LISTEN_PID: "1" } }, folder);
  await isReady(run);
  assert.equal((await ask(folder, "ping")).out, "Server replied: pong\n");
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
});

test("nothing is told where nobody asks", async (t) => {
  const run = startServer(t, aConfiguration(t));
  await isReady(run);
  run.child.kill("SIGTERM");
  assert.doesNotMatch((await ends(run)).said, /systemd-notify|NOTIFY/);
});
