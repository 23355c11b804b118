import assert from "node:assert/strict";
import { test } from "node:test";
import { whoOf, type Ban, type Instant } from "../../base/index.ts";
import type { Input } from "./effect.ts";
import { NOW, aJail, failed, known, lines, told } from "./jail.fake.ts";

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

test("of who is banned and goes on nothing is kept but the count, so that a flood of his costs no memory", () => {
  const jail = aJail({ maxretry: 2 });
  const twice = (clock: string): Input => lines(failed("192.0.2.1", clock), failed("192.0.2.1", clock));
  const bansOf = (input: Input, now: Instant): readonly Ban[] =>
    jail.step(input, now).flatMap((effect) => (effect.do === "ban" ? [effect.ban] : []));
  assert.deepEqual(
    bansOf(twice("10:00:00"), NOW).map(({ matches }) => matches.length),
    [2],
  );
  assert.deepEqual(bansOf(lines(failed("192.0.2.1", "10:09:50")), NOW + 590), []);
  jail.step({ is: "wake" }, NOW + 601);
  // It is the second failure, but the first of which a line was kept.
  const [ban] = bansOf(lines(failed("192.0.2.1", "10:10:05")), NOW + 605);
  assert.deepEqual([ban?.failures, ban?.matches.length, ban?.fields], [2, 1, {}]);
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

test("before a ban of an address that only a proxy or a neighbour can have, that is said; not for a ban by hand", () => {
  const first = (from: string, near: string | null = null): string => {
    const jail = aJail({ maxretry: 1 }, { near: () => near });
    return told(jail.step(lines(failed(from)), NOW))[1] ?? "";
  };
  assert.match(first("172.18.0.1"), /^172\.18\.0\.1 is a private address: if a reverse proxy/);
  assert.match(first("fe80::1"), /^fe80::1 is a link-local address: /);
  assert.match(
    first("198.51.100.1", "this machine's default gateway"),
    /^198\.51\.100\.1 is this machine's default gateway: /,
  );
  assert.equal(first("198.51.100.1"), "Ban 198.51.100.1");
  const byHand = aJail().step({ is: "banip", who: [whoOf("10.0.0.1")] }, NOW);
  assert.equal(told(byHand)[0], "Ban 10.0.0.1");
});

test("an expression or a date template that runs out of steps is told of once, and the next line is read", () => {
  const hopeless = "(?:(?P<q>x)|x)*(?(q)y|z)";
  // Each x may be the group or not, and only without any of them in the group it matches: the last of all ways.
  const hostile = `Nov 22 10:00:00 ${"x".repeat(60_000)}z from 192.0.2.7`;
  const undated = `${"x".repeat(60_000)}z10:00:00`;
  const said = (jail: ReturnType<typeof aJail>, ...texts: string[]): string[] =>
    told(jail.step(lines(...texts), NOW)).map((text) => text.slice(0, 60));
  const rule = aJail({ failregex: `^ ${hopeless} from <HOST>$` });
  assert.deepEqual(said(rule, hostile), ["failregex 0 needs too many steps for a line of 60018 charact"]);
  assert.deepEqual(said(rule, hostile, "Nov 22 10:00:00 xxy from 192.0.2.7"), [
    "Found 192.0.2.7 - 2026-11-22 10:00:00",
  ]);
  const date = aJail({ datepattern: `${hopeless}%H:%M:%S` });
  assert.match(said(date, undated).join(), /^date template '/);
  assert.doesNotMatch(said(date, undated).join(), /date template/);
});
