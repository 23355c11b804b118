/** No evaluator lies: matcher, printed form, linear form, literals and first characters agree on random expressions and texts. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import fc from "fast-check";
import { numbers, randomExpression, randomText } from "./expressions.fixture.ts";
import { compilePattern, type Finding, GAVE_UP, prepareEngine } from "./index.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

function spans(found: Finding | null | typeof GAVE_UP, groups: number): unknown {
  if (found === null || found === GAVE_UP) return found;
  return Array.from({ length: groups + 1 }, (_, index) => found.spanAt(index));
}

test("all evaluators agree, and literals and first characters never exclude a match", () => {
  let matches = 0;
  let needles = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const pick = numbers(seed);
      const source = pick(3) === 0 ? `^${randomExpression(pick)}` : `${randomExpression(pick)}(?:abc|x1|Sk)`;
      const compiled = compilePattern(source, { usedns: "warn", multiline: pick(4) === 0 });
      if (!compiled.ok) return;
      const { pattern } = compiled;
      const { regex } = pattern;
      const { groups } = regex.tree;
      if (pattern.needles !== null) needles++;
      for (let round = 0; round < 8; round++) {
        const text = randomText(pick, round % 2 === 1) + (pick(2) === 0 ? "abc" : "");
        const matched = regex.execBy("matcher", text);
        if (matched === GAVE_UP || matched === "cannot") continue;
        const truth = spans(matched, groups);
        const say = `${source} on ${JSON.stringify(text)}`;
        assert.deepEqual(spans(regex.exec(text), groups), truth, say);
        for (const by of ["printed", "linear"] as const) {
          const found = regex.execBy(by, text);
          if (found !== "cannot") assert.deepEqual(spans(found, groups), truth, `${by}: ${say}`);
        }
        if (matched === null) continue;
        matches++;
        assert.ok(pattern.needles?.some((needle) => text.includes(needle)) ?? true, `needles: ${say}`);
        const first = text.charCodeAt(0);
        assert.ok(pattern.firstChars === null || first > 127 || pattern.firstChars.has(first), `first: ${say}`);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(matches > 300 && needles > 50, "the run proves nothing");
});
