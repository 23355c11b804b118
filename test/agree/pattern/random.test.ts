/** Random expressions of the dialect on random texts: our evaluators against Python's `re`. The seed is printed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import v8 from "node:v8";
import { compileRegex, type Finding, GAVE_UP, prepareEngine } from "../../../src/core/pattern/index.ts";
import { type Node, some } from "../../../src/core/pattern/tree.ts";
import {
  damagedExpression,
  numbers,
  randomExpression,
  randomText,
} from "../../../src/core/pattern/expressions.fixture.ts";
import { Python, PYTHON_WANTED, pythonVersion, type Span } from "./python.fixture.ts";

const skip = pythonVersion() >= PYTHON_WANTED ? false : "needs Python 3.11.5 or later";
const seed = Number(process.env["PATTERN_SEED"] ?? 20_261_122);
const rounds = Number(process.env["PATTERN_ROUNDS"] ?? 2500);

let python: Python;
before(() => {
  prepareEngine((flag) => v8.setFlagsFromString(flag));
  if (skip === false) python = new Python();
});
after(() => {
  if (skip === false) python.end();
});

/** Python mixes up captures inside of possessive loops: `(?:(a)|b?){2}+` on "a" gives an empty group 1. */
function isBrokenInPython(node: Node): boolean {
  return node.kind === "repeat" && node.mode === "possessive" && some(node.body, (part) => part.kind === "group");
}

function spansOf(found: Finding | null | string, groups: number): readonly Span[] | null | string {
  if (found === null || typeof found === "string") return found;
  return Array.from({ length: groups + 1 }, (_, index) => found.spanAt(index));
}

test("the same spans and groups as Python's re, by every evaluator", { skip }, async (t) => {
  t.diagnostic(`seed ${seed}, ${rounds} expressions`);
  const pick = numbers(seed);
  const counts = { printed: 0, linear: 0, matched: 0, slow: 0, gaveUp: 0, broken: 0, same: 0 };
  for (let round = 0; round < rounds; round++) {
    const pattern = randomExpression(pick);
    const texts = Array.from({ length: 12 }, (_, at) => randomText(pick, at % 3 === 2));
    const answer = await python.ask({ pattern, texts });
    const ours = compileRegex(pattern);
    if ("error" in answer) {
      if (answer.error === "too slow") counts.slow++;
      else assert.deepEqual(ours, { ok: false, message: answer.error }, JSON.stringify(pattern));
      continue;
    }
    assert.ok(ours.ok, `${JSON.stringify(pattern)}: ${ours.ok ? "" : ours.message}`);
    const { regex } = ours;
    if (some(regex.tree.root, isBrokenInPython)) {
      counts.broken++;
      continue;
    }
    texts.forEach((text, at) => {
      const expected = answer.found[at] ?? null;
      const say = (by: string): string => `${by} on ${JSON.stringify(pattern)} ${JSON.stringify(text)}`;
      const { groups } = regex.tree;
      const matched = regex.execBy("matcher", text);
      if (matched === GAVE_UP) {
        counts.gaveUp++;
        return;
      }
      assert.deepEqual(spansOf(matched, groups), expected, say("matcher"));
      const printed = regex.execBy("printed", text);
      if (printed !== "cannot") {
        counts.printed++;
        assert.deepEqual(spansOf(printed, groups), expected, `${say("printed")} ${regex.printed}`);
        compareTexts(printed, expected, text, say("texts of printed"));
      }
      const linear = regex.execBy("linear", text);
      if (linear !== "cannot") {
        counts.linear++;
        assert.deepEqual(spansOf(linear, groups), expected, say("linear"));
      }
      assert.deepEqual(spansOf(regex.exec(text), groups), expected, say("exec"));
      if (expected !== null) counts.matched++;
    });
    counts.same++;
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.gaveUp < rounds / 100, "too many answers are not known");
  assert.ok(counts.matched > rounds && counts.printed > rounds && counts.linear > rounds, "the run proves nothing");
});

function compareTexts(
  found: Finding | null | string,
  expected: readonly Span[] | null,
  text: string,
  say: string,
): void {
  if (found === null || typeof found === "string" || expected === null) return;
  expected.forEach((span, index) => {
    assert.equal(found.text(index), span === null ? undefined : text.slice(span[0], span[1]), `${say} group ${index}`);
  });
}

test("the same complaints as Python's re about damaged expressions", { skip }, async (t) => {
  const pick = numbers(seed + 1);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const pattern = damagedExpression(pick);
    const answer = await python.ask({ pattern, texts: [] });
    const ours = compileRegex(pattern);
    if ("error" in answer) refused++;
    const message = ours.ok ? null : ours.message;
    assert.equal(message, "error" in answer ? answer.error : null, JSON.stringify(pattern));
  }
  t.diagnostic(`seed ${seed + 1}: ${refused} of ${rounds} refused`);
  assert.ok(refused > rounds / 4);
});

test("the same letters are the same but for case", { skip }, async () => {
  const pick = numbers(7);
  const codes = [
    ...Array.from({ length: 0x600 }, (_, code) => code),
    0x1e9e,
    0x1e9b,
    0x212a,
    0x2126,
    0xfb05,
    0xfb06,
    0x1fd3,
    0x390,
    0x10a0,
    0x2d00,
    0x1c80,
    0xa64b,
    0x10400,
    0x10428,
  ];
  const text = codes
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .join("");
  const letters = [...text].filter((char) => /\p{L}/u.test(char));
  for (const char of letters) {
    if (char.charCodeAt(0) > 0x250 && pick(4) > 0) continue;
    const pattern = `(?i)^[^${char}]*(${char})[^${char}]*(${char})?[^${char}]*(${char})?`;
    const answer = await python.ask({ pattern, texts: [text] });
    const ours = compileRegex(pattern);
    assert.ok(ours.ok && !("error" in answer));
    assert.deepEqual(spansOf(ours.regex.execBy("matcher", text), 3), answer.found[0] ?? null, JSON.stringify(char));
  }
});
