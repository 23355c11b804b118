import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, type Detector } from "./index.ts";
import { DEFAULTS, CUSTOM, NOW, YEAR, type Outcome } from "./rows.fixture.ts";
import { UTC, ZURICH } from "./zones.fixture.ts";
import { FORMATS } from "./formats.ts";
import { AT_LINE_BEGIN } from "./expression.ts";
import { type Zone } from "../../base/index.ts";
import { spell } from "./codes.ts";

function detector(datepattern: string | null, zone: Zone = ZURICH, timezone: number | null = null): Detector {
  const created = createDetector({ datepattern, zone, timezone, thisYear: YEAR });
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
  assert.deepEqual(
    NAMES.length,
    FORMATS.length + twins.length,
  );
  const patterns = detector(null).templates().map((template) => template.pattern);
  const expected = [...twins.map((format) => AT_LINE_BEGIN + format), ...FORMATS].map((format) => (spell(format, YEAR).ok && format.includes("%") ? format : null));
  assert.deepEqual(patterns, expected);
});

for (const [zone, column, title] of [[ZURICH, 3, "Europe/Zurich"], [UTC, 4, "UTC"]] as const) {
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
