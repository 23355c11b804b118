import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFields } from "./entry.ts";
import { matchArguments, meetsMatches, parseMatches } from "./journalmatch.ts";

const meets = (lines: readonly (readonly string[])[], fields: Readonly<Record<string, unknown>>): boolean => {
  const parsed = parseMatches(lines);
  const entry = parseFields(JSON.stringify(fields));
  assert.ok("groups" in parsed && entry !== null);
  return meetsMatches(parsed.groups, entry);
};

const TABLE: readonly (readonly [
  what: string,
  lines: readonly (readonly string[])[],
  fields: Readonly<Record<string, unknown>>,
  isMet: boolean,
])[] = [
  ["one field", [["A=1"]], { A: "1" }, true],
  ["another value", [["A=1"]], { A: "10" }, false],
  ["different fields are AND-ed: both", [["A=1", "B=2"]], { A: "1", B: "2" }, true],
  ["different fields are AND-ed: one", [["A=1", "B=2"]], { A: "1" }, false],
  ["values of one field are OR-ed", [["A=1", "A=2", "B=2"]], { A: "2", B: "2" }, true],
  ["plus is an OR", [["A=1", "+", "B=2"]], { B: "2" }, true],
  [
    "lines are OR-ed: A or B or (C and D)",
    [
      ["A=1", "+", "B=2"],
      ["C=3", "D=4"],
    ],
    { C: "3" },
    false,
  ],
  [
    "lines are OR-ed: the last",
    [
      ["A=1", "+", "B=2"],
      ["C=3", "D=4"],
    ],
    { C: "3", D: "4" },
    true,
  ],
  ["a field with several values", [["A=2"]], { A: ["1", "2"] }, true],
  ["a value with an equals sign and blanks", [["A=b=c d"]], { A: "b=c d" }, true],
  ["bytes that are UTF-8", [["A=ä\t"]], { A: [0xc3, 0xa4, 9] }, true],
  ["an empty value", [["A="]], { A: "" }, true],
  ["no match at all", [], {}, true],
  ["stray pluses", [["+", "A=1", "+", "+"]], { A: "1" }, true],
];
for (const [what, lines, fields, isMet] of TABLE)
  test(`journalmatch: ${what}`, () => assert.equal(meets(lines, fields), isMet));

test("a word that journald would refuse is named", () => {
  for (const bad of ["A", "=x", "a=1", "__CURSOR=x", "A-B=1", "", "A=\0", "-u=1"])
    assert.deepEqual(parseMatches([["OK=1", bad]]), { bad });
  assert.ok("bad" in parseMatches([Array.from({ length: 1001 }, () => "A=1")]));
});

test("groups become journalctl's own words again", () => {
  const parsed = parseMatches([["A=1", "A=2", "+", "B=x y"], ["C=3"]]);
  assert.ok("groups" in parsed);
  assert.deepEqual(matchArguments(parsed.groups), ["A=1", "A=2", "+", "B=x y", "+", "C=3"]);
});
