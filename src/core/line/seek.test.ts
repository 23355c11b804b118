import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { seekByDate } from "./seek.ts";

const dateOf = (raw: string): number | null => (/^\d+ /.test(raw) ? Number.parseInt(raw, 10) : null);

function seek(text: string, target: number, from = 0): number {
  return seekByDate({
    from,
    size: text.length,
    target,
    read: (offset, length) => text.slice(offset, offset + length),
    dateOf,
  });
}

const seconds = Array.from(
  { length: 2000 },
  (_, i) => `${1_000_000 + i} line number ${i} ${"x".repeat(i % 90)}\n`,
).join("");
const startOf = (second: number): number => seconds.indexOf(`${second} line`);

test("in a sorted log the first line that is not too old is found exactly", () => {
  const table: readonly (readonly [target: number, offset: number])[] = [
    [1_002_000 - 600, startOf(1_001_400)],
    [1_001_999, startOf(1_001_999)],
    [1_002_000 - 1000.5, startOf(1_001_000)],
    [1_000_000, 0],
    [5, 0],
    [1_002_000, seconds.length],
  ];
  for (const [target, offset] of table) assert.equal(seek(seconds, target), offset, String(target));
});

test("the search begins at the bookmark", () => {
  assert.equal(seek(seconds, 5, startOf(1_000_100)), startOf(1_000_100));
});

test("without any date the search stays at its beginning", () => {
  assert.equal(seek("no date\n".repeat(5000), 7), 0);
  assert.equal(seek("", 7), 0);
  assert.equal(seek("5 half a line", 7), 0);
});

test("whatever lies between dated lines, no line that is young enough is passed over", () => {
  const line = fc.record({ step: fc.nat(3), undated: fc.nat(9), length: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), fc.nat(400), (steps, target) => {
      let [date, text, first] = [10, "", -1];
      for (const { step, undated, length } of steps) {
        date += step;
        if (first < 0 && date >= target) first = text.length;
        text += `${date} ${"y".repeat(length)}\n${"undated\n".repeat(undated)}`;
      }
      const found = seek(text, target);
      assert.ok(found <= (first < 0 ? text.length : first));
      assert.ok(found === 0 || text[found - 1] === "\n");
    }),
  );
});
