import assert from "node:assert/strict";
import { test } from "node:test";
import { combineNeedles, compilePattern, type Pattern } from "./index.ts";

function pattern(source: string): Pattern {
  const compiled = compilePattern(source, { usedns: "warn", multiline: false });
  assert.ok(compiled.ok, source);
  return compiled.pattern;
}

const ROWS: readonly (readonly [string, readonly string[] | null])[] = [
  ["^Failed password for <F-USER>.*</F-USER> from <HOST>$", ["Failed password for "]],
  ["^(?:error|fatal): \\w+", ["error: ", "fatal: "]],
  ["a(?:bc|de)?f", null],
  ["x(?:foo)+y", ["foo"]],
  ["x(?:foo)*y", null],
  ["abc(?=def)", ["abc"]],
  ["(?!never)always", ["always"]],
  ["(?i)fail", null],
  ["(?i)led", ["led", "lEd", "Led", "LEd", "leD", "lED", "LeD", "LED"].toSorted()],
  ["(?i)12345", ["12345"]],
  ["a[bc]d", ["abd", "acd"]],
  ["naïve password", ["ve password"]],
  ["ab", null],
  ["abc|", null],
  ["(a)?(?(1)yes|no) nothing", ["no nothing", "yes nothing"]],
  ["<HOST>", null],
  ["a\\.b\\.c", ["a.b.c"]],
];

test("literals are those of which every match contains one", () => {
  for (const [source, needles] of ROWS) assert.deepEqual(pattern(source).needles?.toSorted() ?? null, needles, source);
});

test("the literals of several expressions make one search, or none where one has none", () => {
  const both = combineNeedles([pattern("^Failed x"), pattern("^a\\.b(c) ")]);
  assert.ok(both !== null);
  assert.ok(both.test("... a.bc ...") && both.test("Failed x") && !both.test("a-bc Failed"));
  assert.equal(combineNeedles([pattern("^Failed x"), pattern("<HOST>")]), null);
  assert.equal(combineNeedles([]), null);
});
