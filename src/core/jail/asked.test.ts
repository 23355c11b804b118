import assert from "node:assert/strict";
import { test } from "node:test";
import { whoOf } from "../../base/index.ts";
import { NOW, aJail, failed, lines, told, world } from "./jail.fake.ts";
import { putOption } from "./options.ts";

test("a ban by hand does not ask the ignore list; the answer counts new bans only", () => {
  const jail = aJail({ ignoreip: "192.0.2.1" });
  const effects = told(
    jail.step({ is: "banip", who: [whoOf("192.0.2.1"), whoOf("198.51.100.0/25"), whoOf("192.0.2.1")] }, NOW),
  );
  assert.deepEqual(
    effects.filter((line) => /^(ban|reply)/.test(line)),
    ["ban 192.0.2.1 600", "ban 198.51.100.0/25 600", "reply 2"],
  );
});

test("unbanning by hand forgets in the store too; a network frees everybody in it", () => {
  const jail = aJail();
  jail.step({ is: "banip", who: ["192.0.2.1", "192.0.2.200", "198.51.100.1"].map(whoOf) }, NOW);
  assert.deepEqual(told(jail.step({ is: "unbanip", who: [whoOf("192.0.2.0/24")], reportAbsent: false }, NOW)), [
    "forget 192.0.2.0/24",
    "forget 192.0.2.1",
    "Unban 192.0.2.1",
    "unban 192.0.2.1 600",
    "forget 192.0.2.200",
    "Unban 192.0.2.200",
    "unban 192.0.2.200 600",
    "reply 2",
  ]);
  assert.deepEqual(told(jail.step({ is: "unbanip", who: [whoOf("192.0.2.1")], reportAbsent: true }, NOW)), [
    "forget 192.0.2.1",
    "reply not banned: ['192.0.2.1']",
  ]);
});

test("an attempt counts its lines and is answered", () => {
  const jail = aJail({ ignoreip: "192.0.2.9" });
  assert.deepEqual(told(jail.step({ is: "attempt", who: whoOf("192.0.2.1"), lines: ["a", "b"] }, NOW)), [
    "Attempt 192.0.2.1 - 2026-11-22 10:00:00",
    "reply 1",
  ]);
  assert.deepEqual(told(jail.step({ is: "attempt", who: whoOf("192.0.2.1"), lines: [] }, NOW)).slice(0, 2), [
    "Attempt 192.0.2.1 - 2026-11-22 10:00:00",
    "Ban 192.0.2.1",
  ]);
  assert.deepEqual(told(jail.step({ is: "attempt", who: whoOf("192.0.2.9"), lines: [] }, NOW)), [
    "Ignore 192.0.2.9 by ip",
    "reply 0",
  ]);
});

test("stopping lifts all bans and keeps them in the store; unban all forgets them", () => {
  const jail = aJail();
  jail.step({ is: "banip", who: [whoOf("192.0.2.1")] }, NOW);
  assert.deepEqual(told(jail.step({ is: "stop" }, NOW)), ["flush 1 true", "Repeal Ban 192.0.2.1", "wake never"]);
  jail.step({ is: "banip", who: [whoOf("192.0.2.1")] }, NOW);
  assert.deepEqual(told(jail.step({ is: "unban all" }, NOW)), [
    "flush 1 false",
    "Unban 192.0.2.1",
    "forget all",
    "reply 1",
    "wake never",
  ]);
});

test("new settings hold at once; bans that follow the jail's bantime grow with it", () => {
  const jail = aJail({ maxretry: 1 });
  jail.step(lines(failed("192.0.2.1")), NOW);
  const longer = putOption(jail.settings, "bantime", ["1h"], world);
  assert.deepEqual(told(jail.step({ is: "settings", settings: longer }, NOW + 1)), [
    "prolong 192.0.2.1 3600",
    "wake 3600",
  ]);
});

test("a line on which the program fails is told of, and the next one is read", () => {
  const jail = aJail(
    { maxretry: 1, ignorecache: 'key="<ip>"' },
    {
      fill: (_, failure) => {
        if (failure.who.key === "192.0.2.1") throw new Error("a bug");
        return failure.who.key;
      },
    },
  );
  const effects = told(jail.step(lines(failed("192.0.2.1"), failed("192.0.2.2")), NOW));
  assert.match(effects[0] ?? "", /^Failed to process line: ".*192\.0\.2\.1", caught exception: Error: a bug/);
  assert.ok(effects.includes("ban 192.0.2.2 600"));
});
