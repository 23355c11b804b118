import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFormula, type FormulaNames } from "./formula.ts";
import { FORMULA_LIMITS } from "./syntax.ts";

const names: FormulaNames = { time: 600, count: 3, factor: 2n, random: () => 0.25 };

function value(text: string): bigint | number | boolean | string {
  const formula = parseFormula(text);
  if (!formula.ok) return `refused: ${formula.message}`;
  const result = formula.evaluate(names);
  return result.ok ? result.value : result.message;
}

const values: readonly (readonly [string, bigint | number | boolean])[] = [
  ["1", 1n],
  ["1.", 1],
  [".5", 0.5],
  ["1e3", 1000],
  ["1_000", 1000n],
  ["0x10", 16n],
  ["0b101", 5n],
  ["0o17", 15n],
  ["00", 0n],
  ["2 + 3 * 4", 14n],
  ["(2 + 3) * 4", 20n],
  ["10 - 4 - 3", 3n],
  ["2 ** 3 ** 2", 512n],
  ["-2 ** 2", -4n],
  ["2 ** -1", 0.5],
  ["(-2) ** 2", 4n],
  ["7 // 2", 3n],
  ["-7 // 2", -4n],
  ["-7 % 3", 2n],
  ["7 % -3", -2n],
  ["7.5 // 2", 3],
  ["-7.5 % 2", 0.5],
  ["7 / 2", 3.5],
  ["6 / 2", 3],
  ["1 << 4 + 1", 32n],
  ["-5 >> 1", -3n],
  ["6 & 3 | 8", 10n],
  ["6 ^ 3", 5n],
  ["~5", -6n],
  ["+-+5", -5n],
  ["1 < 2 < 3", true],
  ["1 < 2 > 3", false],
  ["1 == 1.0", true],
  ["1 != 2", true],
  ["not 1 == 2", true],
  ["True + True", 2n],
  ["0 or 5", 5n],
  ["3 and 4", 4n],
  ["0 and 1 // 0", 0n],
  ["1 if 0 else 2 if 1 else 3", 2n],
  ["ban.Time * ban.Count * banFactor", 3600n],
  ["ban.Time", 600n],
  ["min(3, 1, 2)", 1n],
  ["max([1, 5.5, 2])", 5.5],
  ["sum([1, 2, 3])", 6n],
  ["sum((1, 2), 10)", 13n],
  ["abs(-3)", 3n],
  ["int(-3.7)", -3n],
  ["float(3)", 3],
  ["round(2.5)", 2n],
  ["round(3.5)", 4n],
  ["round(-2.5)", -2n],
  ["round(0.125, 2)", 0.12],
  ["round(2.675, 2)", 2.67],
  ["round(1234, -2)", 1200n],
  ["round(1250, -2)", 1200n],
  ["pow(2, 10)", 1024n],
  ["math.pow(2, 10)", 1024],
  ["math.floor(-1.5)", -2n],
  ["math.ceil(1.2)", 2n],
  ["math.sqrt(16)", 4],
  ["math.log2(8)", 3],
  ["math.log10(1000)", 3],
  ["math.inf", Infinity],
  ["random.random()", 0.25],
  ["random.randint(1, 8)", 3n],
  ["random.uniform(10, 20)", 12.5],
  ["[1, 5, 30][min(ban.Count, 2)]", 30n],
  ["[1, 2][-1]", 2n],
  ["  1\n+ 1  ", 2n],
];
test("formulas compute what Python computes", () => {
  for (const [text, expected] of values) assert.deepEqual(value(text), expected, text);
});

const failures: readonly (readonly [string, RegExp])[] = [
  ["bantime * (1 + (failures / 6))", /^NameError: name 'bantime' is not defined$/],
  ["ban.Time * bantime.factor", /^NameError: name 'bantime' is not defined$/],
  ["ban.foo", /^AttributeError: 'ban' has no attribute 'foo'/],
  ["math.system", /^AttributeError/],
  ["ban.__class__", /^AttributeError/],
  ["(1).real", /^AttributeError/],
  ["__import__(1)", /^NameError/],
  ["eval(1)", /^NameError/],
  ["constructor", /^NameError/],
  ["math.__proto__", /^AttributeError/],
  ["toString()", /^NameError/],
  ["1 // 0", /^ZeroDivisionError/],
  ["1 / 0.0", /^ZeroDivisionError/],
  ["1 % 0", /^ZeroDivisionError/],
  ["0 ** -1", /^ZeroDivisionError/],
  ["math.log(0)", /^ValueError: math domain error/],
  ["math.exp(1000)", /^OverflowError: math range error/],
  ["10.0 ** 400", /^OverflowError/],
  ["1 << -1", /^ValueError: negative shift count/],
  ["1.5 & 1", /^TypeError/],
  ["~1.5", /^TypeError/],
  ["1 << 1.0", /^TypeError/],
  ["9 ** 9 ** 9", /^OverflowError: a whole number of more than 4096 bits/],
  ["1 << 100000", /^OverflowError/],
  ["2 ** 4000 * 2 ** 4000", /^OverflowError/],
  ["2 ** 4000 + 0.5", /^OverflowError/],
  ["int(math.inf)", /^OverflowError/],
  ["5(1)", /^TypeError: object is not callable/],
  ["math", /^TypeError/],
  ["[1, 2]", /^TypeError/],
  ["[1][5]", /^IndexError/],
  ["math.sqrt()", /^TypeError/],
  ["math.sqrt(1, 2)", /^TypeError/],
  ["max(1)", /^TypeError/],
  ["max([])", /^TypeError/],
  ["(-8) ** 0.5", /^ValueError/],
];
test("what has no value fails at evaluation with Python's kind of error", () => {
  for (const [text, expected] of failures) assert.match(String(value(text)), expected, text);
});

const refusals: readonly (readonly [string, RegExp])[] = [
  ["", /the end/],
  ["1 +", /the end/],
  ["(1", /the end/],
  ["1)", /'\)'/],
  ["1 2", /'2' at character 3/],
  ["a b", /'b'/],
  ["'x'", /'''/],
  ["lambda: 1", /':'/],
  ["lambda", /'lambda'/],
  ["[x for x in y]", /'for'/],
  ["x = 1", /'='/],
  ["f(a=1)", /'='/],
  ["1 if 2", /the end/],
  ["1 is 2", /'is'/],
  ["012", /decimal literal/],
  ["1x", /decimal literal/],
  ["1__0", /decimal literal/],
  ["1_", /decimal literal/],
  ["2j", /decimal literal/],
  ["1e", /decimal literal/],
  ["a.1", /./],
  ["1, 2", /','/],
  ["1; 2", /';'/],
  ["1 @ 2", /'@'/],
  ["1 + not 2", /'not'/],
  ["1 not 2", /'not'/],
  ["* 1", /'\*'/],
  ["(".repeat(100), /nested/],
  ["-".repeat(100), /nested/],
  ["1+".repeat(FORMULA_LIMITS.characters), /longer than/],
];
test("what is no formula is refused with the place", () => {
  for (const [text, expected] of refusals) {
    const result = String(value(text));
    assert.match(result, /^refused: /, text);
    assert.match(result, expected, text);
  }
});

test("a formula of the greatest length is evaluated", () => {
  assert.equal(value(`${"1+".repeat(2000)}1`), 2001n);
});
