/** Looking ahead leaves out no way that leads to a match: the matcher finds the same with it and without. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numbers, randomExpression, randomText } from "./expressions.fixture.ts";
import { compileRegex } from "./index.ts";
import { MAX_STEPS, runProgram } from "./matcher.ts";
import { prospectsOf } from "./prospects.ts";

const SEARCH = { from: 0, anchored: false, steps: MAX_STEPS, watcher: null };

test("the matcher finds the same when it looks ahead and remembers from the first step on", () => {
  let matches = 0;
  let hopeless = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const pick = numbers(seed);
      const source = pick(3) === 0 ? `^${randomExpression(pick)}` : `${randomExpression(pick)}(?:abc|x1|Sk)`;
      const compiled = compileRegex(source, { multiline: pick(4) === 0 });
      if (!compiled.ok) return;
      const { program } = compiled.regex;
      for (let round = 0; round < 8; round++) {
        const text = randomText(pick, round % 2 === 1) + (pick(2) === 0 ? "abc" : "");
        const from = pick(4) === 0 ? pick(text.length + 1) : 0;
        const wanted = runProgram(program, { ...SEARCH, text, from });
        if (wanted === "gave up") continue;
        const say = `${source} on ${JSON.stringify(text)} from ${from}`;
        assert.deepEqual(runProgram(program, { ...SEARCH, text, from, eager: true }), wanted, say);
        if (wanted !== null) matches++;
        else if (!prospectsOf(program, text).may(0, 0)) hopeless++;
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(matches > 1000 && hopeless > 1000, `${matches} matches and ${hopeless} hopeless texts prove nothing`);
});

/** Expression, text, and whether a match may begin at its front. */
const ROWS: readonly (readonly [source: string, text: string, may: boolean])[] = [
  ["a+b", "aaab", true],
  ["a+b", "aaa", false],
  ["a*$", "aa\n", true],
  ["a*$", "aa\n\n", false],
  ["a*\\Z", "aa\n", false],
  ["(?m)a*$", "aa\n\n", true],
  ["(?:a|b)*c", "abab", false],
  ["[^é]+!", "\u{1f600}!", true],
  ["(?>a|ab)c", "abc", true],
  ["(?=ab)a", "ac", false],
  ["(?!ab)a+", "aab", true],
  ["(?!aa)a+", "aab", false],
  ["(?:(?!xy).)*!", "axy!", false],
  ["(?:(?!xé).)*!", "axy!", true],
  ["(a)b\\1", "abxa", true],
  ["(a)b\\1c", "abac", true],
  ["(a)b\\1c", "abab", false],
];

test("hope ends where nothing that must come comes any more", () => {
  for (const [source, text, may] of ROWS) {
    const compiled = compileRegex(source);
    assert.ok(compiled.ok, source);
    assert.equal(prospectsOf(compiled.regex.program, text).may(0, 0), may, `${source} on ${JSON.stringify(text)}`);
  }
});
