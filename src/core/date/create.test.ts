import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, createTemplates, type Detector } from "./index.ts";
import { YEAR } from "./rows.fixture.ts";
import { UTC } from "./zones.fixture.ts";

const make = (datepattern: string | null): ReturnType<typeof createDetector> =>
  createDetector({ datepattern, zone: UTC, timezone: null, thisYear: YEAR });

function detector(datepattern: string | null): Detector {
  const created = make(datepattern);
  assert.ok(created.ok);
  return created.detector;
}

const wrong = (pattern: string, reason: string): string =>
  `Failed to set datepattern '${pattern}' (may be an invalid format or unescaped percent char): ${reason}`;

/** What is refused, and the reason. */
const REFUSED: readonly (readonly [pattern: string, reason: string])[] = [
  ["%q", "unsupported format character 'q' (0x71) at index 1"],
  ["%Y %q", "not enough arguments for format string"],
  ["100%", "incomplete format"],
  ["%(foo)s", "'foo'"],
  ["%Ez", "must be real number, not dict"],
  ["%s", "a code is expected after the percent sign, not 's'"],
  ["%d %H:%M:%S", "day without a month"],
  ["%m %H:%M:%S", "month without a day"],
  ["^%b %Y", "month without a day"],
  ["(%Y", "missing ), unterminated subpattern at position 0"],
  ["%Y %Y", "redefinition of group name 'Y' as group 3; was group 2 at position 29"],
];

test("a pattern that cannot work is refused at once, with fail2ban's sentence", () => {
  for (const [pattern, reason] of REFUSED) {
    const made = make(pattern);
    assert.ok(!made.ok, pattern);
    assert.equal(made.kind, "TypeError");
    const expected = wrong(pattern, reason);
    assert.equal(made.message.replace(/ at position \d+/, ""), expected.replace(/ at position \d+/, ""), pattern);
  }
});

test("a day with its number in the year needs no month", () => {
  for (const pattern of ["%d %j", "%b %U %a", "%Y %j"]) assert.ok(make(pattern).ok, pattern);
});

test("the same name twice is refused", () => {
  const made = make("%Y\n%Y");
  assert.deepEqual(made, { ok: false, kind: "ValueError", message: "There is already a template with name Year" });
});

test("defaults after explicit patterns leave out what is there already", () => {
  assert.equal(detector("EPOCH\n{DEFAULT}").templates().length, 31);
  assert.equal(detector("EPOCH\n{^LN-BEG}").templates().length, 18);
  assert.equal(detector("{^LN-BEG}").templates().length, 17);
  assert.equal(detector("{DATE}\n{DATE}").templates().length, 17);
});

test("blank lines and blanks around patterns mean nothing", () => {
  assert.deepEqual(
    detector("\n  %Y-%m-%d \n\n EPOCH\n")
      .templates()
      .map((template) => template.name),
    ["Year-Month-Day", "Epoch"],
  );
  assert.equal(detector("\n").templates().length, 31);
});

test("the option shows pattern and name of one or two templates, else that there are several", () => {
  assert.deepEqual(detector(null).name(), { pattern: null, name: "Default Detectors" });
  assert.deepEqual(detector("%Y").name(), { pattern: "%Y", name: "Year" });
  assert.deepEqual(detector("{^LN-BEG}%Y\nEPOCH").name(), { pattern: "{^LN-BEG}%Y", name: "{^LN-BEG}Year" });
  assert.deepEqual(detector("Epoch").name(), { pattern: null, name: "Epoch" });
  assert.deepEqual(detector("^LEPOCH").name(), { pattern: null, name: "{^LN-BEG}LongEpoch" });
  assert.deepEqual(detector("t={EPOCH}").name(), { pattern: null, name: "t={EPOCH}" });
  assert.deepEqual(detector("tai64n").name(), { pattern: null, name: "TAI64N" });
  assert.deepEqual(detector("{NONE}").name(), { pattern: "{UNB}^", name: "^" });
});

test("a template is called by its codes' names", () => {
  const rows: [pattern: string, name: string][] = [
    ["%ExY-%Exm-%Exd %ExH:%ExM:%ExS", "ExYear-ExMonth-ExDay Ex24hour:ExMinute:ExSecond"],
    ["%A, %d %B %y %I:%M:%S %p %z", "DAYNAME, Day MONTH Year2 12hour:Minute:Second AMPM Zone offset"],
    ["%a %j %U %H %f %Z", "DAY Yearday Yearweek 24hour Microseconds Zone name"],
    ["%Exy-%m-%d %k %Exz %%", "ExYear2-Month-Day %k ExZone offset %"],
    ["%b %d %Exk %ExZ %w", "MON Day %Exk ExZone name Weekday"],
    ["%d %b %l %W %G %u %V", "Day MON %l Yearweek %G %u %V"],
    ["%c", "%c"],
    ["%x %X", "%x %X"],
    ["%(Y)s", "Year"],
  ];
  for (const [pattern, name] of rows) assert.equal(detector(pattern).name().name, name);
});

test("detectors that share templates through one registry learn each for itself", () => {
  const templates = createTemplates();
  const two = [0, 1].map(() => {
    const made = createDetector({ datepattern: "%Y-%m-%d", zone: UTC, timezone: null, thisYear: YEAR, templates });
    assert.ok(made.ok);
    return made.detector;
  });
  two[0]?.find("2005-01-23 x", 1124013600);
  assert.deepEqual(
    two.map((each) => each.templates()[0]?.hits),
    [1, 0],
  );
});

test("years are taken from the decades around the present", () => {
  const takes = (thisYear: number, year: number): boolean => {
    const made = createDetector({ datepattern: "%ExY-%m-%d", zone: UTC, timezone: null, thisYear });
    return made.ok && made.detector.find(`${year}-01-23 x`, 1124013600) !== null;
  };
  const rows: [thisYear: number, taken: number[], not: number[]][] = [
    [2026, [2000, 2029], [1999, 2030, 2035]],
    [2027, [2000, 2039], [2040]],
    [2037, [2049], [2050]],
    [2098, [2000, 2109], [2110]],
  ];
  for (const [thisYear, taken, not] of rows) {
    for (const year of taken) assert.ok(takes(thisYear, year), `${thisYear}: ${year}`);
    for (const year of not) assert.ok(!takes(thisYear, year), `${thisYear}: not ${year}`);
  }
});
