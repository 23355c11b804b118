/** Reading that is paused for long (`idle on`) while its logs are rotated away and deleted: docs/decisions/019. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { count, followFile, lines, openFollower, sha1, type CollectedFile } from "./bench.ts";
import type { FollowRequest, Mode } from "./request.ts";
import { until } from "./suite.ts";

interface Place {
  readonly path: string;
  readonly at: (name: string) => string;
  readonly follow: (asked?: Partial<FollowRequest>) => CollectedFile;
  /** Open files of the folder, deleted ones as `auth.log (deleted)`. */
  readonly open: () => readonly string[];
  readonly pass: (seconds: number) => void;
}

function idles(what: string, body: (place: Place) => Promise<void>): void {
  for (const mode of ["auto", "polling"] as const satisfies readonly Mode[])
    test(`${mode}: ${what}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "idle-"));
      let ahead = 0;
      const follower = openFollower("quickly", () => Date.now() / 1000 + ahead);
      const path = join(folder, "auth.log");
      writeFileSync(path, "");
      try {
        await body({
          path,
          at: (name) => join(folder, name),
          follow: (asked) => followFile(follower, path, { mode, ...asked }),
          open: () => openIn(folder),
          pass: (seconds) => (ahead += seconds),
        });
      } finally {
        follower.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

function openIn(folder: string): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(folder) ? [target.slice(folder.length + 1)] : [];
    } catch {
      return [];
    }
  });
}

/** The looks of the poll fall somewhere between: the first one notices, one that is a minute later lets go. */
async function passUntilLetGo(got: CollectedFile, pass: (seconds: number) => void): Promise<void> {
  let passed = 0;
  await until("it is let go", () => {
    pass(1);
    passed += 1;
    return got.said.some(({ text }) => text.startsWith("A deleted file of"));
  });
  assert.ok(passed >= 55, `after ${passed} s already`);
}

/** As logrotate does with `compress`. */
function compress(from: string, to: string): void {
  writeFileSync(to, gzipSync(readFileSync(from)));
  unlinkSync(from);
}

idles(
  "a file that was deleted is let go after a minute, the others stay open",
  async ({ path, at, follow, open, pass }) => {
    appendFileSync(path, lines("1"));
    const [idle, other] = [follow(), follow()];
    await count(idle, 1);
    idle.following.pause();
    renameSync(path, at("auth.log.1"));
    writeFileSync(path, lines("2"));
    await count(other, 2);
    unlinkSync(at("auth.log.1"));
    await passUntilLetGo(idle, pass);
    await until("it is closed", () => !open().some((name) => name.endsWith("(deleted)")));
    assert.deepEqual(open(), ["auth.log"]);
    appendFileSync(path, lines("3"));
    await count(other, 3);
    assert.deepEqual([idle.texts, other.texts], [["1"], ["1", "2", "3"]]);
  },
);

idles(
  "what was compressed meanwhile is read when it goes on, and nothing twice",
  async ({ path, at, follow, open, pass }) => {
    appendFileSync(path, lines("1", "2"));
    const [idle, other] = [follow(), follow()];
    await count(idle, 2);
    idle.following.pause();
    appendFileSync(path, lines("3"));
    renameSync(path, at("auth.log.2"));
    writeFileSync(path, lines("4"));
    await count(other, 4);
    renameSync(path, at("auth.log.1"));
    writeFileSync(path, lines("5"));
    await count(other, 5);
    compress(at("auth.log.2"), at("auth.log.2.gz"));
    await until("it is deleted", () => open().includes("auth.log.2 (deleted)"));
    await until("it was looked at", () => true);
    const mark = idle.following.mark();
    assert.deepEqual([mark.hash, mark.offset], [sha1("1\n"), 4]);
    pass(61);
    pass(61);
    await passUntilLetGo(idle, pass);
    assert.deepEqual(idle.following.mark(), mark);
    compress(at("auth.log.1"), at("auth.log.1.gz"));
    idle.following.resume();
    await count(idle, 5);
    appendFileSync(path, lines("6"));
    await count(idle, 6);
    await count(other, 6);
    for (const { texts } of [idle, other]) assert.deepEqual(texts, ["1", "2", "3", "4", "5", "6"]);
  },
);

idles("within the minute also what was deleted is read to its end", async ({ path, follow, open }) => {
  appendFileSync(path, lines("1"));
  const idle = follow();
  await count(idle, 1);
  idle.following.pause();
  appendFileSync(path, lines("2"));
  unlinkSync(path);
  writeFileSync(path, lines("3"));
  await until("both are open", () => open().length === 2);
  idle.following.resume();
  await count(idle, 3);
  assert.deepEqual(idle.texts, ["1", "2", "3"]);
});

idles("a log that is nowhere any more goes on with the one of its name", async ({ path, follow, pass }) => {
  appendFileSync(path, lines("1"));
  const idle = follow();
  await count(idle, 1);
  idle.following.pause();
  appendFileSync(path, lines("2"));
  unlinkSync(path);
  await passUntilLetGo(idle, pass);
  idle.following.resume();
  writeFileSync(path, lines("3"));
  await count(idle, 2);
  assert.deepEqual(idle.texts, ["1", "3"]);
});

idles("who began at the end goes on from his place, not from the end", async ({ path, follow, pass }) => {
  appendFileSync(path, lines("1"));
  const idle = follow({ tail: true });
  appendFileSync(path, lines("2"));
  await count(idle, 1);
  idle.following.pause();
  unlinkSync(path);
  await passUntilLetGo(idle, pass);
  writeFileSync(path, lines("3", "4"));
  await until("the new one is noticed", () => idle.following.stats().trouble === null);
  assert.deepEqual(idle.texts, ["2"]);
  idle.following.resume();
  await count(idle, 3);
  assert.deepEqual(idle.texts, ["2", "3", "4"]);
});

idles("of more parts than may wait the oldest are left out, and that is said", async ({ path, at, follow, open }) => {
  appendFileSync(path, lines("0"));
  const idle = follow();
  await count(idle, 1);
  idle.following.pause();
  for (let i = 1; i <= 26; i += 1) {
    renameSync(path, at(`kept-${i}`));
    writeFileSync(path, lines(String(i)));
    await until("it is noticed", () => open().filter((name) => name === "auth.log").length === 1);
  }
  await until("the third was left out", () => idle.said.filter(({ level }) => level === "WARNING").length === 3);
  for (const { text } of idle.said.filter(({ level }) => level === "WARNING"))
    assert.match(text, /was rotated too often while it could not be read: 1 old parts are left out$/);
  assert.equal(open().length, 24, open().join(" "));
  idle.following.resume();
  await until("the youngest came", () => idle.texts.at(-1) === "26");
  assert.deepEqual(idle.texts.slice(0, 2), ["0", "4"]);
});

idles(
  "a log that was begun empty and truncated before anything of it was read is finished from its copy",
  async (place) => {
    const { path, at, follow, open } = place;
    appendFileSync(path, lines("1"));
    const idle = follow();
    await count(idle, 1);
    idle.following.pause();
    renameSync(path, at("auth.log.1"));
    writeFileSync(path, "");
    await until("the empty one is noticed", () => open().length === 2);
    appendFileSync(path, lines("2"));
    renameSync(at("auth.log.1"), at("auth.log.2"));
    copyFileSync(path, at("auth.log.1"));
    truncateSync(path);
    appendFileSync(path, lines("3"));
    renameSync(at("auth.log.2"), at("auth.log.3"));
    renameSync(at("auth.log.1"), at("auth.log.2"));
    renameSync(path, at("auth.log.1"));
    writeFileSync(path, lines("4"));
    await until("the last one is noticed", () => open().length === 3);
    idle.following.resume();
    await count(idle, 4);
    assert.deepEqual(idle.texts, ["1", "2", "3", "4"]);
  },
);

idles("a log that was away for long and comes back under its old inode is read", async ({ path, follow, pass }) => {
  appendFileSync(path, lines("1"));
  const got = follow();
  await count(got, 1);
  for (const text of ["2", "3", "4"]) {
    unlinkSync(path);
    await until("its absence is said", () => {
      pass(1);
      return got.said.filter((words) => words.text.includes("has been missing")).length === Number(text) - 1;
    });
    writeFileSync(path, lines(text));
    await count(got, Number(text));
  }
  assert.deepEqual(got.texts, ["1", "2", "3", "4"]);
});
