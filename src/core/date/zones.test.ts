import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimezone } from "./zones.ts";

const ROWS: readonly (readonly [text: string, minutes: number | null])[] = [
  ["UTC", 0],
  ["UTC+0200", 120],
  ["UTC+02:00", 120],
  ["+0200", 120],
  ["-03", -180],
  ["CET", 60],
  ["CEST+0100", 180],
  ["UTC-0330", -210],
  ["-0030", -30],
  ["+19:59", 1199],
  ["Z", 0],
  ["A", 60],
  ["NPT", 345],
  ["MART", -570],
  ["", 0],
  ["utc", null],
  ["Europe/Zurich", null],
  ["UTC+2", null],
  ["+2359", null],
  ["XYZ", null],
  ["CET ", null],
];

test("zones are an abbreviation, an offset, or both added", () => {
  for (const [text, minutes] of ROWS) assert.equal(parseTimezone(text), minutes, text);
});
