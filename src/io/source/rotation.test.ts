/** Files that are rotated, replaced, truncated or taken away: nothing missed, nothing twice. Every case by events and by the poll. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { count, lines, rotates, sha1 } from "./bench.ts";
import { until } from "./suite.ts";

rotates("a renamed log is finished before the new one is begun", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1", "2"));
  const got = follow();
  await count(got, 2);
  appendFileSync(path, lines("3"));
  renameSync(path, at("auth.log.1"));
  appendFileSync(at("auth.log.1"), lines("4"));
  writeFileSync(path, lines("5"));
  await count(got, 5);
  assert.deepEqual(got.texts, ["1", "2", "3", "4", "5"]);
  const [ino, old] = [statSync(path).ino, statSync(at("auth.log.1")).ino];
  const said = got.said.find((words) => words.text.startsWith("Log rotation"));
  assert.match(
    said?.text ?? "",
    new RegExp(
      `^Log rotation detected for ${path}, reason: \\(\\d+, \\d, ${ino}, ${old}, '(${sha1("5\n")})?', '${sha1("1\n")}'\\)$`,
    ),
  );
  assert.equal(said?.level, "MSG");
});

rotates("who still writes into the renamed log is heard", async ({ path, at, follow }) => {
  const got = follow();
  appendFileSync(path, lines("1"));
  await count(got, 1);
  renameSync(path, at("auth.log.1"));
  writeFileSync(path, lines("2"));
  await count(got, 2);
  appendFileSync(at("auth.log.1"), lines("late"));
  appendFileSync(path, lines("3"));
  await until("the new file's line came", () => got.texts.includes("3"));
  // Without events for the renamed name the clock finds it; it is due at the next look.
  if (got.following.stats().mode === "polling") {
    await count(got, 4);
    assert.deepEqual(got.texts.toSorted(), ["1", "2", "3", "late"]);
  }
});

rotates("a truncated log is begun again", async ({ path, follow }) => {
  appendFileSync(path, lines("aaaa 1", "aaaa 2"));
  const got = follow();
  await count(got, 2);
  truncateSync(path);
  appendFileSync(path, lines("3"));
  await count(got, 3);
  assert.deepEqual(got.texts, ["aaaa 1", "aaaa 2", "3"]);
});

rotates("a truncated log that has grown beyond the old place is begun again at once", async ({ path, follow }) => {
  appendFileSync(path, lines("1", "2"));
  const got = follow();
  await count(got, 2);
  got.following.pause();
  truncateSync(path);
  appendFileSync(path, lines("third", "fourth", "fifth"));
  got.following.resume();
  await count(got, 5);
  assert.deepEqual(got.texts, ["1", "2", "third", "fourth", "fifth"]);
});

rotates("what was not yet read before copy and truncate is read from the copy", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1", "2"));
  const got = follow();
  await count(got, 2);
  got.following.pause();
  appendFileSync(path, lines("3", "4"));
  copyFileSync(path, at("auth.log.1"));
  truncateSync(path);
  appendFileSync(path, lines("5"));
  got.following.resume();
  await count(got, 5);
  assert.deepEqual(got.texts, ["1", "2", "3", "4", "5"]);
});

rotates("also when the copy is compressed", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1", "2"));
  const got = follow();
  await count(got, 2);
  got.following.pause();
  appendFileSync(path, lines("3", "4"));
  writeFileSync(at("auth.log.1.gz"), gzipSync(readFileSync(path)));
  truncateSync(path);
  appendFileSync(path, lines("5"));
  got.following.resume();
  await count(got, 5);
  assert.deepEqual(got.texts, ["1", "2", "3", "4", "5"]);
});

rotates(
  "a writer that goes on at its old place after a truncation leaves a hole, which is passed over",
  async ({ path, follow }) => {
    appendFileSync(path, lines("1", "2"));
    const got = follow();
    await count(got, 2);
    truncateSync(path);
    truncateSync(path, 200_000);
    appendFileSync(path, lines("3"));
    await count(got, 3);
    assert.deepEqual(got.texts, ["1", "2", "3"]);
  },
);

rotates("a link that leads to another file is followed to it", async ({ at, follow }) => {
  mkdirSync(at("targets"));
  writeFileSync(at("targets/a"), lines("a1"));
  writeFileSync(at("targets/b"), lines("b1"));
  symlinkSync("targets/a", at("link"));
  const got = follow({}, at("link"));
  await count(got, 1);
  appendFileSync(at("targets/a"), lines("a2"));
  await count(got, 2);
  symlinkSync("targets/b", at("link.new"));
  renameSync(at("link.new"), at("link"));
  await count(got, 3);
  appendFileSync(at("targets/b"), lines("b2"));
  await count(got, 4);
  assert.deepEqual(got.texts, ["a1", "a2", "b1", "b2"]);
});

rotates("a log that appears later is read from its beginning, and said", async ({ at, follow }) => {
  const got = follow({}, at("later.log"));
  assert.equal(got.following.stats().trouble, "no such file");
  writeFileSync(at("later.log"), lines("1"));
  await count(got, 1);
  assert.equal(got.following.stats().trouble, null);
  assert.ok(got.said.some((words) => words.text === `Log presence detected for file ${at("later.log")}`));
});

rotates("a log that vanishes and comes back goes on", async ({ path, follow }) => {
  const got = follow();
  appendFileSync(path, lines("1"));
  await count(got, 1);
  unlinkSync(path);
  await until("its absence was noticed", () => got.following.stats().trouble === "no such file");
  writeFileSync(path, lines("2"));
  await count(got, 2);
  assert.deepEqual(got.texts, ["1", "2"]);
  assert.equal(got.said.filter((words) => words.text.startsWith("Log absence detected")).length, 1);
});

for (const [kind, make, reason] of [
  ["folder", (path: string) => mkdirSync(path), "it is a directory"],
  ["FIFO", (path: string) => execFileSync("mkfifo", [path]), "it is a FIFO, not a regular file"],
  ["circle of links", (path: string) => symlinkSync(path, path), "a circle of symbolic links"],
] as const)
  rotates(`a ${kind} in the place of a log is said once and does no harm`, async ({ path, follow }) => {
    const got = follow();
    appendFileSync(path, lines("1"));
    await count(got, 1);
    unlinkSync(path);
    make(path);
    await until("it was said", () => got.said.some((words) => words.text === `Unable to open ${path}: ${reason}`));
    assert.equal(got.following.stats().trouble, reason);
    rmSync(path, { recursive: true });
    writeFileSync(path, lines("2"));
    await count(got, 2);
    assert.equal(got.said.filter((words) => words.level === "ERROR").length, 1);
  });

rotates(
  "a log that was put in place again as a copy of itself (rsync) is not read twice",
  async ({ path, at, follow }) => {
    appendFileSync(path, lines("1", "2"));
    const got = follow();
    await count(got, 2);
    copyFileSync(path, at(".auth.log.tmp"));
    appendFileSync(at(".auth.log.tmp"), lines("3"));
    renameSync(at(".auth.log.tmp"), path);
    await count(got, 3);
    assert.deepEqual(got.texts, ["1", "2", "3"]);
  },
);

rotates("a rotation while reading is paused loses nothing", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1"));
  const [got, other] = [follow(), follow()];
  await count(got, 1);
  got.following.pause();
  appendFileSync(path, lines("2"));
  await count(other, 2);
  renameSync(path, at("auth.log.1"));
  writeFileSync(path, lines("3"));
  await count(other, 3);
  got.following.resume();
  await count(got, 3);
  assert.deepEqual(got.texts, ["1", "2", "3"]);
  assert.ok(readdirSync("/proc/self/fd").length < 100);
});

rotates("a log that was rotated twice between two looks is read as a whole", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1", "2"));
  const got = follow();
  await count(got, 2);
  renameSync(path, at("auth.log.2"));
  writeFileSync(path, lines("3"));
  copyFileSync(path, at("auth.log.1"));
  truncateSync(path);
  appendFileSync(path, lines("4"));
  await count(got, 4);
  assert.deepEqual(got.texts, ["1", "2", "3", "4"]);
});

rotates(
  "a log that was truncated before anything of it was read is finished from its copy",
  async ({ path, at, follow }) => {
    appendFileSync(path, lines("1"));
    const [got, other] = [follow(), follow()];
    await count(got, 1);
    got.following.pause();
    renameSync(path, at("auth.log.2"));
    writeFileSync(path, lines("2"));
    await count(other, 2);
    copyFileSync(path, at("auth.log.1"));
    truncateSync(path);
    appendFileSync(path, lines("3"));
    got.following.resume();
    await count(got, 3);
    assert.deepEqual(got.texts, ["1", "2", "3"]);
  },
);

rotates("a log that is truncated right after it was found is finished from its copy", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1"));
  const got = follow();
  copyFileSync(path, at("auth.log.1"));
  truncateSync(path);
  appendFileSync(path, lines("2"));
  await count(got, 2);
  assert.deepEqual(got.texts, ["1", "2"]);
});
