import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, dayOfWeek, daysOf, isDay, weekdayOf } from "./calendar.ts";

test("days are counted and named alike, over four hundred years and at the ends", () => {
  for (let days = daysOf(1899, 12, 31); days < daysOf(2301, 1, 1); days += 1) {
    const { year, month, day } = dayOf(days);
    assert.ok(isDay(year, month, day));
    assert.equal(daysOf(year, month, day), days);
  }
  assert.equal(daysOf(1970, 1, 1), 0);
  assert.equal(daysOf(1, 1, 1), -719162);
  assert.deepEqual(dayOf(daysOf(9999, 12, 31)), { year: 9999, month: 12, day: 31 });
});

test("only days that exist are days", () => {
  for (const [year, month, day] of [
    [2005, 2, 29],
    [1900, 2, 29],
    [2005, 4, 31],
    [2005, 0, 1],
    [2005, 13, 1],
    [0, 1, 1],
    [2005, 1, 0],
  ] as const)
    assert.ok(!isDay(year, month, day), `${year}-${month}-${day}`);
  assert.ok(isDay(2000, 2, 29));
});

test("weekdays begin with Monday", () => {
  assert.equal(weekdayOf(daysOf(2026, 11, 23)), 0);
  assert.equal(weekdayOf(daysOf(1969, 12, 31)), 2);
});

test("a weekday of a numbered week is a day of the year", () => {
  assert.equal(dayOfWeek(2005, 4, 6, 6), 23, "%U: weeks begin on Sunday");
  assert.equal(dayOfWeek(2005, 3, 6, 0), 23, "%W: weeks begin on Monday");
  assert.equal(dayOfWeek(2005, 0, 5, 0), 1, "days before the first whole week are week 0");
  assert.equal(dayOfWeek(2005, 0, 0, 0), -4, "which may lie in the year before");
  assert.equal(dayOfWeek(2018, 0, 0, 0), 1, "a year that begins with a whole week has no week 0: it is week 1");
});
