import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { followFile, openFollower } from "./bench.ts";
import { nameExpression } from "./fnmatch.ts";
import { expandGlob, leadsTo } from "./glob.ts";
import { until } from "./suite.ts";

const PATTERNS: readonly (readonly [pattern: string, name: string, isMatch: boolean])[] = [
  ["*.log", "a.log", true],
  ["*.log", ".log", true],
  ["*.log", "a.log.1", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["[ab]x", "bx", true],
  ["[!ab]x", "cx", true],
  ["[!ab]x", "ax", false],
  ["[a-c]", "b", true],
  ["[c-a]", "b", false],
  ["[]]", "]", true],
  ["[!]]", "]", false],
  ["[a-]", "-", true],
  ["[-a]", "-", true],
  ["[", "[", true],
  ["a[b", "a[b", true],
  ["[!]", "[!]", true],
  ["[^a]", "^", true],
  ["[^a]", "b", false],
  ["a.c", "abc", false],
  ["(a|b)", "a", false],
  ["**", "ab", true],
  ["*", "a\nb", true],
  ["[\\]x", "\\x", true],
];

test("names match as Python's fnmatch says", () => {
  for (const [pattern, name, isMatch] of PATTERNS)
    assert.equal(nameExpression(pattern).test(name), isMatch, `${pattern} ${name}`);
});

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "glob-"));
  for (const name of ["b/x.log", "a/x.log", "a/y.log.1", ".hidden/x.log", "a/.dot.log", "z[1].log", "c.log", "ä.log"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  symlinkSync("nowhere", join(folder, "dangling.log"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test(
  "paths are found as Python's glob finds them, in its order",
  { skip: spawnSync("python3", ["-V"]).status === 0 ? false : "no python3" },
  () => {
    inFolder((folder) => {
      const patterns = [
        "*.log",
        "*/*.log",
        "*",
        "*/",
        "**",
        "**/*.log",
        ".*",
        ".*/*",
        "a/.*",
        "[ab]/x.log",
        "z[[]1].log",
        "z[1].log",
        "c.log",
        "nothing.log",
        "dangling.log",
        "d*",
        "a//x.log",
        "*//x.log",
        "?/./x.log",
        "a*/../b/x.log",
        "ä*",
      ];
      const wanted: unknown = JSON.parse(
        execFileSync(
          "python3",
          [
            "-c",
            "import glob,json,sys;print(json.dumps([glob.glob(p) for p in sys.argv[1:]]))",
            ...patterns.map((pattern) => `${folder}/${pattern}`),
          ],
          { encoding: "utf8" },
        ),
      );
      assert.deepEqual(
        patterns.map((pattern) => expandGlob(`${folder}/${pattern}`)),
        wanted,
      );
    });
  },
);

test("a file that matches later is told once; rotated parts and copies of followed logs are not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glob-"));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("a.log"), "1\n2\n");
  const follower = openFollower("quickly");
  const told: string[] = [];
  const end = follower.watchGlob(at("*.log*"), (path) => told.push(path));
  const got = followFile(follower, at("a.log"));
  await until("both came", () => got.texts.length === 2);

  writeFileSync(at("b.log"), "new\n");
  await until("it was told", () => told.length === 1);
  writeFileSync(at("c.log"), "");
  renameSync(at("a.log"), at("a.log.1"));
  writeFileSync(at("a.log"), "3 aaaaaaaaa\n");
  await until("the rotation was followed", () => got.texts.length === 3);
  copyFileSync(at("a.log"), at("a.log.2"));
  truncateSync(at("a.log"));
  appendFileSync(at("a.log"), "4\n");
  writeFileSync(at("a.log.3.gz"), "not text\n");
  await until("the truncation was followed", () => got.texts.length === 4);
  appendFileSync(at("c.log"), "its first line\n");
  await until("the empty one was told when it had a line", () => told.length === 2);
  assert.deepEqual(told, [at("b.log"), at("c.log")]);
  end();
  writeFileSync(at("d.log"), "new\n");
  follower.close();
  rmSync(folder, { recursive: true });
});

test("folders that match later are searched as well", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glob-"));
  const follower = openFollower("quickly");
  const told: string[] = [];
  follower.watchGlob(join(folder, "*/access.log"), (path) => told.push(path));
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site/access.log"), "1\n");
  await until("it was told", () => told.length === 1);
  follower.close();
  rmSync(folder, { recursive: true });
});

test("a path is led to by a pattern whether it exists or not, part by part", () => {
  const table: readonly (readonly [pattern: string, path: string, leads: boolean])[] = [
    ["/log/*.log", "/log/a.log", true],
    ["/log/*.log", "/log/b/a.log", false],
    ["/log/*/a[0-9]", "/log/b/a7", true],
    ["/log/?", "/log/ab", false],
    ["/log/a", "/log/a", true],
  ];
  for (const [pattern, path, leads] of table) assert.equal(leadsTo(pattern, path), leads, `${pattern} ${path}`);
});

test("with the paths given that are known, others that match already are told too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glob-"));
  for (const name of ["a.log", "b.log"]) writeFileSync(join(folder, name), "1\n");
  const follower = openFollower("quickly");
  const told: string[] = [];
  follower.watchGlob(join(folder, "*.log"), (path) => told.push(path), [join(folder, "a.log")]);
  await until("it was told", () => told.length > 0);
  assert.deepEqual(told, [join(folder, "b.log")]);
  follower.close();
  rmSync(folder, { recursive: true });
});

test("a new folder and its file are noticed from the kernel's news, without the poll", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glob-"));
  const follower = openFollower("never");
  const told: string[] = [];
  follower.watchGlob(join(folder, "*/log/*.log"), (path) => told.push(path));
  mkdirSync(join(folder, "site/log"), { recursive: true });
  writeFileSync(join(folder, "site/log/a.log"), "1\n");
  await until("it was told", () => told.length === 1);
  writeFileSync(join(folder, "site/log/b.log"), "");
  await until("its empty neighbour was told when it had a line", () => {
    appendFileSync(join(folder, "site/log/b.log"), "1\n");
    return told.length === 2;
  });
  follower.close();
  rmSync(folder, { recursive: true });
});
