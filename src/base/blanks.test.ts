import assert from "node:assert/strict";
import { test } from "node:test";
import { blankWords, indentation, isBlank, trimBlanks, trimBlanksEnd } from "./index.ts";

const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));

test("white space is what Python takes for it", () => {
  const blanks = every.filter(isBlank).map((char) => char.charCodeAt(0).toString(16));
  assert.equal(
    blanks.join(" "),
    "9 a b c d 1c 1d 1e 1f 20 85 a0 1680 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200a 2028 2029 202f 205f 3000",
  );
});

test("every kind of it is trimmed at both ends and nothing else is", () => {
  for (const char of every) {
    const text = `${char} a${char}b${char}`;
    assert.equal(trimBlanks(text), isBlank(char) ? `a${char}b` : text, char.charCodeAt(0).toString(16));
    assert.equal(trimBlanksEnd(text), isBlank(char) ? `${char} a${char}b` : text);
    assert.equal(indentation(text), isBlank(char) ? 2 : 0);
    assert.deepEqual(blankWords(char), isBlank(char) ? [] : [char]);
  }
});

test("a text of nothing but white space has no indentation", () => {
  for (const text of ["", "  ", "\x1c ", "\u3000"]) assert.deepEqual([indentation(text), trimBlanks(text)], [0, ""]);
});
