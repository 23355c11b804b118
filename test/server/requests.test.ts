/** A server that is busy with a log answers everybody who asks meanwhile. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { askMany } from "./asking.ts";
import { aConfiguration, ends, isReady, startServer, until } from "./program.ts";

test("a thousand requests on fifty connections are all answered while a log is read", async (t) => {
  const folder = aConfiguration(t, { "jail.local": "[good]\nmaxretry = 1\nignoreself = false\n" });
  const run = startServer(t, folder);
  await isReady(run);
  const line = "Accepted somebody from 198.51.100.1, at a quarter past the hour\n";
  appendFileSync(join(folder, "log"), `${line.repeat(300_000)}Failed from 192.0.2.1\n`);
  const questions = [["ping"], ["status", "good"], ["get", "good", "maxretry"], ["banned"]];
  const { took, unanswered } = await askMany(join(folder, "s"), 50, 20, questions);
  assert.deepEqual(unanswered, []);
  assert.equal(took.length, 1000);
  await until(() => run.said().includes("[good] Ban 192.0.2.1\n"));
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
});
