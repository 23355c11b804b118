import assert from "node:assert/strict";
import { test } from "node:test";
import { printIssue } from "../../base/index.ts";
import { foldStream, startGeneral } from "../../core/jail/index.ts";
import { BASICS, filesOf } from "./memory.fixture.ts";
import { readConfiguration, refusalIssues } from "./index.ts";

const world = {
  zone: { toInstant: () => 0, toLocal: () => ({ year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) },
  thisYear: 2026,
  encoding: "UTF-8",
};

test("values that the server would refuse are told with file, line and what to do", () => {
  const text = `--- jail.conf
[DEFAULT]
filter = f
backend = systemd
action = x
[a]
enabled = true
findtime = soon
bantime = 1 foo
logencoding = klingon
logtimezone = Mars
bantime.formula = 1 +
usedns = no
action = x
   x
failregex = ^ok <HOST>
   ^no address
   ^( <HOST>
[b]
enabled = true
backend = inotify
maxretry = 5 # five
datepattern = %%Y-%%
--- action.d/x.conf
[Definition]
actionban = x
`;
  const reading = readConfiguration(filesOf(BASICS + text), "/etc/t", { version: "1" });
  assert.equal(reading.fatal, null);
  const folded = foldStream(
    reading.commands.map(({ words }) => words),
    { general: startGeneral(), jails: new Map() },
    world,
  );
  const told = refusalIssues(reading.commands, folded.refusals).map((issue) =>
    printIssue(issue).replace("/etc/t/", ""),
  );
  const expected = [
    /^jail.conf:16: \[a\] failregex: No failure-id group in '\^no address' — /,
    /^jail.conf:17: \[a\] failregex: Unable to compile regular expression/,
    /^jail.conf:7: \[a\] findtime: name 'soon' is not defined — write a duration such as 10m/,
    /^jail.conf:8: \[a\] bantime: invalid syntax/,
    /^jail.conf:11: \[a\] bantime.formula: /,
    /^jail.conf:10: \[a\] logtimezone: Unknown or unsupported time zone: 'Mars'/,
    /^jail.conf:9: \[a\] logencoding: unknown encoding: klingon — /,
    /^jail.conf:13: \[a\] action: Action x already exists — give one of them another name: actname=…/,
    /^jail.conf:20: \[b\] backend: Unknown backend inotify.* — write auto, systemd, pyinotify or polling/,
  ];
  for (const [at, pattern] of expected.entries()) assert.match(told[at] ?? "", pattern);
  // Not what only follows from these: a jail that could not be added.
  assert.equal(told.length, expected.length);
});

test("a mistake in one of several actions is told where it stands, and a tag that refers to itself in its own file", () => {
  const text = `--- jail.conf
[a]
enabled = true
filter = f
backend = systemd
action = x[name=a]
   x[actname=b]
   x[actname=c
[b]
enabled = true
filter = f
backend = systemd
action = circle
--- action.d/x.conf
[Definition]
actionban = x
--- action.d/circle.conf
[Definition]
actionban = x
actionstart = y <actionstart>
`;
  const told = readConfiguration(filesOf(BASICS + text), "/etc/t", { version: "1" }).issues.map(
    (issue) => `${issue.at?.file.replace("/etc/t/", "")}:${issue.at?.line}: ${issue.message}`,
  );
  assert.match(told.find((one) => one.includes("Invalid action definition")) ?? "", /^jail\.conf:7: /);
  assert.match(told.find((one) => one.includes("self referencing")) ?? "", /^action\.d\/circle\.conf:3: /);
});
