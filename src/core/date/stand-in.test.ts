/** In long lines that are not ASCII the default formats find what they would find in the line itself. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import fc from "fast-check";
import { compileRegex, GAVE_UP, prepareEngine } from "../pattern/index.ts";
import { standIn } from "./stand-in.ts";
import { createTemplates } from "./templates.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

const PIECES = [
  "2026-11-22 10:00:05",
  "22/Nov/2026:10:00:05 +0100",
  "Nov 22 10:00:05",
  "nov 22 2026 1:2:3",
  "20261122T100005Z",
  "1795341605",
  "@4000000069a1b2c3",
  "11/22/2026:10:00:05",
  "MET ",
  "10:00:05",
  "é",
  "ß",
  "ſ",
  "\u212a",
  "\u00a0",
  "\u2028",
  "\x85",
  "\u{1f600}",
  "\u{10400}",
  "_",
  " ",
  "x",
  ".",
  "[",
  "+0000",
  "\u0130",
];

test("the stand-in of a text gives the matches of the text", () => {
  let found = 0;
  // Those that are bound to the line's begin are quick anyway, and count characters of two units there as one.
  const free = createTemplates()
    .defaults(2026)
    .all.filter(({ anchored }) => !anchored);
  const templates = free.map((template) => {
    const made = compileRegex(template.draft.regex);
    assert.ok(made.ok && template.isKnown, template.name);
    return made.regex;
  });
  fc.assert(
    fc.property(fc.array(fc.nat(PIECES.length - 1), { maxLength: 8 }), (picks) => {
      const text = picks.map((pick) => PIECES[pick]).join("");
      const other = standIn(text);
      assert.equal(other.length, text.length);
      for (const [index, regex] of templates.entries()) {
        const wanted = regex.execBy("matcher", text);
        const got = regex.execBy("matcher", other);
        assert.ok(wanted !== GAVE_UP && wanted !== "cannot" && got !== GAVE_UP && got !== "cannot");
        assert.deepEqual(got?.spanAt(1), wanted?.spanAt(1), `template ${index} on ${JSON.stringify(text)}`);
        if (wanted !== null) found += 1;
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(found > 80, `${found} dates prove nothing`);
});
