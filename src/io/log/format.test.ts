import assert from "node:assert/strict";
import { test } from "node:test";
import type { Zone } from "../../base/index.ts";
import { formatter, printable, type Form } from "./format.ts";

const zone: Zone = {
  toInstant: () => 0,
  toLocal: () => ({ year: 2026, month: 11, day: 22, hour: 8, minute: 53, second: 10 }),
};
const line = {
  said: { level: "INFO", logger: "server", text: "Starting Fail2ban v1" },
  at: 1.703,
  age: 0.1,
} as const;

test("prints a line byte for byte as the original's log", () => {
  const form = { datetime: true, padding: true, verbosity: 1 };
  const print = (one: typeof line, as: Form): string => formatter(zone, 23_297, as)(one);
  assert.equal(
    print(line, form),
    "2026-11-22 08:53:10,703 fail2ban.server         [23297]: INFO    Starting Fail2ban v1",
  );
  assert.equal(
    print(line, { ...form, datetime: false }),
    "fail2ban.server         [23297]: INFO    Starting Fail2ban v1",
  );
  assert.equal(
    print(line, { ...form, datetime: false, padding: false }),
    "fail2ban.server[23297]: INFO Starting Fail2ban v1",
  );
});

test("makes control characters of log lines visible and keeps line feeds and tabs", () => {
  assert.equal(printable("a\u001b[31mb\tc\nd\u009be\r"), "a\\x1b[31mb\tc\nd\\x9be\\x0d");
  assert.equal(printable("münchen – ok"), "münchen – ok");
});
