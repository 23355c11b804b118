import assert from "node:assert/strict";
import { test } from "node:test";
import { compileRegex } from "./index.ts";

/** Expressions that Python 3.11 refuses, and its words. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["(a", "missing ), unterminated subpattern at position 0"],
  ["a)", "unbalanced parenthesis at position 1"],
  ["[a", "unterminated character set at position 0"],
  ["[]", "unterminated character set at position 0"],
  ["[z-a]", "bad character range z-a at position 1"],
  ["[\\d-z]", "bad character range \\d-z at position 1"],
  ["*a", "nothing to repeat at position 0"],
  ["^*", "nothing to repeat at position 1"],
  ["(*a)", "nothing to repeat at position 1"],
  ["a**", "multiple repeat at position 2"],
  ["a{2}{3}", "multiple repeat at position 4"],
  ["a{3,2}", "min repeat greater than max repeat at position 2"],
  ["\\e", "bad escape \\e at position 0"],
  ["[\\q]", "bad escape \\q at position 1"],
  ["a\\", "bad escape (end of pattern) at position 1"],
  ["\\x1", "incomplete escape \\x1 at position 0"],
  ["\\u12g4", "incomplete escape \\u12 at position 0"],
  ["\\777", "octal escape value \\777 outside of range 0-0o377 at position 0"],
  ["\\2(a)", "invalid group reference 2 at position 1"],
  ["(a\\1)", "cannot refer to an open group at position 2"],
  ["(?P<a>x)(?P<a>y)", "redefinition of group name 'a' as group 2; was group 1 at position 12"],
  ["(?P<a", "missing >, unterminated name at position 4"],
  ["(?P<>x)", "missing group name at position 4"],
  ["(?P<1a>x)", "bad character in group name '1a' at position 4"],
  ["(?P=a)", "unknown group name 'a' at position 4"],
  ["(?Px)", "unknown extension ?Px at position 1"],
  ["(?<x)", "unknown extension ?<x at position 1"],
  ["(?z)", "unknown extension ?z at position 1"],
  ["(?", "unexpected end of pattern at position 2"],
  ["(?#a", "missing ), unterminated comment at position 0"],
  ["x(?i)y", "global flags not at the start of the expression at position 1"],
  ["(?i-i:a)", "bad inline flags: flag turned on and off at position 5"],
  ["(?L)a", "bad inline flags: cannot use 'L' flag with a str pattern at position 3"],
  ["(?-a:b)", "bad inline flags: cannot turn off flags 'a', 'u' and 'L' at position 4"],
  ["(?iz)", "unknown flag at position 3"],
  ["(?<=a+)b", "look-behind requires fixed-width pattern"],
  ["(?(1)a|b|c)(x)", "conditional backref with more than two branches at position 8"],
  ["(?(2)a)(x)", "invalid group reference 2 at position 3"],
  ["(?(x)a)", "unknown group name 'x' at position 3"],
  ["(?(0)a)", "bad group number at position 3"],
  ["a\n(b", "missing ), unterminated subpattern at position 2 (line 2, column 1)"],
];

test("what Python refuses is refused in its words", () => {
  for (const [source, message] of REFUSED) assert.deepEqual(compileRegex(source), { ok: false, message }, source);
});

test("characters by name are the one thing that is refused though Python takes it", () => {
  const compiled = compileRegex("\\N{BULLET}");
  assert.ok(!compiled.ok && compiled.message === "characters by name are not supported: \\N{BULLET} at position 0");
});

test("flags may be given from outside as if they stood at the start", () => {
  const compiled = compileRegex("A # no matter", { ignoreCase: true, verbose: true });
  assert.ok(compiled.ok);
  assert.notEqual(compiled.regex.exec("xa"), null);
});
