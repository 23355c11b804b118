import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonRepr } from "./repr.ts";
import { plainSpan, printSpan, readSpan } from "./span.ts";

const VALUES: readonly (readonly [string, string])[] = [
  ["600", "600"],
  ["-1", "-1"],
  ["1y6mo", "47336400.0"],
  ["1 year 6 months", "47336400.0"],
  ["7800m", "468000"],
  ["1mo", "2629800.0"],
  ["1mon", "2629800.0"],
  ["1month", "2629800.0"],
  ["1.5h", "5400.0"],
  ["1d+2h", "93600"],
  ["2*3600", "7200"],
  ["1d1", "86401"],
  ["10m # c", "600"],
  ["1d 12h", "129600"],
  ["1d12h", "129600"],
  ["-1d", "-86400"],
  ["1y-6mo", "15778800.0"],
  ["1h30", "3630"],
  ["30 1h", "3630"],
  [".5d", "43200.0"],
  ["1d*2", "172800"],
  ["1_000", "1000"],
  ["90 min", "5400"],
  ["00", "0"],
  ["1h+30min", "5400"],
  ["1w2d", "777600"],
  ["10 M", "600"],
  ["10MIN", "600"],
  ["(1h + 30) * 2", "7260"],
  ["7 // 2", "3"],
  ["1/2", "0.5"],
  ["--1", "1"],
  [" 5m ", "300"],
  ["1e+3", "1000.0"],
  ["1dd", "86400"],
  ["1 days\n2 hours", "93600"],
];

for (const [text, expected] of VALUES) {
  test(`the duration ${JSON.stringify(text)} is ${expected} seconds`, () => {
    const read = readSpan(text);
    assert.ok(read.ok, JSON.stringify(read));
    assert.equal(pythonRepr(plainSpan(read)), expected);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["", "SyntaxError"],
  ["# only a comment", "SyntaxError"],
  ["1e3", "SyntaxError"],
  ["1e3s", "SyntaxError"],
  ["1x", "SyntaxError"],
  ["1mos", "SyntaxError"],
  ["1wk", "SyntaxError"],
  ["1dda", "SyntaxError"],
  ["01", "SyntaxError"],
  ["0x10", "SyntaxError"],
  ["1d;", "SyntaxError"],
  ["1 foo", "SyntaxError"],
  ["1 2 3", "SyntaxError"],
  ["abc", "NameError"],
  ["abc * 2", "NameError"],
  ["__import__('os')", "SyntaxError"],
  ["2**64", "SyntaxError"],
  ["1h, 2m", "SyntaxError"],
  ["1/0", "ValueError"],
  ["9".repeat(20), "ValueError"],
  ["1+".repeat(2000), "ValueError"],
  [`${"(".repeat(60)}1${")".repeat(60)}`, "SyntaxError"],
];

for (const [text, kind] of REFUSED) {
  test(`the duration ${JSON.stringify(text.slice(0, 30))} is refused with a ${kind}`, () => {
    const read = readSpan(text);
    assert.ok(!read.ok);
    assert.equal(read.kind, kind);
  });
}

test("messages name what is not known", () => {
  assert.deepEqual(readSpan("abc"), { ok: false, kind: "NameError", message: "name 'abc' is not defined" });
  assert.deepEqual(readSpan("1x"), {
    ok: false,
    kind: "SyntaxError",
    message: "invalid decimal literal (<string>, line 1)",
  });
});

const DAY = 86_400;
const PRINTED: readonly (readonly [number, string])[] = [
  [0, "0"],
  [59, "59s"],
  [60, "1m"],
  [61, "1m 1s"],
  [3590, "59m 50s"],
  [3594, "59m 54s"],
  [3595, "1h"],
  [7195, "2h"],
  [86_394, "23h 59m"],
  [86_399, "24h"],
  [90_000, "1d 1h"],
  [2 * DAY + 7 * 3600 + 900, "2d 7h 15m"],
  [2 * DAY + 3599, "2d 1h"],
  [604_799, "7d"],
  [700_000, "1w 1d 2h"],
  [364 * DAY + 84_600, "52w 1d"],
  [365 * DAY, "1y"],
  [366.5 * DAY, "1y 1d"],
  [368 * DAY, "1y 3d"],
  [390 * DAY, "1y 3w 4d"],
  [-5, "-5s"],
];

for (const [seconds, expected] of PRINTED) {
  test(`${seconds} seconds are told as ${expected}`, () => assert.equal(printSpan(seconds), expected));
}
