/** Rotations that happened while nobody read: what the bookmark leads to is finished first. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { count, lines, rotates, sha1 } from "./bench.ts";
import { until } from "./suite.ts";

rotates("logs that all begin with the same header are told apart", async ({ path, at, follow }) => {
  const header = "# a header";
  appendFileSync(path, lines(header, "1", "2"));
  const first = follow();
  await count(first, 3);
  const mark = first.following.mark();
  first.following.stop();
  appendFileSync(path, lines("3"));
  renameSync(path, at("auth.log.1"));
  writeFileSync(path, lines(header, "4", "5", "6"));
  const got = follow({ mark });
  await count(got, 5);
  assert.deepEqual(got.texts, ["3", header, "4", "5", "6"]);
});

rotates("also when they are packed: what is not the same log is left alone, and said", async ({ path, at, follow }) => {
  const header = "# a header";
  appendFileSync(path, lines(header, "1", "2"));
  const first = follow();
  await count(first, 3);
  const mark = first.following.mark();
  first.following.stop();
  unlinkSync(path);
  writeFileSync(
    at("auth.log.1.gz"),
    gzipSync(lines(header, "another", "of the same name", "but not of the same lines")),
  );
  writeFileSync(path, lines("9"));
  const got = follow({ mark });
  await count(got, 1);
  assert.deepEqual(got.texts, ["9"]);
  assert.ok(got.said.some(({ text }) => text.startsWith(`${at("auth.log.1.gz")} cannot be unpacked, or is not what`)));
});

const DOWN: readonly (readonly [
  what: string,
  rotate: (path: string, at: (name: string) => string) => void,
  wanted: readonly string[],
])[] = [
  ["renamed", (path, at) => renameSync(path, at("auth.log.1")), ["3", "9"]],
  ["renamed by date", (path, at) => renameSync(path, at("auth.log-20261122")), ["3", "9"]],
  ["renamed by date before the ending", (path, at) => renameSync(path, at("auth-20261122.log")), ["3", "9"]],
  [
    "renamed and compressed",
    (path, at) => {
      writeFileSync(at("auth.log.1.gz"), gzipSync(readFileSync(path)));
      unlinkSync(path);
    },
    ["3", "9"],
  ],
  [
    "copied and truncated",
    (path, at) => {
      copyFileSync(path, at("auth.log.1"));
      truncateSync(path);
    },
    ["3", "9"],
  ],
  [
    "rotated twice",
    (path, at) => {
      writeFileSync(at("auth.log.2.gz"), gzipSync(readFileSync(path)));
      writeFileSync(at("auth.log.1"), lines("5", "6"));
      unlinkSync(path);
    },
    ["3", "5", "6", "9"],
  ],
  ["rotated and removed", (path) => unlinkSync(path), ["9"]],
];
for (const [what, rotate, wanted] of DOWN)
  rotates(`a log that was ${what} while nobody read it is finished first`, async ({ path, at, follow }) => {
    appendFileSync(path, lines("1", "2"));
    const first = follow();
    await count(first, 2);
    const mark = first.following.mark();
    first.following.stop();
    appendFileSync(path, lines("3"));
    rotate(path, at);
    appendFileSync(path, lines("9"));
    const got = follow({ mark });
    await count(got, wanted.length);
    assert.deepEqual(got.texts, wanted);
    await until("the end was reached", () => got.following.stats().live);
    assert.deepEqual(got.following.mark().hash, sha1("9\n"));
  });

rotates("a position that the original wrote (digest and offset alone) is taken up", async ({ path, at, follow }) => {
  appendFileSync(path, lines("1", "2", "3"));
  for (const hash of [sha1("1\n"), createHash("md5").update("1\n").digest("hex")]) {
    const got = follow({ mark: { hash, offset: 4, proof: null } });
    await count(got, 1);
    assert.deepEqual(got.texts, ["3"]);
    assert.equal(got.said[0]?.text, `Added logfile: '${path}' (pos = 4, hash = ${sha1("1\n")})`);
    got.following.stop();
  }
  renameSync(path, at("auth.log.1"));
  writeFileSync(path, lines("4"));
  const got = follow({ mark: { hash: sha1("1\n"), offset: 4, proof: null } });
  await count(got, 2);
  assert.deepEqual(got.texts, ["3", "4"]);
});
