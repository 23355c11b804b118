import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Slots } from "./slots.ts";

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

test("it answers as a map does, whatever is opened and closed", () => {
  const deed = fc.record({ open: fc.boolean(), key: fc.nat(60).map((n) => `key ${n}`) });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 400 }), (deeds) => {
      const slots = new Slots();
      const model = new Map<string, number>();
      for (const { open, key } of deeds) {
        const known = slots.find(key);
        assert.equal(known, model.get(key) ?? -1);
        if (open && known < 0) model.set(key, slots.open(key));
        else if (!open) {
          slots.close(known);
          model.delete(key);
        }
      }
      assert.deepEqual([...slots.entries()], [...model]);
      assert.equal(slots.size, model.size);
      assert.equal(slots.oldest, [...model.values()][0] ?? -1);
    }),
  );
});

test("the key that was just given may be closed while all are gone through", () => {
  const slots = new Slots();
  for (const key of ["a", "b", "c"]) slots.open(key);
  const seen: string[] = [];
  for (const [key, slot] of slots.entries()) {
    seen.push(key);
    slots.close(slot);
  }
  assert.deepEqual([seen, slots.size], [["a", "b", "c"], 0]);
});
