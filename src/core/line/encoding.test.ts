import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encodingOf, isFaulty, type Encoding } from "./encoding.ts";

const named = (name: string): Encoding => {
  const encoding = encodingOf(name, "UTF-8");
  assert.ok(encoding !== null, name);
  return encoding;
};
const bytes = (...values: number[]): string => String.fromCharCode(...values);

test("names of encodings are taken in any spelling that Python knows", () => {
  const table: readonly (readonly [name: string, codec: string])[] = [
    ["auto", "utf8"],
    ["AUTO", "utf8"],
    ["UTF-8", "utf8"],
    ["utf_8", "utf8"],
    ["U8", "utf8"],
    ["cp65001", "utf8"],
    ["ascii", "ascii"],
    ["646", "ascii"],
    ["latin-1", "iso88591"],
    ["L1", "iso88591"],
    ["ISO_8859-1:1987", "iso88591"],
    ["utf-16", "utf16le"],
    ["utf-16-be", "utf16be"],
    ["UTF-32LE", "utf32le"],
    ["u32", "utf32le"],
    ["uhc", "cp949"],
    ["koi8-r", "koi8r"],
  ];
  for (const [name, codec] of table) assert.equal(named(name).codec, codec, name);
  assert.equal(named("auto").name, "UTF-8");
  assert.equal(encodingOf("auto", "ISO-8859-15")?.codec, "iso885915");
});

test("what is no text encoding is refused", () => {
  for (const name of ["nope", "", "-", "hex", "base64", "punycode", "undefined"])
    assert.equal(encodingOf(name, "UTF-8"), null, name);
});

test("latin-1 is itself and not Windows' code page", () => {
  assert.equal(decode(bytes(0x41, 0x80, 0x9f, 0xe9), named("latin1")), "A\u0080\u009fé");
  assert.equal(decode(bytes(0x80), named("cp1252")), "€");
});

test("each invalid sequence becomes U+FFFD, as Python replaces them", () => {
  const table: readonly (readonly [raw: readonly number[], codec: string, text: string, isFaulty: boolean])[] = [
    [[0x61, 0xff, 0xfe, 0x62], "utf-8", "a\uFFFD\uFFFDb", true],
    [[0xe2, 0x82, 0x20], "utf-8", "\uFFFD ", true],
    [[0xed, 0xa0, 0x80], "utf-8", "\uFFFD\uFFFD\uFFFD", true],
    [[0xf0, 0x9f, 0x98, 0x80], "utf-8", "😀", false],
    [[0xef, 0xbf, 0xbd], "utf-8", "\uFFFD", false],
    [[0xef, 0xbb, 0xbf, 0x61], "utf-8", "\uFEFFa", false],
    [[0xef, 0xbb, 0xbf, 0x61], "utf-8-sig", "a", false],
    [[0xe4], "ascii", "\uFFFD", true],
  ];
  for (const [raw, codec, text, faulty] of table) {
    const encoding = named(codec);
    assert.equal(decode(bytes(...raw), encoding), text, `${codec} ${raw.join()}`);
    assert.equal(isFaulty(bytes(...raw), text, encoding), faulty, `${codec} ${raw.join()}`);
  }
});
