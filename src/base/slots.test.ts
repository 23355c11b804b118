import assert from "node:assert/strict";
import { test } from "node:test";
import { Column, Slots } from "./slots.ts";

test("a closed key's number is given out again and keys keep their order", () => {
  const slots = new Slots();
  const [a, b, c] = [slots.open("a"), slots.open("b"), slots.open("c")];
  slots.close(b);
  assert.deepEqual([slots.find("a"), slots.find("b"), slots.find("c")], [a, -1, c]);
  assert.equal(slots.open("d"), b);
  assert.equal(slots.keyOf(b), "d");
  assert.deepEqual(
    [...slots.entries()].map(([key]) => key),
    ["a", "c", "d"],
  );
  assert.deepEqual([slots.size, slots.reach], [3, 3]);
});

test("closing a number twice frees it once", () => {
  const slots = new Slots();
  const a = slots.open("a");
  slots.close(a);
  slots.close(a);
  assert.notEqual(slots.open("b"), slots.open("c"));
});

test("a column grows with what was set kept and the rest 0", () => {
  const column = new Column("double");
  column.set(3, 1.5);
  column.set(1000, 2.5);
  assert.deepEqual([column.get(3), column.get(4), column.get(1000), column.get(5000)], [1.5, 0, 2.5, 0]);
});
