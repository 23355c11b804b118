/** Logs that cannot be read, or of which the kernel tells nothing. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, followFile, onFiles } from "./bench.ts";

onFiles("a FIFO in the place of a log is never opened", async ({ path, folder, follower }) => {
  const fifo = join(folder, "fifo");
  try {
    execFileSync("mkfifo", [fifo]);
  } catch {
    return;
  }
  renameSync(fifo, path);
  const got = followFile(follower, path);
  assert.equal(got.following.stats().trouble, "it is a FIFO, not a regular file");
  assert.deepEqual(
    got.said.map((words) => words.text),
    [`Unable to open ${path}: it is a FIFO, not a regular file`],
  );
  rmSync(path);
  writeFileSync(path, "now a file\n");
  await count(got, 1);
});

/** What root may always read, nobody else may: root becomes somebody else meanwhile. */
function asNobody(): () => void {
  if (process.geteuid?.() !== 0) return () => {};
  process.seteuid?.(65_534);
  return () => process.seteuid?.(0);
}

onFiles(
  "a log without permission is said once and read as soon as it is allowed",
  async ({ path, folder, follower }) => {
    writeFileSync(path, "1\n");
    chmodSync(folder, 0o755);
    chmodSync(path, 0);
    const comeBack = asNobody();
    try {
      const got = followFile(follower, path);
      assert.equal(got.following.stats().trouble, "permission denied");
      comeBack();
      chmodSync(path, 0o644);
      asNobody();
      await count(got, 1);
      assert.deepEqual(
        got.said.filter(({ level }) => level === "ERROR").map(({ text }) => text),
        [`Unable to open ${path}: permission denied`],
      );
    } finally {
      comeBack();
    }
  },
  "quickly",
);

/** Another name of the file in another folder: the kernel tells nobody in the first one of what is written through it. */
function writesUnseen(path: string, folder: string): (text: string) => void {
  mkdirSync(join(folder, "elsewhere"));
  linkSync(path, join(folder, "elsewhere/a.log"));
  return (text) => appendFileSync(join(folder, "elsewhere/a.log"), text);
}

onFiles("what no event tells of, as on a network file system, is not noticed by events", async (place) => {
  const { path, folder, follower } = place;
  const write = writesUnseen(path, folder);
  const got = followFile(follower, path);
  appendFileSync(path, "1\n");
  await count(got, 1);
  write("2\n");
  const other = join(folder, "b.log");
  writeFileSync(other, "");
  const later = followFile(follower, other);
  appendFileSync(other, "later\n");
  await count(later, 1);
  assert.deepEqual([got.texts, got.following.stats().mode], [["1"], "pyinotify"]);
});

onFiles(
  "and is found by the clock",
  async ({ path, folder, follower }) => {
    const write = writesUnseen(path, folder);
    const got = followFile(follower, path);
    for (let i = 1; i <= 5; i += 1) {
      write(`${i}\n`);
      await count(got, i);
    }
    assert.deepEqual([got.texts, got.following.stats().mode], [["1", "2", "3", "4", "5"], "pyinotify"]);
  },
  "quickly",
);
