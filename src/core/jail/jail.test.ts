import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress, pythonRepr, Refusal, whoOf, type Ban, type Instant, type Zone } from "../../base/index.ts";
import { createTemplates } from "../date/index.ts";
import type { Effect, Input } from "./effect.ts";
import { Jail } from "./jail.ts";
import { emptyJail, putOption } from "./options.ts";
import type { JailSettings } from "./settings.ts";
import { WAITING_MAX } from "./waiting.ts";
import type { History, JailWorld } from "./world.ts";

const NOW: Instant = Date.UTC(2026, 10, 22, 10, 0, 0) / 1000;

const utc: Zone = {
  toInstant: (year, month, day, hour, minute, second) => Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
  toLocal: (at) => {
    const d = new Date(at * 1000);
    return {
      year: d.getUTCFullYear(),
      month: d.getUTCMonth() + 1,
      day: d.getUTCDate(),
      hour: d.getUTCHours(),
      minute: d.getUTCMinutes(),
      second: d.getUTCSeconds(),
    };
  },
};

function aWorld(part: Partial<JailWorld> = {}): JailWorld {
  return {
    zone: utc,
    thisYear: 2026,
    templates: createTemplates(),
    remembers: true,
    encoding: "UTF-8",
    isSelf: () => false,
    readList: () => null,
    history: () => null,
    random: () => 0,
    fill: (text, failure) => text.replace("<ip>", failure.who.key),
    ...part,
  };
}

const world = aWorld();

/** A jail that reads `Failed from <HOST>`, with options as a configuration gives them. */
function aJail(options: Readonly<Record<string, string | number>> = {}, part: Partial<JailWorld> = {}): Jail {
  let settings: JailSettings = emptyJail("sshd", "auto");
  const all = {
    usedns: "no",
    ignoreself: "false",
    maxretry: 3,
    failregex: "^ web1 sshd\\[\\d+\\]: Failed (?:user <F-USER>\\S+</F-USER> )?from <HOST>$",
    ...options,
  };
  for (const [key, value] of Object.entries(all)) {
    const word = key === "failregex" ? "addfailregex" : key === "ignoreip" ? "addignoreip" : key;
    settings = putOption(
      settings,
      word,
      typeof value === "string" && key === "ignoreip" ? value.split(" ") : [value],
      world,
    );
  }
  return new Jail(settings, aWorld(part));
}

function lines(...texts: readonly string[]): Input {
  return {
    is: "chunk",
    chunk: { source: "/var/log/auth.log", bytes: texts.map((text) => `${text}\n`).join(""), live: true },
  };
}

function failed(from: string, at = "10:00:00"): string {
  return `Nov 22 ${at} web1 sshd[1]: Failed from ${from}`;
}

/** Effects in one line each, without the log's columns. */
function told(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    switch (effect.do) {
      case "say":
        return effect.said.text.replace(/^\[sshd\] /, "");
      case "ban":
      case "unban":
      case "remember":
      case "prolong":
        return `${effect.do} ${effect.ban.who.key} ${effect.ban.lasts}`;
      case "doubt":
        return `doubt ${effect.ban.who.key} ${effect.later}`;
      case "restore":
        return `restore ${effect.bans.map((ban) => ban.who.key).join(" ")}`;
      case "flush":
        return `flush ${effect.bans.length} ${effect.stopping}`;
      case "forget":
        return `forget ${effect.who?.key ?? "all"}`;
      case "ask":
        return `ask ${effect.id} ${effect.question.of === "addresses" ? effect.question.name : effect.question.command}`;
      case "wake":
        return `wake ${effect.at === null ? "never" : effect.at - NOW}`;
      case "reply":
        return `reply ${effect.value instanceof Refusal ? effect.value.message : pythonRepr(effect.value)}`;
      default:
        return effect satisfies never;
    }
  });
}

test("the third failure bans: said, carried out, remembered, and its end is set", () => {
  const jail = aJail();
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1"), failed("192.0.2.1")), NOW)), [
    "Found 192.0.2.1 - 2026-11-22 10:00:00",
    "Found 192.0.2.1 - 2026-11-22 10:00:00",
  ]);
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1", "10:00:05")), NOW + 5)), [
    "Found 192.0.2.1 - 2026-11-22 10:00:05",
    "Ban 192.0.2.1",
    "ban 192.0.2.1 600",
    "remember 192.0.2.1 600",
    "wake 605",
  ]);
});

test("a ban carries the lines and what the first failure captured", () => {
  const jail = aJail({ maxretry: 2 });
  const effects = jail.step(
    lines(
      "Nov 22 10:00:00 web1 sshd[1]: Failed user bob from 192.0.2.1",
      "Nov 22 10:00:00 web1 sshd[1]: Failed user eve from 192.0.2.1",
    ),
    NOW,
  );
  const ban = effects.find((effect) => effect.do === "ban")?.ban;
  assert.deepEqual(ban?.matches, [
    ["", "Nov 22 10:00:00", " web1 sshd[1]: Failed user bob from 192.0.2.1"],
    "Nov 22 10:00:00 web1 sshd[1]: Failed user eve from 192.0.2.1",
  ]);
  assert.equal(ban?.fields["user"], "bob");
  assert.equal(ban?.failures, 2);
});

test("lets go when the end is passed, not before", () => {
  const jail = aJail({ maxretry: 1 });
  jail.step(lines(failed("192.0.2.1")), NOW);
  assert.deepEqual(told(jail.step({ is: "wake" }, NOW + 600)), ["wake 600"]);
  assert.deepEqual(told(jail.step({ is: "wake" }, NOW + 600.001)), ["Unban 192.0.2.1", "unban 192.0.2.1 600"]);
});

test("a permanent ban sets no alarm", () => {
  const jail = aJail({ maxretry: 1, bantime: "-1" });
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1")), NOW)).slice(-2), [
    "ban 192.0.2.1 -1",
    "remember 192.0.2.1 -1",
  ]);
});

test("somebody banned who fails again makes the environment doubtful, and his ban grows", () => {
  const jail = aJail({ maxretry: 1 });
  jail.step(lines(failed("192.0.2.1")), NOW);
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1", "10:00:30")), NOW + 30)), [
    "Found 192.0.2.1 - 2026-11-22 10:00:30",
    "192.0.2.1 already banned",
    "prolong 192.0.2.1 630",
    "doubt 192.0.2.1 30",
    "wake 630",
  ]);
});

test("ignored addresses are said and not counted", () => {
  const jail = aJail({ maxretry: 1, ignoreip: "192.0.2.0/24 2001:db8::1" });
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.77"), failed("2001:DB8::1")), NOW)), [
    "Ignore 192.0.2.77 by ip",
    "Ignore 2001:db8::1 by ip",
  ]);
});

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

test("what only looks like an address is told of once and bans nobody", () => {
  const jail = aJail({ maxretry: 1 });
  const effects = told(jail.step(lines(failed("999.9.9.9"), failed("999.9.9.8")), NOW));
  assert.equal(effects.length, 1);
  assert.match(effects[0] ?? "", /'999\.9\.9\.9' has the shape of an address/);
});

test("fresh lines with odd dates happened just now, old ones of before the start are left out", () => {
  const jail = aJail({ maxretry: 9 });
  const odd = told(jail.step(lines(failed("192.0.2.1", "07:00:00")), NOW));
  assert.match(odd[0] ?? "", /3h before the current time in operation mode\. This looks like a timezone problem/);
  assert.equal(odd[2], "Found 192.0.2.1 - 2026-11-22 10:00:00");
  const history: Input = {
    is: "chunk",
    chunk: {
      source: "/l",
      bytes: `${failed("192.0.2.2", "09:49:59")}\n${failed("192.0.2.3", "09:50:00")}\n`,
      live: false,
    },
  };
  assert.deepEqual(told(jail.step(history, NOW)).slice(2), ["Found 192.0.2.3 - 2026-11-22 09:50:00"]);
});

test("bans of before are carried out in one go, but for the ignored and the expired", () => {
  const jail = aJail({ ignoreip: "192.0.2.2" });
  const ban = (ip: string, since: Instant): Ban => ({
    jail: "sshd",
    who: whoOf(ip),
    since,
    lasts: 600,
    count: 1,
    failures: 3,
    matches: [],
    fields: {},
    restored: true,
  });
  assert.deepEqual(
    told(
      jail.step(
        { is: "restore", bans: [ban("192.0.2.1", NOW - 60), ban("192.0.2.2", NOW), ban("192.0.2.3", NOW - 601)] },
        NOW,
      ),
    ),
    ["Ignore 192.0.2.2 by ip", "Restore Ban 192.0.2.1", "restore 192.0.2.1", "wake 540"],
  );
});

const known = (count: number, since: Instant): Partial<JailWorld> => ({
  history: (): History => ({ count, since, lasts: 600 }),
});

test("who comes back needs fewer failures and is banned for longer, said in the original's order", () => {
  const jail = aJail({ "bantime.increment": "true" }, known(2, NOW - 4000));
  assert.deepEqual(told(jail.step(lines(failed("192.0.2.1")), NOW)), [
    "Found 192.0.2.1 - 2026-11-22 10:00:00",
    "Found 192.0.2.1, bad - 2026-11-22 10:00:00, 2 # -> 3.0, Ban",
    "Ban 192.0.2.1",
    "ban 192.0.2.1 2400",
    "IP 192.0.2.1 is bad: 2 # last 2026-11-22 08:53:20 - incr 10m to 40m",
    "Increase Ban 192.0.2.1 (3 # 40m -> 2026-11-22 10:40:00)",
    "remember 192.0.2.1 2400",
    "wake 2400",
  ]);
});

test("a formula that cannot be evaluated leaves the ban as long as the jail says", () => {
  const jail = aJail(
    { maxretry: 1, "bantime.increment": "true", "bantime.formula": "bantime * 2" },
    known(1, NOW - 4000),
  );
  const effects = told(jail.step(lines(failed("192.0.2.1")), NOW));
  assert.ok(effects.includes("ban 192.0.2.1 600"));
  assert.ok(effects.some((line) => /not lengthened: .*bantime/.test(line)));
});

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
