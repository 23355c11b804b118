import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import { compilePattern, compileRegex, GAVE_UP, prepareEngine } from "./index.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

const LINE = 65_536;

/** Classic catastrophic expressions with the text that a backtracking engine hangs on. */
const CATASTROPHES: readonly (readonly [string, string])[] = [
  ["(a+)+$", "a"],
  ["^(a+)+$", "a"],
  ["^(a|a)*$", "a"],
  ["(a|aa)+$", "a"],
  ["^(?:.*a){12}$", "a"],
  ["\\s+x$", " "],
  ["from .* x$", "from "],
  ["^.*.*.*.*x$", "b"],
  ["(\\w+\\s?)+$", "ab "],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a"],
  ["(?=.*z)(a+)+$", "a"],
  ["(?!.*z$)(?:a+)+c", "a"],
  ["^(\\S+|\\s+)*:$", "a "],
  ["(x+x+)+y", "x"],
  ["(?i)(k+)+$", "k"],
];

test("catastrophic expressions answer on hostile lines, exactly where they are linear", () => {
  for (const [source, pump] of CATASTROPHES) {
    for (const [size, end] of [
      [40, "!"],
      [1500, "!"],
      [LINE, "!"],
      [LINE, "é!"],
    ] as const) {
      const compiled = compileRegex(source);
      assert.ok(compiled.ok);
      const text = `${pump.repeat(size / pump.length)}${end}\n`;
      assert.equal(compiled.regex.exec(text), null, `${source} on ${size} characters`);
    }
  }
});

/** What remembering failures cannot help: an answer may be missing, but it comes. */
test("expressions with back-references, conditions, empty rounds or large counts give up rather than hang, and work on the next line", () => {
  for (const [source, pump, good] of [
    ["^(a+)+\\1b$", "a", "aaab"],
    ["(?:a*)*b", "a", "aab"],
    ["(?:a{1,30}){1,30}b", "a", "aab"],
    ["(?:(x)|x)*(?(1)y|z)", "x", "xxy"],
    ["^(\\w*)(\\w*)(\\w*)\\3\\2!:$", "a", "abb!:"],
  ] as const) {
    const compiled = compileRegex(source);
    assert.ok(compiled.ok);
    const found = compiled.regex.exec(`${pump.repeat(LINE / pump.length)}?`);
    assert.ok(found === null || found === GAVE_UP, source);
    const next = compiled.regex.exec(good);
    assert.ok(next !== null && next !== GAVE_UP, `${source} on ${good}`);
  }
});

test("deeply repeated groups need no stack of the language's own", () => {
  const compiled = compileRegex("^(?:a|(b))*c");
  assert.ok(compiled.ok);
  const found = compiled.regex.exec(`${"ab".repeat(LINE / 2)}c`);
  assert.ok(found !== null && found !== GAVE_UP);
  assert.deepEqual([found.end, found.spanAt(1)], [LINE + 1, [LINE - 1, LINE]]);
});

test("a host in a long line is found as in a short one", () => {
  const compiled = compilePattern("^login .* from <HOST>$", { usedns: "warn", multiline: false });
  assert.ok(compiled.ok);
  for (const size of [10, 3000, 60_000]) {
    const found = compiled.pattern.exec(`login ${"from ".repeat(size / 5)}x from 192.0.2.7\n`);
    assert.ok(found !== null && found !== GAVE_UP);
    assert.equal(found.get("ip4"), "192.0.2.7");
  }
});
