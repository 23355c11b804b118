/** What files can hold: half lines, endless lines, wide characters; many files, many jails. What they can be instead is in trouble.test.ts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, followFile, onFiles, sha1 } from "./bench.ts";
import { until } from "./suite.ts";

onFiles("a line without its end waits until it is whole", async ({ path, follower }) => {
  const got = followFile(follower, path);
  appendFileSync(path, "first\nhal");
  await count(got, 1);
  appendFileSync(path, "f of ");
  const other = followFile(follower, path);
  await count(other, 1);
  assert.equal(got.following.mark().offset, 6);
  appendFileSync(path, "it\n");
  await count(got, 2);
  await count(other, 2);
  assert.deepEqual(got.texts, ["first", "half of it"]);
});

onFiles("a line over the limit is cut, counted and said, and the next one is whole", async ({ path, follower }) => {
  const got = followFile(follower, path);
  const long = "x".repeat(300_000);
  appendFileSync(path, `one\n${"y".repeat(65_536)}\n${long}`);
  await count(got, 2);
  appendFileSync(path, `${long}\ntwo\n${long}\nthree\n`);
  await count(got, 6);
  assert.deepEqual(
    got.texts.map((text) => text.length),
    [3, 65_536, 65_536, 3, 65_536, 5],
  );
  assert.equal(got.following.stats().cut, 2);
  assert.deepEqual(
    got.said.filter((words) => words.level === "WARNING").map((words) => words.text),
    [`A line of 600001 bytes in ${path} was cut to 65536; more of them are only counted`],
  );
  assert.equal(got.following.mark().offset, 4 + 65_537 + 600_001 + 4 + 300_001 + 6);
});

// U+0A4C before U+0100 holds the bytes of a line feed, half a character off.
onFiles("UTF-16 is cut at its own line ends, also when they lie across reads", async ({ path, follower }) => {
  const got = followFile(follower, path, { encoding: "utf-16-le" });
  const texts = Array.from({ length: 5000 }, (_, i) => `Ċ line ${i} äöü ${"ੌĀ".repeat(i % 40)}`);
  for (let i = 0; i < texts.length; i += 500)
    appendFileSync(path, Buffer.from(`${texts.slice(i, i + 500).join("\n")}\n`, "utf16le"));
  await count(got, texts.length);
  assert.deepEqual(got.texts, texts);
});

onFiles("what is said when a log is added shows position and digest", async ({ path, follower }) => {
  writeFileSync(path, "first line\nsecond line\nhalf");
  const said = (asked: Parameters<typeof followFile>[2]): string => {
    const {
      following,
      said: [words],
    } = followFile(follower, path, asked);
    following.stop();
    return words?.text ?? "";
  };
  const hash = sha1("first line\n");
  assert.equal(said({}), `Added logfile: '${path}' (pos = 0, hash = ${hash})`);
  assert.equal(
    said({ mark: { hash, offset: 11, proof: null } }),
    `Added logfile: '${path}' (pos = 11, hash = ${hash})`,
  );
  assert.equal(
    said({ mark: { hash: sha1("other\n"), offset: 11, proof: null } }),
    `Added logfile: '${path}' (pos = 0, hash = ${hash})`,
  );
  assert.equal(
    said({ tail: true, mark: { hash, offset: 11, proof: null } }),
    `Added logfile: '${path}' (pos = 23, hash = ${hash})`,
  );
  writeFileSync(path, "half");
  assert.equal(said({}), `Added logfile: '${path}' (pos = 0, hash = )`);
});

onFiles("with tail only what comes is read, and it is live at once", async ({ path, follower }) => {
  writeFileSync(path, "old\n");
  const got = followFile(follower, path, { tail: true });
  appendFileSync(path, "new\n");
  await count(got, 1);
  assert.deepEqual([got.texts, got.live], [["new"], [true]]);
});

onFiles("reading begins where the dates are young enough", async ({ path, follower }) => {
  writeFileSync(path, Array.from({ length: 2000 }, (_, i) => `${1000 + i} line\n`).join(""));
  const got = followFile(follower, path, { since: 2990, dateOf: (raw) => Number.parseInt(raw, 10) });
  await count(got, 10);
  assert.equal(got.texts[0], "2990 line");
  assert.equal(got.live.includes(true), false);
});

onFiles(
  "a file is opened once however many jails read it, and closed with the last",
  async ({ path, folder, follower }) => {
    const open = (): number =>
      readdirSync("/proc/self/fd").filter(
        (fd) => existsSync(`/proc/self/fd/${fd}`) && readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder),
      ).length;
    const jails = Array.from({ length: 30 }, () => followFile(follower, path));
    appendFileSync(path, "1\n2\n");
    await until("all have both", () => jails.every((jail) => jail.texts.length === 2));
    assert.equal(open(), 1);
    assert.equal(new Set(jails.map((jail) => jail.chunks.at(-1))).size, 1);
    for (const jail of jails) jail.following.stop();
    assert.equal(open(), 0);
  },
);

onFiles("a jail that comes later catches up without disturbing the others", async ({ path, follower }) => {
  const early = followFile(follower, path);
  appendFileSync(path, "1\n2\n3\n");
  await count(early, 3);
  const late = followFile(follower, path, { mark: { hash: sha1("1\n"), offset: 2, proof: null } });
  await count(late, 2);
  appendFileSync(path, "4\n");
  await count(late, 3);
  await count(early, 4);
  assert.deepEqual(
    [early.texts, late.texts],
    [
      ["1", "2", "3", "4"],
      ["2", "3", "4"],
    ],
  );
  assert.deepEqual(late.live, [false, false, true]);
  assert.equal(early.chunks.at(-1), late.chunks.at(-1));
});

onFiles("a flooding log does not keep another one waiting", async ({ path, folder, follower }) => {
  writeFileSync(path, `${"flood ".repeat(20)}\n`.repeat(100_000));
  const small = join(folder, "small.log");
  writeFileSync(small, "one\n");
  const flood = followFile(follower, path, { deliver: () => (flooded += 1) });
  let flooded = 0;
  let before = -1;
  followFile(follower, small, { deliver: () => (before = flooded) });
  await until("the small one came", () => before >= 0);
  assert.ok(before < 5, `${before} chunks of the flood came first`);
  assert.ok(flood.following.stats().behindBytes > 1_000_000);
  await until("it is told for how long", () => flood.following.stats().behindSeconds > 0);
  await until("the flood is over", () => flood.following.stats().behindBytes === 0);
  assert.equal(flood.following.stats().behindSeconds, 0);
});

onFiles("five hundred files are followed together", async ({ folder, follower }) => {
  const paths = Array.from({ length: 500 }, (_, i) => join(folder, `${i}.log`));
  for (const path of paths) writeFileSync(path, "old\n");
  const all = paths.map((path) => followFile(follower, path));
  for (const path of paths) appendFileSync(path, "new\n");
  await until("all came", () => all.every((got) => got.texts.length === 2));
});

onFiles("a line is told of by the system, without a look at the file", async ({ path, follower }) => {
  const got = followFile(follower, path);
  await until("it is live", () => got.following.stats().live);
  for (let i = 1; i <= 20; i += 1) {
    appendFileSync(path, `${i}\n`);
    await count(got, i);
  }
});

onFiles("a jail that stops another one while lines are delivered is obeyed at once", async ({ path, follower }) => {
  const victim: { stop?: () => void } = {};
  let first = 0;
  followFile(follower, path, {
    deliver: () => {
      first += 1;
      victim.stop?.();
    },
  });
  const second = followFile(follower, path);
  victim.stop = () => second.following.stop();
  appendFileSync(path, "1\n");
  await until("the first got it", () => first === 1);
  assert.deepEqual(second.texts, []);
});

onFiles(
  "a folder that appears later is watched",
  async ({ folder, follower }) => {
    const path = join(folder, "new/deep.log");
    const got = followFile(follower, path);
    execFileSync("mkdir", [join(folder, "new")]);
    writeFileSync(path, "1\n");
    await count(got, 1);
    assert.equal(got.following.stats().mode, "pyinotify");
  },
  "quickly",
);

onFiles(
  "who begins at the end of a file has reached it: what is written before the first look is live",
  async (place) => {
    const got = followFile(place.follower, place.path);
    appendFileSync(place.path, "at once\n");
    await count(got, 1);
    const later = join(place.folder, "b.log");
    writeFileSync(later, "before\n");
    const other = followFile(place.follower, later);
    appendFileSync(later, "after\n");
    await count(other, 2);
    assert.deepEqual([got.live, other.live], [[true], [false, false]]);
  },
);
