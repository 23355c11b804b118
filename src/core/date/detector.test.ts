import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, createTemplates, type Detector } from "./index.ts";
import { DEFAULTS, CUSTOM, NOW, YEAR, type Outcome } from "./rows.fixture.ts";
import { UTC, ZURICH } from "./zones.fixture.ts";
import { FORMATS } from "./formats.ts";
import { AT_LINE_BEGIN } from "./expression.ts";
import { type Zone } from "../../base/index.ts";
import { spell } from "./codes.ts";

/** Shared, so that each expression is compiled once. */
const templates = createTemplates();

function detector(datepattern: string | null, zone: Zone = ZURICH, timezone: number | null = null): Detector {
  const created = createDetector({ datepattern, zone, timezone, thisYear: YEAR, templates });
  assert.ok(created.ok, created.ok ? "" : created.message);
  return created.detector;
}

function outcomeOf(line: string, found: ReturnType<Detector["find"]>): readonly [cut: string | null, outcome: Outcome] {
  if (found === null) return [null, "no match"];
  return [line.slice(found.start, found.end), found.at ?? "invalid"];
}

/** Names of the default templates by number: T0 to T30. */
const NAMES = detector(null)
  .templates()
  .map((template) => template.name);

/** Numbers of the templates in their present order, the first `count` of them. */
function headOf(found: Detector, count: number): readonly number[] {
  return found
    .templates()
    .slice(0, count)
    .map((template) => NAMES.indexOf(template.name));
}

/** Which template gave the date of each line. */
function winners(found: Detector, lines: readonly string[]): readonly string[] {
  return lines.map((line) => {
    const before = new Map(found.templates().map((template) => [template.name, template.hits]));
    found.find(line, NOW);
    const winner = found.templates().find((template) => template.hits !== before.get(template.name));
    return winner === undefined ? "—" : `T${NAMES.indexOf(winner.name)}`;
  });
}

test("the default list has 31 templates, twins bound to the line's begin first", () => {
  const twins = FORMATS.filter((format) => !/^(\^|\{)/.test(format));
  assert.deepEqual(NAMES.length, FORMATS.length + twins.length);
  const patterns = detector(null)
    .templates()
    .map((template) => template.pattern);
  const expected = [...twins.map((format) => AT_LINE_BEGIN + format), ...FORMATS].map((format) =>
    spell(format, YEAR).ok && format.includes("%") ? format : null,
  );
  assert.deepEqual(patterns, expected);
});

for (const [zone, column, title] of [
  [ZURICH, 3, "Europe/Zurich"],
  [UTC, 4, "UTC"],
] as const) {
  test(`the default detector reads every line of the table in ${title}`, () => {
    for (const row of DEFAULTS) {
      const [line, template, cut] = row;
      const fresh = detector(null, zone);
      const expected = line.startsWith("2005-10-30 02:30:00") && zone === ZURICH ? 1130632200 : row[column];
      assert.deepEqual(outcomeOf(line, fresh.find(line, NOW)), [cut, expected], line);
      assert.equal(winners(detector(null, zone), [line])[0], template ?? "—", line);
    }
  });
}

test("custom patterns read every line of the table", () => {
  for (const [pattern, line, cut, zurich] of CUSTOM) {
    const found = detector(pattern).find(line, NOW);
    assert.deepEqual(outcomeOf(line, found), [cut, zurich], `${pattern} on ${line}`);
  }
});

test("the unanchored form of a date away from the line's begin is preferred from the first line on", () => {
  const found = detector(null);
  assert.deepEqual(winners(found, ["foo 2005-01-23 21:59:59 x"]), ["T14"]);
  assert.deepEqual(headOf(found, 4), [14, 0, 1, 2]);
  assert.deepEqual(winners(found, Array<string>(4).fill("foo 2005-01-23 21:59:59 x")), Array<string>(4).fill("T14"));
  assert.deepEqual(headOf(found, 4), [14, 0, 1, 2]);
});

test("two forms in turn settle behind each other", () => {
  const found = detector(null);
  const [syslog, iso] = ["Jan 23 21:59:59 h x", "2005-01-23 21:59:59 x"];
  assert.deepEqual(winners(found, [syslog]), ["T1"]);
  assert.deepEqual(headOf(found, 3), [1, 0, 2]);
  assert.deepEqual(winners(found, [iso, syslog, iso, syslog]), ["T0", "T1", "T0", "T1"]);
  assert.deepEqual(headOf(found, 3), [1, 0, 2]);
});

test("of two dates in a line the one at the begin wins, then the nearer one", () => {
  const found = detector(null);
  const lines = [
    "Jan 23 21:59:59 h msg 2005-01-24 10:00:00",
    "h Jan 23 21:59:59 msg 2005-01-24 10:00:00",
    "h 2005-01-24 10:00:00 msg Jan 23 21:59:59",
  ];
  assert.deepEqual(winners(found, lines.slice(0, 2)), ["T1", "T15"]);
  assert.deepEqual(headOf(found, 4), [1, 15, 0, 2]);
  assert.deepEqual(winners(found, lines.slice(2)), ["T14"]);
  assert.deepEqual(headOf(found, 4), [1, 15, 14, 0]);
});

test("day and month are told apart by the last line that was not ambiguous", () => {
  const monthFirst = ["01-23-2005 21:59:59", "03-04-2005 21:59:59", "23-01-2005 21:59:59", "03-04-2005 21:59:59"];
  assert.deepEqual(winners(detector(null), monthFirst), ["T6", "T6", "T3", "T3"]);
  const dayFirst = ["23-01-2005 21:59:59", "03-04-2005 21:59:59", "01-23-2005 21:59:59.2", "03-04-2005 21:59:59"];
  assert.deepEqual(winners(detector(null), dayFirst), ["T3", "T3", "T6", "T6"]);
});

test("a missing year is this one, or the last one for dates more than a day ahead", () => {
  const newYear = 1104534000;
  const read = (line: string, now: number): number | null | undefined => detector(null).find(line, now)?.at;
  assert.equal(read("Jan  1 00:00:00 x", newYear), newYear);
  assert.equal(read("Jan  1 00:00:00 x", newYear - 60), newYear - 366 * 86_400, "a year ago, not in a minute");
  assert.equal(read("Jan  1 12:00:00 x", newYear + 60), newYear + 12 * 3600, "ahead, but less than a day");
  assert.equal(read("Jan  2 00:01:00 x", newYear + 60), newYear + 86_460, "exactly a day ahead");
  assert.equal(read("Jan  2 00:01:01 x", newYear + 60), newYear - 365 * 86_400 + 61, "a second more: last year's");
});

test("29 February without a year is no date in a year that has none", () => {
  const leapDay = 1709204400;
  assert.equal(detector(null).find("Feb 29 12:00:00 x", leapDay)?.at, leapDay);
  assert.equal(detector(null).find("Feb 29 12:00:00 x", leapDay - 10 * 86_400)?.at, null, "2023 had none");
  assert.equal(detector(null).find("2024-02-29 12:00:00 x", NOW)?.at, leapDay);
  assert.equal(detector(null).find("2023-02-29 12:00:00 x", NOW)?.at, null);
});

test("the days of the clock change are read by the zone's rules", () => {
  const read = (line: string): number | null | undefined => detector(null).find(line, NOW)?.at;
  assert.equal(read("2005-03-27 01:59:59 x"), 1111885199);
  assert.equal(read("2005-03-27 02:30:00 x"), 1111887000);
  assert.equal(read("2005-03-27 03:00:00 x"), 1111885200);
  assert.equal(read("2005-10-30 01:59:59 x"), 1130630399);
  assert.equal(read("2005-10-30 02:30:00 x"), 1130632200);
  assert.equal(read("2005-10-30 03:00:00 x"), 1130637600);
  assert.equal(read("2005-10-30 02:30:00 +0100 x"), 1130635800);
});

test("logtimezone holds for dates without a zone, and not for epochs", () => {
  const read = (line: string, timezone: number): number | null | undefined =>
    detector(null, ZURICH, timezone).find(line, NOW)?.at;
  assert.equal(read("2005-01-23 21:59:59 x", 0), 1106517599);
  assert.equal(read("2005-01-23 21:59:59 x", -210), 1106517599 + 210 * 60);
  assert.equal(read("2005-01-23 21:59:59Z x", 120), 1106517599);
  assert.equal(read("1106513999 x", 120), 1106513999);
  const found = detector(null);
  assert.equal(found.find("2005-01-23 21:59:59 x", NOW)?.at, 1106513999);
  found.setTimezone(0);
  assert.equal(found.find("2005-01-23 21:59:59 x", NOW)?.at, 1106517599, "also for the same text in the same second");
});

test("a word before a month's name that is no zone does not spoil the date", () => {
  for (const [line, cut] of [
    ["web Aug 14 10:00:00 x", "Aug 14 10:00:00"],
    ["XYZ Aug 14 10:00:00 x", "Aug 14 10:00:00"],
    ["utc Aug 14 10:00:00 x", "Aug 14 10:00:00"],
    ["Sun Aug 14 10:00:00 x", "Sun Aug 14 10:00:00"],
  ] as const) {
    const found = detector(null);
    found.find("CET Jan 23 21:59:59 2005 x", NOW);
    assert.deepEqual(outcomeOf(line, found.find(line, NOW)), [cut, 1124006400], line);
  }
});

test("an unknown zone that a pattern demands is no date", () => {
  const line = "2005-01-23 21:59:59 XYZ x";
  const found = detector("%Y-%m-%d %H:%M:%S %Z").find(line, NOW);
  assert.deepEqual(outcomeOf(line, found), ["2005-01-23 21:59:59 XYZ", "invalid"]);
});

test("TAI64N beyond the year 9999 is no date", () => {
  assert.equal(detector("TAI64N").find("@4fffffffffffffff00000000 x", NOW)?.at, null);
});

test("digits of other scripts are read, and other letters that look like a month's are not", () => {
  assert.equal(detector("%Y-%m-%d").find("٢٠٠٥-01-23 x", NOW)?.at, 1106434800);
  assert.equal(detector("%d %b %Y").find("14 ſep 2005", NOW)?.at, null);
});

test("a group that is empty or took no part is told by equal ends", () => {
  assert.deepEqual(detector("{NONE}").find("", NOW), { start: 0, end: 0, text: "", at: 1123970400, whole: false });
  const found = detector(String.raw`^I\(()**`).find("I(x", NOW);
  assert.equal(found?.start, 2);
  assert.equal(found?.end, 2);
});
