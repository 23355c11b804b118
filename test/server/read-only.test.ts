/** The second socket answers questions and changes nothing; it is the group's, the first stays root's. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration, ask, ends, isReady, startServer, until } from "./program.ts";

test("a second socket answers questions and refuses the rest", async (t) => {
  const gid = process.getgid?.() ?? 0;
  const folder = aConfiguration(t, {
    "fail2ban.local": `[Definition]\nreadonlysocket = {folder}/ro\nreadonlygroup = ${gid}\n`,
  });
  const run = startServer(t, folder);
  await isReady(run);
  const asking = ["-s", join(folder, "ro")];
  assert.equal((await ask(folder, ...asking, "ping")).out, "Server replied: pong\n");
  assert.match((await ask(folder, ...asking, "status", "good")).out, /Status for the jail: good/);
  assert.equal((await ask(folder, ...asking, "get", "good", "maxretry")).out, "3\n");
  for (const words of [
    ["set", "good", "maxretry", "9"],
    ["set", "good", "banip", "198.51.100.1"],
    ["stop"],
    ["reload"],
    ["unban", "--all"],
  ]) {
    const { status } = await ask(folder, ...asking, ...words);
    assert.equal(status, 255, words.join(" "));
  }
  assert.equal((await ask(folder, "get", "good", "maxretry")).out, "3\n");
  assert.equal(statSync(join(folder, "ro")).mode & 0o777, 0o660);
  assert.equal(statSync(join(folder, "s")).mode & 0o777, 0o700);
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
  assert.throws(() => statSync(join(folder, "ro")));
});

test("a group that is not there leaves the second socket closed, and the server runs", async (t) => {
  const folder = aConfiguration(t, {
    "fail2ban.local": "[Definition]\nreadonlysocket = {folder}/ro\nreadonlygroup = nosuchgroup\n",
  });
  const run = startServer(t, folder);
  await isReady(run);
  // The log is written a little later than what the server says of itself.
  await until(() => /readonlysocket = .*\/ro is not opened: there is no group 'nosuchgroup'/.test(run.said()));
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0);
});
