/** `fail2ban-client stop` answers when all is undone, as the original does: scripts go on with a start, or remove what was in use. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration, ask, ends, isReady, startServer } from "./program.ts";

test("a stop is answered when the jails have stopped and the socket is gone, and a start may follow at once", async (t) => {
  const files = { "action.d/nothing.conf": "[Definition]\nactionstop = sleep 0.5; touch {folder}/undone\n" };
  const folder = aConfiguration(t, files);
  const first = startServer(t, folder);
  await isReady(first);
  const { out, status } = await ask(folder, "stop");
  const left = new Set(readdirSync(folder));
  assert.deepEqual([out, status], ["Shutdown successful\n", 0]);
  assert.deepEqual(
    ["undone", "s"].map((name) => left.has(name)),
    [true, false],
  );

  const second = startServer(t, folder);
  await isReady(second);
  assert.equal((await ends(first)).status, 0);
  assert.equal((await ask(folder, "ping")).out, "Server replied: pong\n", "the first took the second's socket away");
  assert.notEqual(readFileSync(join(folder, "p"), "utf8").trim(), String(first.child.pid));
  second.child.kill("SIGTERM");
  assert.equal((await ends(second)).status, 0);
});

test("a server that is told to end as soon as its socket is there goes down in order", async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const folder = aConfiguration(t, {});
    const run = startServer(t, folder);
    // Without pause: that instant is what this is about.
    for (const end = Date.now() + 10_000; !existsSync(join(folder, "s")) && Date.now() < end;);
    run.child.kill("SIGTERM");
    assert.equal((await ends(run)).status, 0);
    assert.deepEqual(
      ["s", "p"].filter((name) => existsSync(join(folder, name))),
      [],
    );
  }
});
