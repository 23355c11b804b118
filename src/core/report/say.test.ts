import assert from "node:assert/strict";
import { test } from "node:test";
import { whoOf } from "../../base/index.ts";
import { foundPrinter } from "./say.ts";

test("the line of a failure is known to be clean only where all of it is", () => {
  const found = foundPrinter("sshd");
  assert.deepEqual(found(whoOf("192.0.2.1"), "2026-11-30 08:00:00"), {
    level: "INFO",
    logger: "filter",
    text: "[sshd] Found 192.0.2.1 - 2026-11-30 08:00:00",
    isClean: true,
  });
  assert.equal(found(whoOf("2001:db8::1"), "x").isClean, true);
  assert.equal(found(whoOf("user\u001b[31m"), "x").isClean, false, "an id is what a log line said");
  assert.equal(foundPrinter("ss\u0007hd")(whoOf("192.0.2.1"), "x").isClean, false);
});
