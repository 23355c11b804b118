import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Float, Tuple, type Plain } from "./plain.ts";
import { pythonRepr } from "./repr.ts";

const VALUES: readonly (readonly [Plain, string])[] = [
  [null, "None"],
  [true, "True"],
  [-7, "-7"],
  [new Float(2629800), "2629800.0"],
  [new Float(0.1), "0.1"],
  [new Float(1e16), "1e+16"],
  [new Float(1.5e-7), "1.5e-07"],
  [new Float(Infinity), "inf"],
  ["plain", "'plain'"],
  ["it's", '"it\'s"'],
  ['"both" it\'s', "'\"both\" it\\'s'"],
  ["a\\b\n\r\t", "'a\\\\b\\n\\r\\t'"],
  ["\x00\x7f\x85\xa0\xad", "'\\x00\\x7f\\x85\\xa0\\xad'"],
  ["é日本🙂", "'é日本🙂'"],
  ["\u200b\u2028\ufeff", "'\\u200b\\u2028\\ufeff'"],
  ["\ud800", "'\\ud800'"],
  ["\u{e0001}", "'\\U000e0001'"],
  [["set", "a", 1], "['set', 'a', 1]"],
  [[], "[]"],
  [new Tuple(1, "a"), "(1, 'a')"],
  [new Tuple(1), "(1,)"],
  [new Map<string, Plain>([["stacksize", 64]]), "{'stacksize': 64}"],
];

for (const [value, expected] of VALUES) {
  test(`Python prints ${expected}`, () => assert.equal(pythonRepr(value), expected));
}

test("what is quickly known to be a letter is printable, too", () => {
  const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;
  for (let code = 0x100; code < 0x20000; code += 1) {
    const char = String.fromCodePoint(code);
    assert.equal(pythonRepr(char) !== `'${char}'`, unprintable.test(char), code.toString(16));
  }
});

test("a text is printed character by character, whichever way is taken", () => {
  const escapes: Readonly<Record<string, string>> = {
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\b": "\\x08",
    "\x7f": "\\x7f",
  };
  const chars = fc.constantFrom("a", " ", "'", '"', "é", "€", ...Object.keys(escapes));
  fc.assert(
    fc.property(fc.array(chars, { maxLength: 12 }), (text) => {
      const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
      const printed = text.map((char) => (char === quote ? `\\${char}` : (escapes[char] ?? char)));
      assert.equal(pythonRepr(text.join("")), quote + printed.join("") + quote);
    }),
    { numRuns: 2000 },
  );
});
