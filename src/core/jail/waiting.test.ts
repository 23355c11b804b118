import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../../base/index.ts";
import { NOW, aJail, failed, lines, told } from "./jail.fake.ts";
import { WAITING_MAX } from "./waiting.ts";

test("a failure waits for the addresses of an ignored name, and is judged by them", () => {
  const jail = aJail({ maxretry: 1, ignoreip: "home.example" });
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1"), failed("192.0.2.2")), NOW)), ["ask 1 home.example"]);
  const address = parseAddress("192.0.2.1");
  assert.ok(address);
  const effects = jail.step(
    { is: "answer", id: 1, answer: { of: "addresses", addresses: [address], failed: null } },
    NOW + 1,
  );
  assert.deepEqual(told(effects).slice(0, 3), [
    "Ignore 192.0.2.1 by dns",
    "Found 192.0.2.2 - 2026-11-22 10:00:00",
    "Ban 192.0.2.2",
  ]);
});

test("an ignorecommand is asked for each failure, in the order of the same offender, while others pass", () => {
  const jail = aJail({ maxretry: 2, ignorecommand: "/bin/ask <ip>", ignorecache: 'key="<ip>", max-count=1' });
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1"), failed("192.0.2.1"), failed("192.0.2.2")), NOW)), [
    "ask 1 /bin/ask <ip>",
    "ask 2 /bin/ask <ip>",
  ]);
  assert.deepEqual(told(jail.step({ is: "answer", id: 2, answer: { of: "ignorecommand", ignore: true } }, NOW)), [
    "Ignore 192.0.2.2 by command",
  ]);
  const effects = told(jail.step({ is: "answer", id: 1, answer: { of: "ignorecommand", ignore: false } }, NOW));
  assert.deepEqual(effects.slice(0, 3), [
    "Found 192.0.2.1 - 2026-11-22 10:00:00",
    "Found 192.0.2.1 - 2026-11-22 10:00:00",
    "Ban 192.0.2.1",
  ]);
});

test("at most a thousand failures wait; then an ignorecommand counts as a no, said once", () => {
  const jail = aJail({ ignorecommand: "/bin/ask" });
  const many = Array.from({ length: WAITING_MAX + 2 }, (_, i) => failed(`10.0.${i >> 8}.${i & 255}`));
  const effects = told(jail.step(lines(...many), NOW));
  assert.equal(effects.filter((line) => line.startsWith("ask")).length, WAITING_MAX);
  assert.equal(effects.filter((line) => line.includes("failures wait")).length, 1);
  assert.equal(effects.filter((line) => line.startsWith("Found")).length, 2);
});

test("a host name is counted by each of its addresses", () => {
  const jail = aJail({ maxretry: 1, usedns: "yes", failregex: "^ web1 sshd\\[\\d+\\]: Failed from <HOST>$" });
  assert.deepEqual(told(jail.step(lines(failed("evil.example")), NOW)), ["ask 1 evil.example"]);
  const addresses = ["192.0.2.1", "2001:db8::1"].flatMap((text) => parseAddress(text) ?? []);
  const effects = told(
    jail.step({ is: "answer", id: 1, answer: { of: "addresses", addresses, failed: null } }, NOW + 1),
  );
  assert.deepEqual(
    effects.filter((line) => line.startsWith("Ban")),
    ["Ban 192.0.2.1", "Ban 2001:db8::1"],
  );
});
