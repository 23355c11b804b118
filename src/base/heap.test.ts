import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Heap } from "./heap.ts";

test("whatever is put in, moved and taken out, the first is always the smallest", () => {
  const step = fc.record({ slot: fc.nat(40), key: fc.integer({ min: -20, max: 20 }), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new Heap();
      const model = new Map<number, number>();
      for (const { slot, key, take } of steps) {
        if (take) {
          heap.remove(slot);
          model.delete(slot);
        } else {
          heap.put(slot, key);
          model.set(slot, key);
        }
        assert.equal(heap.size, model.size);
        assert.equal(heap.firstKey(), Math.min(...model.values()));
        if (model.size > 0) assert.equal(model.get(heap.first()), heap.firstKey());
      }
      const drained: number[] = [];
      for (; heap.size > 0; heap.remove(heap.first())) drained.push(heap.firstKey());
      assert.deepEqual(
        drained,
        [...model.values()].toSorted((a, b) => a - b),
      );
    }),
  );
});

test("what takes the place of a removed one may have to rise", () => {
  const heap = new Heap();
  for (const [slot, key] of [0, 100, 1, 101, 102, 2, 3, 103, 104, 105, 106, 4, 5].entries()) heap.put(slot, key);
  heap.remove(7);
  for (let slot = 20; slot < 40; slot += 1) heap.put(slot, 200);
  const drained: number[] = [];
  for (; heap.size > 0; heap.remove(heap.first())) drained.push(heap.firstKey());
  assert.deepEqual(drained.slice(0, 12), [0, 1, 2, 3, 4, 5, 100, 101, 102, 104, 105, 106]);
});
