import assert from "node:assert/strict";
import { test } from "node:test";
import { roundHalfEven } from "./half-even.ts";

test("half-even: a half goes to the even neighbour, all else to the nearest", () => {
  const table: readonly (readonly [number, number])[] = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4999999999999996, 2],
    [2.5000000000000004, 3],
    [1.9966722129783694, 2],
    [7, 7],
  ];
  for (const [x, rounded] of table) assert.equal(roundHalfEven(x) + 0, rounded, `round(${x})`);
});
