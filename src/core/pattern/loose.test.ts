import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers } from "./expressions.fixture.ts";
import { compileRegex, type Finding, GAVE_UP } from "./index.ts";
import { isStrictIp6 } from "./loose.ts";
import { IP6_BODY } from "./tags.ts";

const IP6 = `(?P<ip6>${IP6_BODY})`;
const AROUND = [
  "^_$",
  "_",
  "^_[^:]",
  "_.$",
  "_:",
  "\\b_\\b",
  "^(?:_|(?P<dns>[\\w.]*\\w))$",
  "x?_1",
  "\\[?_\\]?(?:/\\d+)?",
  "(?:::1:)?(?:(?P<ip4>1)|_)1",
];

function span(found: Finding | null | typeof GAVE_UP): unknown {
  assert.ok(found !== GAVE_UP);
  return found === null ? null : [found.start, found.end, found.get("ip6"), found.get("dns")];
}

/** All texts of these characters up to a length. */
function* texts(alphabet: string, length: number): Generator<string> {
  yield "";
  if (length === 0) return;
  for (const text of texts(alphabet, length - 1)) {
    if (text.length === length - 1) for (const char of alphabet) yield text + char;
    else if (text !== "") yield text;
  }
}

function check(text: string): void {
  for (const { around, regex } of COMPILED) {
    assert.deepEqual(
      span(regex.execBy("printed", text) as Finding),
      span(regex.execBy("matcher", text) as Finding),
      `${around} on ${text}`,
    );
  }
}

const COMPILED = AROUND.map((around) => {
  const compiled = compileRegex(around.replace("_", IP6));
  assert.ok(compiled.ok);
  assert.ok(compiled.regex.printed?.includes("[0-9a-fA-F]{0,4}:"), "printed loosely");
  return { around, regex: compiled.regex };
});

test("the loose form with its check finds what the strict form finds, on all short texts", () => {
  let count = 0;
  for (const text of texts("1:x", 7)) {
    if (text === "") continue;
    check(text);
    count++;
  }
  assert.ok(count > 2000);
});

test("the loose form with its check finds what the strict form finds, on long texts", () => {
  const pick = numbers(11);
  const pieces = ["1", "12", "beef", "12345", ":", "::", ":::", "x", ".", "1:", "a:b:c:d:", " ", "[", "]", "/3"];
  for (let round = 0; round < 3000; round++) {
    let text = "";
    for (let left = 1 + pick(14); left > 0; left--) text += pieces[pick(pieces.length)] ?? "";
    check(text);
  }
});

test("the check takes exactly what the strict form takes as a whole", () => {
  const strict = compileRegex(`\\A${IP6}\\Z`);
  const loosely = /^[0-9a-fA-F]{0,4}:[0-9a-fA-F:]+$/;
  assert.ok(strict.ok);
  for (const text of texts("1:", 12)) {
    const accepted = loosely.test(text) && isStrictIp6(text);
    assert.equal(accepted, text !== "" && strict.regex.execBy("matcher", text) !== null, text);
  }
});
