import assert from "node:assert/strict";
import { test } from "node:test";
import { lettersOf } from "./letters.ts";

test("an expression about letters says the same of every character, whichever form is asked", () => {
  const word = lettersOf("^[\\p{L}\\p{N}_]$", "");
  const name = lettersOf("^[\\p{XID_Start}_][\\p{XID_Continue}]$", "");
  for (let code = 0; code < 0x3000; code += 1) {
    const char = String.fromCodePoint(code);
    assert.equal(word(char).test(char), /^[\p{L}\p{N}_]$/u.test(char), `U+${code.toString(16)}`);
    const first = `${char}a`;
    assert.equal(
      name(first).test(first),
      /^[\p{XID_Start}_]\p{XID_Continue}$/u.test(first),
      `U+${code.toString(16)} first`,
    );
    const later = `a${char}`;
    assert.equal(
      name(later).test(later),
      /^[\p{XID_Start}_]\p{XID_Continue}$/u.test(later),
      `U+${code.toString(16)} later`,
    );
  }
});
