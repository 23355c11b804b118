import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import { compilePattern, explainPattern, lintPattern, type Pattern, prepareEngine } from "./index.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

function pattern(source: string): Pattern {
  const compiled = compilePattern(source, { usedns: "warn", multiline: false });
  assert.ok(compiled.ok, source);
  return compiled.pattern;
}

const DOUBTS: readonly (readonly [string, readonly string[]])[] = [
  ["^Failed password for <F-USER>\\S+</F-USER> from <HOST>$", []],
  ["Failed password from <HOST>", ["not-anchored"]],
  ["^a|from here <HOST>", ["not-anchored", "no-literal"]],
  ["^(?:Failed|Wrong) <HOST>", []],
  ["^Failed .* from <HOST>", ["catch-all-before-host"]],
  ["^Failed (?:user .* )?from <HOST>: .*$", ["catch-all-before-host"]],
  ["^Failed .* from <HOST>$", []],
  ["^Failed .*? from <HOST>", []],
  ['^Failed "[^"]*" from <HOST>', []],
  ["^Failed (?!x)from <HOST>$", []],
  ["^Failed (\\w)\\1 from <HOST>$", ["not-linear"]],
  ["^\\S+ <HOST>$", ["no-literal"]],
];

test("doubtful expressions are told", () => {
  for (const [source, kinds] of DOUBTS) {
    const found = lintPattern(pattern(source));
    assert.deepEqual(
      found.map((lint) => lint.kind),
      kinds,
      source,
    );
    for (const lint of found) assert.ok(lint.message.length > 20 && lint.remedy.length > 10);
  }
});

const EXPLAINED: readonly (readonly [string, string, string, string])[] = [
  ["^Failed password for \\S+ from <HOST>", "Failed pass for bob\n", "Failed pass", '"word for "'],
  ["^port \\d+$", "port x\n", "port ", "a digit"],
  ["^a (?:foo|bar) <HOST>", "a baz\n", "a ba", '"r"'],
  ["^from <HOST>$", "from -\n", "from -", "a host name"],
  ["^from <HOST> now$", "from 1.2.3.4 then\n", "from 1.2.3.4 ", '"now"'],
  ["from .* to <HOST>$", "x from a to 1.2.3.4 y\n", "from a to 1.2.3.4", "the end of the line"],
  ["^a(?!b)c", "ab\n", "a", "(?!b)"],
  ["^[xy]z", "az\n", "", "one of [xy]"],
];

test("an expression that does not match tells how far it came and what it wanted there", () => {
  for (const [source, text, part, expected] of EXPLAINED) {
    const told = explainPattern(pattern(source), text);
    assert.equal(told.matched, false, source);
    assert.equal(text.slice(told.at, told.longest), part, source);
    assert.equal(told.expected, expected, source);
  }
});

test("an expression that matches tells where", () => {
  const told = explainPattern(pattern("b+"), "abbc");
  assert.deepEqual(told, { matched: true, at: 1, longest: 3, expected: "" });
});
