/** What is held of the last line makes the detector fast and changes nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, createTemplates, type DateFound, type Detector } from "./index.ts";
import { NOW, YEAR } from "./rows.fixture.ts";
import { ZURICH } from "./zones.fixture.ts";

/** Shared, so that each expression is compiled once. */
const templates = createTemplates();

function detector(datepattern: string | null): Detector {
  const created = createDetector({ datepattern, zone: ZURICH, timezone: null, thisYear: YEAR, templates });
  assert.ok(created.ok, created.ok ? "" : created.message);
  return created.detector;
}

/** All that a date says, its text too, which may be made only now. */
function said(found: DateFound | null): DateFound | null {
  return found === null
    ? null
    : { start: found.start, end: found.end, text: found.text, at: found.at, whole: found.whole };
}

test("what is held of the last line changes no result and no counter", () => {
  const tails = [
    " host x",
    " host y",
    "",
    ".",
    ".5",
    ".51 x",
    " 2005",
    " 2005x",
    " 20055",
    "5",
    " +0100",
    "+01",
    " UTC",
    "Z",
    " utc",
    "  x",
    "é",
    " é",
  ];
  const heads = [
    "Jan 23 21:59:59",
    "2005-01-23 21:59:59",
    "23/Jan/2005:21:59:59",
    "[23-01-2005 21:59:59",
    "foo 2005-01-23 21:59:59",
    "21:59:59",
    "1106513999",
  ];
  for (const pattern of [null, "{^LN-BEG}", "%H:%M:%S", "EPOCH\n%Y-%m-%d %H:%M:%S"]) {
    const [held, searched] = [detector(pattern), detector(pattern)];
    for (let at = 0; at < 4000; at += 1) {
      const line = `${heads[Math.floor(at / 600) % heads.length] ?? ""}${tails[(at * at + at) % 17] ?? ""}${tails[(at * 5) % 18] ?? ""}`;
      const now = NOW + Math.floor(at / 50);
      searched.setTimezone(null);
      assert.deepEqual(said(held.find(line, now)), said(searched.find(line, now)), line);
    }
    assert.deepEqual(held.templates(), searched.templates());
  }
});

test("what is held of a date in brackets moves with the bracket and changes nothing else", () => {
  const heads = ["1.2.3.4 - - [", "10.20.30.40 - - [", "[", "é [", "no bracket ", "[["];
  const dates = ["23/Jan/2005:21:59:59", "23/Jan/2005:21:59:58", "2005-01-23 21:59:59"];
  const tails = ["] x", " +0100] x", " +0100", "", ".5] x", " 2005", "x", "] y"];
  const pattern = String.raw`^[^\[]*\[({DATE})`;
  const [held, searched] = [detector(pattern), detector(pattern)];
  let found = 0;
  for (let at = 0; at < 6000; at += 1) {
    const line = `${heads[(at * 7) % 6] ?? ""}${dates[Math.floor(at / 500) % 3] ?? ""}${tails[Math.floor(at / 7) % 8] ?? ""}`;
    const now = NOW + Math.floor(at / 300);
    searched.setTimezone(null);
    const result = held.find(line, now);
    assert.deepEqual(said(result), said(searched.find(line, now)), line);
    if (result !== null) found += 1;
  }
  assert.ok(found > 2000);
  assert.deepEqual(held.templates(), searched.templates());
});

test("a line that differs from the last one in its clock only has the date that a search finds, also as a part of a chunk", () => {
  const two = (n: number): string => String(n).padStart(2, "0");
  const fractions = ["", ".5", "", ".789", ",789", ".123456", "5"];
  const odd = ["19:5:07", "2a:00:00", "21:59:5"];
  const clockOf = (at: number): string =>
    at % 17 === 0
      ? (odd[at % 3] ?? "")
      : `${two((at * 7) % 26)}:${two((at * 13) % 61)}:${two((at * 29) % 62)}${fractions[Math.floor(at / 30) % fractions.length] ?? ""}`;
  const forms = [
    (clock: string) => `Jan 23 ${clock} host x`,
    (clock: string) => `Aug 14 ${clock} host x`,
    (clock: string) => `2005-01-23T${clock}+01:00 x`,
    (clock: string) => `2005-01-23 ${clock} x`,
    (clock: string) => `[2005-08-14 ${clock}] ${clock} x`,
    (clock: string) => `20050123T215959 ${clock} x`,
    (clock: string) => `Jan 23, 2005 ${clock} PM x`,
    (clock: string) => `1106513999 ${clock} x`,
    (clock: string) => `${clock} x`,
    (clock: string) => `1.2.3.4 - - [23/Jan/2005:${clock} +0100] "GET /${clock}"`,
  ];
  let glanced = 0;
  for (const pattern of [null, "{^LN-BEG}", String.raw`^[^\[]*\[({DATE})`]) {
    const [held, searched, glancing] = [detector(pattern), detector(pattern), detector(pattern)];
    for (let at = 0; at < 12_000; at += 1) {
      const line = forms[Math.floor(at / 200) % forms.length]?.(clockOf(at)) ?? "";
      const now = NOW + Math.floor(at / 50);
      searched.setTimezone(null);
      const expected = said(searched.find(line, now));
      assert.deepEqual(said(held.find(line, now)), expected, line);
      const bytes = `before\n${line}\nbehind [`;
      const glance = glancing.glance(bytes, 7, 7 + line.length, now);
      if (glance === null) glancing.find(line, now);
      else {
        glanced += 1;
        assert.deepEqual(said(glance), expected, line);
        glancing.repeat(now);
      }
    }
    for (const one of [held, glancing]) assert.deepEqual(one.templates(), searched.templates());
  }
  assert.ok(glanced > 5000, `${glanced} lines were told at a glance`);
});

test("a held result is not given for another second of now", () => {
  const found = detector(null);
  const [line, newYear] = ["Dec 31 23:59:59 x", 1104534000];
  assert.equal(found.find(line, newYear - 1)?.at, newYear - 1, "this year's");
  assert.equal(found.find(line, newYear + 10)?.at, newYear - 1, "last year's");
});
