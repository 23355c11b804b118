/** Look-ahead that is worked into what follows: the same matches, groups and order of trying. */
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

/** Each with pieces of which some hold what it watches for, or almost. All are taken by the linear engine. */
const EXPRESSIONS: readonly (readonly [source: string, pieces: readonly string[]])[] = [
  ["\\[(:?err|(?!evi)\\S+:\\S+)\\]", ["[", "]", "e", "v", "evi", "err", ":", "x", " "]],
  ["^user (?!`)(?P<user>(?:\\S*|.*?)) (?:not|denied)\\b", ["user ", "`", "x", " ", "not", "denied", "\n"]],
  ['^a(?:(?:,(?!Re=)\\w+="[^"]*")*|.*?),Re="(\\d)"', ["a", ",", "Re=", "R", "e", "=", '"', "1", "x"]],
  [
    "F, (?:(?!ip=)(?:user=(?P<user>[^,]*)|\\w+=[^,]*), )*ip=(\\d)",
    ["F, ", "ip=", "i", "p", "user=", "=", ", ", "1", "x"],
  ],
  ["(?:(?!error|info)[\\w-]+: )?(?:(?:error|info):\\s*)?c (\\d)", ["error", "info", ": ", "err", "x", "c ", "1", "-"]],
  ["\\[(?!rec\\])(.*)\\]\\s+Ban (\\d)", ["[", "rec", "re", "]", " ", "Ban ", "1", "x"]],
  ["1 - (?!- )(?P<user>\\S+) \\[\\]", ["1 - ", "-", " ", "x", "[]"]],
  ["(?:lost(?! DATA) [A-Z]+|bad) (?P<rest>.+)$", ["lost", "bad", " ", "D", "DATA", "A", "x", "\n"]],
  [
    "^(?:w|(?:p: (?:m-)?r|q)|(?:l|d(?= f(?: \\d+=\\d)* a/(?:[1-9]|\\d\\d)))) (?P<c>.+)$",
    ["w", "p: r", "d", "l", " ", "f", " 1=2", " a/", "0", "5", "\n"],
  ],
  ['e "[^"]+(?:"+[^"]*(?="))*?" H', ['e "', '"', "x", " H", '" H']],
  ["^(?!ab)(?:a?b|(x)|[a-c]+?)c$", ["a", "b", "c", "x", "ab"]],
  ["(?P<a>x+)(?!ya[bc])", ["x", "y", "a", "b", "\n"]],
  ["(?P<a>x+)(?::(?!yaa)|$)", ["x", ":", "y", "a", "\n"]],
  ["(?P<a>x(?!ya)\\w{0,2}) (?P<b>y?)", ["x", "y", "a", " "]],
  ["(?P<a>x(?!y\\b)\\w+) (?P<b>y?)", ["x", "y", "a", " "]],
];

test("an expression means the same when its look-ahead is worked into it", () => {
  let matches = 0;
  fc.assert(
    fc.property(fc.nat(EXPRESSIONS.length - 1), fc.array(fc.nat(99), { maxLength: 14 }), (which, picks) => {
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
    { numRuns: 12_000 },
  );
  assert.ok(matches > 1000, `${matches} matches prove nothing`);
});

test("what it makes of them, and where it declines", () => {
  for (const [source] of EXPRESSIONS) assert.equal(compiled(source).linear, true, source);
  // Whether "ab" comes is not told by one character; something must follow that is not taken; a group would be two in a loop.
  for (const source of ["^(?!ab)\\w*[ab]", "^(?=.*x)a+$", "^(?!a)(?:(a|b)c)+$", "^x(?!.*y)\\w+"])
    assert.equal(compiled(source).linear, false, source);
});
