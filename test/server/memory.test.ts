/** What the launcher and the server do for a small memory is theirs alone, and does not stand in anybody's way. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration, ask, isReady, startServer, until } from "./program.ts";

test("the allocator's setting reaches the server, and no command of an action", async (t) => {
  const folder = aConfiguration(t, { "action.d/nothing.conf": "[Definition]\nactionban = env >{folder}/env\n" });
  const run = startServer(t, folder);
  await isReady(run);
  const mine = readFileSync(`/proc/${run.child.pid}/environ`, "latin1").split("\0");
  assert.ok(mine.includes("MALLOC_ARENA_MAX=1"), "as the kernel handed it over");
  await ask(folder, "set", "good", "banip", "192.0.2.7");
  const file = join(folder, "env");
  await until(() => existsSync(file) && /^PATH=/m.test(readFileSync(file, "utf8")));
  assert.doesNotMatch(readFileSync(file, "utf8"), /MALLOC/);
});

test("the collection after the start happens, and the server answers before and after", async (t) => {
  const folder = aConfiguration(t);
  const run = startServer(t, folder);
  await isReady(run);
  const dirty = (): number =>
    Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${run.child.pid}/smaps_rollup`, "utf8"))?.[1]);
  const atStart = dirty();
  assert.match((await ask(folder, "ping")).out, /pong/);
  await until(() => dirty() < atStart * 0.95);
  assert.match((await ask(folder, "ping")).out, /pong/);
});
