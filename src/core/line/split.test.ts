import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodingOf, type Encoding } from "./encoding.ts";
import { detach, readLine, splitChunk } from "./split.ts";

const named = (name: string): Encoding => {
  const encoding = encodingOf(name, "utf-8");
  assert.ok(encoding !== null);
  return encoding;
};
const utf8 = named("utf-8");
const raw = (text: string, encoding: BufferEncoding = "utf8"): string => Buffer.from(text, encoding).toString("latin1");

test("a line ends at a line feed only, and loses every CR and LF at its end", () => {
  const table: readonly (readonly [chunk: string, texts: readonly string[]])[] = [
    ["a\nb\n", ["a", "b"]],
    ["a\r\n\r\nb\r\r\n", ["a", "", "b"]],
    ["a\rb\n", ["a\rb"]],
    ["a\x0b\x0c\x85\0b\n", ["a\x0b\x0c\uFFFD\0b"]],
    [raw("a\u0085\u2028b\n"), ["a\u0085\u2028b"]],
    ["\n", [""]],
    ["", []],
    ["cut at the limit", ["cut at the limit"]],
  ];
  for (const [chunk, texts] of table) assert.deepEqual(splitChunk(chunk, utf8).texts, texts, JSON.stringify(chunk));
});

test("only lines with bytes from 0x80 on are decoded, by the jail's encoding", () => {
  assert.deepEqual(splitChunk(raw("plain\nhäß\nplain\n"), utf8), { texts: ["plain", "häß", "plain"], faulty: null });
  assert.deepEqual(splitChunk(raw("plain\nhäß\n", "latin1"), named("latin1")), {
    texts: ["plain", "häß"],
    faulty: null,
  });
});

test("the first line that cannot be decoded is handed out with its bytes, and nothing is dropped", () => {
  assert.deepEqual(splitChunk("ok\na\xffb\nc\xfed\n", utf8), {
    texts: ["ok", "a\uFFFDb", "c\uFFFDd"],
    faulty: "a\xffb\n",
  });
});

test("a character broken by the cut at the limit is no fault of the encoding", () => {
  assert.deepEqual(splitChunk("a\xe2\x82", utf8), { texts: ["a\uFFFD"], faulty: null });
});

test("wide encodings end their lines at their own line feed: U+010A is none", () => {
  const chunk = raw("\uFEFFone Ċ\r\ntwo\n", "utf16le");
  assert.deepEqual(splitChunk(chunk, named("utf-16-le")), { texts: ["one Ċ", "two"], faulty: null });
  assert.deepEqual(splitChunk("\0a\0\n", named("utf-16-be")).texts, ["a"]);
  assert.deepEqual(splitChunk("\0\0\0a\0\0\0\n", named("utf-32-be")).texts, ["a"]);
});

test("a single line is read as it is in a chunk", () => {
  assert.equal(readLine(raw("é\r\n"), utf8), "é");
});

test("a copied line is the same text", () => {
  for (const text of ["", "a", "a longer line than thirteen characters"]) assert.equal(detach(text), text);
});

test("splitting loses no line and changes no text", () => {
  const line = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line), (texts) => {
      assert.deepEqual(splitChunk(raw(texts.map((text) => `${text}\n`).join("")), utf8), { texts, faulty: null });
    }),
  );
});
