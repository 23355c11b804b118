/** Loops that watch for a text, with and without look-ahead: the same matches, groups and order of trying. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import fc from "fast-check";
import { compileRegex, GAVE_UP, prepareEngine, type Regex } from "./index.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

function compiled(source: string): Regex {
  const made = compileRegex(source);
  assert.ok(made.ok, source);
  return made.regex;
}

const USER = "^for (?P<user>(?P<word>\\S+)|(?:(?! from ).)*?) from (?P<host>\\d+)(?(word): |(?:(?:(?! from ).)*)$)";

/** Each with a share of texts that almost hold what it watches for. */
const EXPRESSIONS: readonly (readonly [source: string, pieces: readonly string[]])[] = [
  ["^for (?P<user>(?:(?! from ).)*?) from (?P<host>\\d+)", ["for ", " from ", " from", " fr", "from ", "1", " ", "x"]],
  [USER, ["for ", " from ", " from", " fro", "m ", "1", ": ", " ", "x", "\n"]],
  ["((?:(?! from ).)*)(\\w*)$", [" from ", " from", " f", " ", "m", "x", "\n"]],
  ["(?P<a>(?:(?!ab).)*?)(?P<b>b)", ["a", "b", "ab", "aab", "x"]],
  ["(?P<a>(?:(?!aab).)*)ab", ["a", "b", "aab", "ab", "x"]],
  ["(?P<a>(?:(?!a[bx]c).)*)(?P<b>a[bx])(?P<c>c?)$", ["a", "b", "c", "x", "abc", "axc"]],
  ["(?P<a>(?:(?!abca).)+?)a", ["a", "b", "c", "abca", "abc"]],
  ["^(?P<a>(?:(?!abc).)*?)(?P<b>abc|ab|a)$", ["a", "b", "c", "abc", "ab"]],
];

test("a loop that watches for a text means the same when it is printed without look-ahead", () => {
  let matches = 0;
  fc.assert(
    fc.property(fc.nat(EXPRESSIONS.length - 1), fc.array(fc.nat(9), { maxLength: 14 }), (which, picks) => {
      const [source, pieces] = EXPRESSIONS[which] ?? ["", []];
      const text = picks.map((pick) => pieces[pick % pieces.length]).join("");
      const regex = compiled(source);
      const wanted = regex.execBy("matcher", text);
      for (const by of ["printed", "linear"] as const) {
        const found = regex.execBy(by, text);
        if (found === "cannot" || found === GAVE_UP || wanted === GAVE_UP || wanted === "cannot") continue;
        const say = `${by}: ${source} on ${JSON.stringify(text)}`;
        assert.equal(found === null, wanted === null, say);
        for (let group = 0; group <= regex.tree.groups; group++)
          assert.deepEqual(found?.spanAt(group), wanted?.spanAt(group), say);
        if (found !== null) matches++;
      }
    }),
    { numRuns: 6000 },
  );
  assert.ok(matches > 1000, `${matches} matches prove nothing`);
});

test("what it makes of them", () => {
  const isLinear = (source: string): boolean => compiled(source).linear;
  assert.equal(isLinear("^a(?:(?! from ).)*? from \\d"), true);
  assert.equal(isLinear("^a(?:(?! from ).)*$"), true);
  assert.equal(isLinear(USER), true);
  // Whether "ab" is completed by what follows cannot be told; "aab" may have begun twice at a time.
  assert.equal(isLinear("^(?:(?!abc).)*\\w"), false);
  assert.equal(isLinear("^(?:(?!aab).)*x"), false);
});
