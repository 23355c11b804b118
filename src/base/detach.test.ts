import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { detach } from "./detach.ts";

test("a copied text is the same text", () => {
  for (const text of ["", "a", "ab", "a longer line than thirteen characters", "ö\u{1f600}", "a\0b"])
    assert.equal(detach(text), text);
});

test("a copy does not keep the large text that it was cut from", () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const kept: string[] = [];
  const before = (gc(), process.memoryUsage().heapUsed);
  for (let i = 0; i < 400; i += 1)
    kept.push(detach(Buffer.alloc(65_536, `line ${i} `).toString("latin1").slice(1000, 1100)));
  gc();
  const grown = process.memoryUsage().heapUsed - before;
  assert.equal(kept.length, 400);
  assert.ok(grown < 5_000_000, `400 copies of 100 characters keep ${grown} bytes`);
});
