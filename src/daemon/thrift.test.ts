/** That the thorough collection really happens: by an object that nobody holds any more. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { collect, releaseMappedFiles, trim } from "../io/machine/index.ts";
import { isSmall } from "./thrift.ts";

test("what nobody holds any more is collected, and what somebody holds is not", async () => {
  const held = { text: "held" };
  const [lost, kept] = [forgotten(), new WeakRef(held)];
  await setImmediate(); // a WeakRef holds its target until the job that made it ends
  collect("last-resort");
  assert.equal(lost.deref(), undefined);
  assert.equal(kept.deref(), held);
  assert.equal("gc" in globalThis, false, "the program itself sees nothing of it");
});

test("a server with a hundred thousand bans is left alone", () => {
  assert.equal(isSmall(25 * 2 ** 20), true);
  assert.equal(isSmall(64 * 2 ** 20), false);
});

function forgotten(): WeakRef<object> {
  return new WeakRef({ text: "lost" });
}

test("pages of the program's file that only the start needed are let go of, and all goes on", async () => {
  const before = mappedFiles();
  await releaseMappedFiles();
  const after = mappedFiles();
  // How much comes back at once depends on what the other threads do; of itself it never becomes less.
  assert.ok(after < before - 1000, `${before} kB before, ${after} kB after`);
  assert.equal(/^(\p{L}+)$/u.exec("größe")?.[1], "größe");
});

/** Kilobytes. */
function mappedFiles(): number {
  return Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}

test("the C library gives back what is free, and says nothing where it cannot", async () => {
  await trim();
  await trim();
});
