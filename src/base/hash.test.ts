import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf } from "./hash.ts";

test("equal texts have the same number, however they were made; neighbouring addresses spread over all chains", () => {
  assert.equal(hashOf("192.0.2.1"), hashOf(["192", "0", "2", "1"].join(".")));
  const chains = new Set(Array.from({ length: 4096 }, (_, n) => hashOf(`10.0.${n >> 8}.${n & 255}`) & 4095));
  assert.ok(chains.size > 2300, `${chains.size} of 4096 chains are used`); // 2589 are to be expected of chance
});
