import assert from "node:assert/strict";
import { test } from "node:test";
import { DoubleColumn, IntColumn } from "./column.ts";

test("a column grows with what was set kept and the rest 0", () => {
  const column = new DoubleColumn();
  column.set(3, 1.5);
  column.set(1000, 2.5);
  assert.deepEqual([column.get(3), column.get(4), column.get(1000), column.get(5000)], [1.5, 0, 2.5, 0]);
  const whole = new IntColumn();
  whole.set(100, -7);
  assert.deepEqual([whole.get(100), whole.get(0), whole.get(10_000)], [-7, 0, 0]);
});
