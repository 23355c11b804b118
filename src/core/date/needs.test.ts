import assert from "node:assert/strict";
import { test } from "node:test";
import { knownFormat } from "./formats.ts";
import { createTemplates } from "./index.ts";
import { needsOf, offersOf } from "./needs.ts";
import { DEFAULTS, YEAR } from "./rows.fixture.ts";

test("every line that a default template matches has what the template needs", () => {
  let matches = 0;
  for (const template of createTemplates().defaults(YEAR).all) {
    const needs = needsOf(knownFormat(template.draft)?.format ?? null);
    assert.notEqual(needs, needsOf(null), `${template.name} is known`);
    for (const [line] of DEFAULTS) {
      if (template.search(line, 0, line.length, true) === null) continue;
      matches += 1;
      assert.notEqual(needs & offersOf(line), 0, `${template.name} on ${line}`);
    }
  }
  assert.ok(matches > 150);
});

test("of a custom pattern nothing is known", () => {
  for (const [name, pattern] of [
    ["Year", "%Y"],
    ["x", "(?:%H:%M:%S)?x"],
    ["(?:{EPOCH})?", null],
  ] as const)
    assert.notEqual(needsOf(knownFormat({ name, pattern })?.format ?? null) & offersOf("no date"), 0);
});
