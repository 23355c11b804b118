import assert from "node:assert/strict";
import { test } from "node:test";
import { Faults, printBytes } from "./fault.ts";

test("bytes are printed as Python's repr prints them", () => {
  const table: readonly (readonly [raw: string, printed: string])[] = [
    ["abc \xff\xfe'x\n", `b"abc \\xff\\xfe'x\\n"`],
    ["a\xe9\"'\\\0b\n", `b'a\\xe9"\\'\\\\\\x00b\\n'`],
    ["\t\r\x7f~ ", `b'\\t\\r\\x7f~ '`],
  ];
  for (const [raw, printed] of table) assert.equal(printBytes(raw), printed);
});

test("a line that cannot be decoded is said in full once a day for each file", () => {
  const faults = new Faults();
  const levels = (file: string, now: number): string[] =>
    faults.report(file, "UTF-8", "\xff\n", now).map((said) => said.level);
  assert.deepEqual(levels("/a", 0), ["WARNING", "WARNING"]);
  assert.deepEqual(levels("/a", 86_399), ["TRACE", "TRACE"]);
  assert.deepEqual(levels("/b", 86_399), ["WARNING", "WARNING"]);
  assert.deepEqual(levels("/a", 86_400), ["WARNING", "WARNING"]);
  assert.deepEqual(
    faults.report("/a", "UTF-8", "x\xff\n", 0).map((said) => said.text),
    [
      "Error decoding line from '/a' with 'UTF-8'.",
      "Consider setting logencoding to appropriate encoding for this jail. Continuing to process line ignoring invalid characters: b'x\\xff\\n'",
    ],
  );
});

test("no more than a thousand files are remembered", () => {
  const faults = new Faults();
  for (let i = 0; i <= 1000; i += 1) faults.report(`/${i}`, "UTF-8", "", 0);
  assert.equal(faults.report("/0", "UTF-8", "", 1)[0]?.level, "WARNING");
  assert.equal(faults.report("/1000", "UTF-8", "", 1)[0]?.level, "TRACE");
});
