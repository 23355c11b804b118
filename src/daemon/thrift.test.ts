/** That the thorough collection really happens: by an object that nobody holds any more. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { getHeapCodeStatistics, setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { collect, releaseMappedFiles, setOptimizing, trim } from "../io/machine/index.ts";
import { isSmall, Thrift } from "./thrift.ts";

test("the thorough collection lets go of what was compiled, the other does not", () => {
  const bytecode = (): number => getHeapCodeStatistics().bytecode_and_metadata_size;
  const before = bytecode();
  collect("regular");
  const between = bytecode();
  collect("last-resort");
  assert.ok(between > 0.8 * before && bytecode() < 0.6 * before, `${before}, ${between}, ${bytecode()}`);
});

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

test("the optimising compilers rest during a start, and work when it is over", async (t) => {
  setFlagsFromString("--allow-natives-syntax");
  t.after(() => setFlagsFromString("--no-allow-natives-syntax"));
  const statusOf = runInThisContext("(work) => %GetOptimizationStatus(work)") as (work: unknown) => number;
  setOptimizing(false);
  await workFor(300);
  assert.equal(statusOf(sumUp) & OPTIMIZED, 0);
  const thrift = new Thrift();
  thrift.settle();
  for (let turn = 0; turn < 50 && (statusOf(sumUp) & OPTIMIZED) === 0; turn += 1) await workFor(100);
  thrift.close();
  assert.notEqual(statusOf(sumUp) & OPTIMIZED, 0);
});

/** Of V8's bits. */
const OPTIMIZED = 8;

async function workFor(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) for (let turn = 0; turn < 1000; turn += 1) sumUp(turn);
  await setImmediate(); // what a compiler has ready is taken up between two turns
}

function sumUp(to: number): number {
  let sum = 0;
  for (let at = 0; at < to; at += 1) sum += at % 7;
  return sum;
}
