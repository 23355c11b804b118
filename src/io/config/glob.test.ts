import assert from "node:assert/strict";
import { test } from "node:test";
import { glob } from "./glob.ts";
import { memory } from "./memory.fixture.ts";

const files = memory(
  new Map(
    ["b.log", "a.log", "c1.log", ".hidden", "sub/x.log", "sub/deep/y.log", "a]b", "a-b", "[x]"].map((name) => [
      `/l/${name}`,
      "",
    ]),
  ),
);

const PATTERNS: readonly (readonly [string, readonly string[]])[] = [
  ["/l/a.log", ["/l/a.log"]],
  ["/l/nothing", []],
  ["/l/*.log", ["/l/b.log", "/l/a.log", "/l/c1.log"]],
  ["/l/?.log", ["/l/b.log", "/l/a.log"]],
  ["/l/[ab].log", ["/l/b.log", "/l/a.log"]],
  ["/l/[!ab]*.log", ["/l/c1.log"]],
  ["/l/[a-b].log", ["/l/b.log", "/l/a.log"]],
  ["/l/[b-a].log", []],
  ["/l/*/x.log", ["/l/sub/x.log"]],
  ["/l/**/y.log", []],
  ["/l/.*", ["/l/.hidden"]],
  ["/l/a[]]b", ["/l/a]b"]],
  ["/l/a[-x]b", ["/l/a-b"]],
  ["/l/[[]x]", ["/l/[x]"]],
  ["/l/[x", []],
  ["/l/*/", ["/l/sub/"]],
  ["", []],
];

for (const [pattern, expected] of PATTERNS) {
  test(`${pattern} finds ${expected.join(" ") || "nothing"}`, () =>
    assert.deepEqual(glob(files, pattern, 100), expected));
}

test("many stars are no work", () => {
  const many = memory(new Map([[`/l/${"a".repeat(250)}`, ""]]));
  assert.deepEqual(glob(many, `/l/${"*a".repeat(40)}*b`, 10), []);
  assert.equal(glob(many, `/l/${"*a".repeat(40)}*`, 10).length, 1);
});

test("no more files are found than the limit", () => assert.equal(glob(files, "/l/*", 2).length, 2));
