import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { shellRunner } from "./run.ts";
import type { Ran } from "./job.ts";

const folder = mkdtempSync(join(tmpdir(), "f2bready-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** In place of nft: writes down that it began, reads, writes down what it read; an order "fail" is refused. */
const STUB = `#!/bin/sh
echo "begun $$ $PPID" >> "$NOTES"
orders=$(cat)
echo "read $$ $orders" >> "$NOTES"
[ "$orders" != fail ]
`;

interface Scene {
  run(text: string, input: string | null): Promise<Ran>;
  close(): Promise<void>;
  /** What the stubs wrote down. */
  notes(word: "begun" | "read"): readonly string[][];
  begins(count: number): Promise<void>;
}

function open(keepsReady = true): Scene {
  const place = mkdtempSync(join(folder, "scene"));
  const path = join(place, "notes");
  for (const name of ["nft", "ipset"]) writeFileSync(join(place, name), STUB, { mode: 0o755 });
  writeFileSync(path, "");
  const env = { PATH: `${place}:${process.env["PATH"] ?? ""}`, NOTES: path };
  const runner = shellRunner({ log: () => {}, env, keepsReady });
  const notes = (word: string): string[][] =>
    readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .filter((words) => words[0] === word);
  return {
    notes,
    close: () => runner.close(),
    run: (text, input) => runner.run({ script: { text, values: [] }, input, timeout: 20, quiet: false }),
    begins: (count) => until(`${count} programs have begun`, () => notes("begun").length >= count),
  };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !holds();) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("a program that waits for its input", () => {
  test("stands ready after the first job, and is the one that takes the next orders", async () => {
    const scene = open();
    assert.equal((await scene.run("nft -f -\n", "one")).ok, true);
    await scene.begins(2);
    assert.deepEqual(
      scene.notes("read").map((words) => words[2]),
      ["one"],
      "nothing is ordered from it while it waits",
    );
    assert.equal((await scene.run("nft -f -", "two")).ok, true);
    const [, waiting] = scene.notes("begun");
    const [, second] = scene.notes("read");
    assert.deepEqual([second?.[1], second?.[2]], [waiting?.[1], "two"]);
    assert.equal(waiting?.[2], String(process.pid), "without a shell in between");
  });

  test("answers with its status, and after a failure the shell is asked", async () => {
    const scene = open();
    await scene.run("ipset -exist restore", "one");
    await scene.begins(2);
    assert.deepEqual(await scene.run("ipset -exist restore", "fail").then(({ ok, status }) => [ok, status]), [
      false,
      1,
    ]);
    assert.equal((await scene.run("ipset -exist restore", "three")).ok, true);
    assert.deepEqual(
      scene.notes("read").map((words) => words[2]),
      ["one", "fail", "three"],
    );
  });

  test("that somebody ends while it waits is no loss", async () => {
    const scene = open();
    await scene.run("nft -f -", "one");
    await scene.begins(2);
    const pid = Number(scene.notes("begun")[1]?.[1]);
    process.kill(pid, "SIGKILL");
    await until("it is dead", () => spawnSync("kill", ["-0", String(pid)], { stdio: "ignore" }).status !== 0);
    assert.equal((await scene.run("nft -f -", "two")).ok, true);
    assert.deepEqual(
      scene.notes("read").map((words) => words[2]),
      ["one", "two"],
    );
  });

  test("is ended without orders by a close, which waits for that; afterwards none stands ready", async () => {
    const scene = open();
    await scene.run("nft -f -", "one");
    await scene.begins(2);
    await scene.close();
    const pid = Number(scene.notes("begun")[1]?.[1]);
    assert.notEqual(spawnSync("kill", ["-0", String(pid)], { stdio: "ignore" }).status, 0);
    await scene.run("nft -f -", "two");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      scene.notes("read").map((words) => words[2]),
      ["one", "two"],
    );
    assert.equal(scene.notes("begun").length, 3);
  });

  const others: readonly [what: string, text: string, input: string | null][] = [
    ["that needs a shell", "LC_ALL=C nft -f -", "orders"],
    ["of which it is not known that it only waits", "nft -f /dev/stdin", "orders"],
    ["that is not fed", "nft -f -", null],
  ];
  for (const [what, text, input] of others)
    test(`does not include one ${what}`, async () => {
      const scene = open();
      await scene.run(text, input);
      await scene.run(text, input);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(scene.notes("begun").length, 2);
    });

  test("does not exist unless it is asked for", async () => {
    const scene = open(false);
    await scene.run("nft -f -", "one");
    await scene.run("nft -f -", "two");
    assert.equal(scene.notes("begun").length, 2);
  });

  test("keeps no program alive and ends with it, without orders", () => {
    const notes = join(folder, "notes-of-another");
    appendFileSync(notes, "");
    const place = mkdtempSync(join(folder, "another"));
    writeFileSync(join(place, "nft"), STUB, { mode: 0o755 });
    const program = `import { shellRunner } from ${JSON.stringify(join(import.meta.dirname, "run.ts"))};
const runner = shellRunner({ log: () => {}, keepsReady: true });
const ran = await runner.run({ script: { text: "nft -f -", values: [] }, input: "one", timeout: 20, quiet: false });
process.exitCode = ran.ok ? 7 : 1;`;
    const env = { PATH: `${place}:${process.env["PATH"] ?? ""}`, NOTES: notes };
    const ended = spawnSync(process.execPath, ["--input-type=module", "-e", program], { env, timeout: 20_000 });
    assert.equal(ended.status, 7, ended.stderr.toString());
  });
});
