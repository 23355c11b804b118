import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodingOf, type Encoding } from "./encoding.ts";
import { readLine, splitChunk } from "./split.ts";

const named = (name: string): Encoding => {
  const encoding = encodingOf(name, "utf-8");
  assert.ok(encoding !== null);
  return encoding;
};
const utf8 = named("utf-8");
const raw = (text: string, encoding: BufferEncoding = "utf8"): string => Buffer.from(text, encoding).toString("latin1");

const ended = (texts: readonly string[]): string[] => texts.map((text) => `${text}\n`);

test("a line ends at a line feed only, and has exactly one at its end, whatever CR and LF there were", () => {
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
  for (const [chunk, texts] of table)
    assert.deepEqual(splitChunk(chunk, utf8).texts, ended(texts), JSON.stringify(chunk));
});

test("only lines with bytes from 0x80 on are decoded, by the jail's encoding", () => {
  const mixed = splitChunk(raw("plain\nhäß\nplain\n"), utf8);
  assert.deepEqual(mixed, { texts: ended(["plain", "häß", "plain"]), ascii: false, faulty: null });
  const latin = splitChunk(raw("plain\nhäß\n", "latin1"), named("latin1"));
  assert.deepEqual(latin, { texts: ended(["plain", "häß"]), ascii: false, faulty: null });
  assert.deepEqual(splitChunk("plain\n", utf8), { texts: ["plain\n"], ascii: true, faulty: null });
});

test("the first line that cannot be decoded is handed out with its bytes, and nothing is dropped", () => {
  assert.deepEqual(splitChunk("ok\na\xffb\nc\xfed\n", utf8), {
    texts: ended(["ok", "a\uFFFDb", "c\uFFFDd"]),
    ascii: false,
    faulty: "a\xffb\n",
  });
});

test("a character broken by the cut at the limit is no fault of the encoding", () => {
  assert.deepEqual(splitChunk("a\xe2\x82", utf8), { texts: ["a\uFFFD\n"], ascii: false, faulty: null });
});

test("wide encodings end their lines at their own line feed: U+010A is none", () => {
  const chunk = raw("\uFEFFone Ċ\r\ntwo\n", "utf16le");
  assert.deepEqual(splitChunk(chunk, named("utf-16-le")), {
    texts: ended(["one Ċ", "two"]),
    ascii: false,
    faulty: null,
  });
  assert.deepEqual(splitChunk("\0a\0\n", named("utf-16-be")).texts, ["a\n"]);
  assert.deepEqual(splitChunk("\0\0\0a\0\0\0\n", named("utf-32-be")).texts, ["a\n"]);
});

test("a single line is read as it is in a chunk", () => {
  assert.equal(readLine(raw("é\r\n"), utf8), "é");
});

test("splitting loses no line and changes no text", () => {
  const line = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line), (texts) => {
      const chunk = raw(ended(texts).join(""));
      // eslint-disable-next-line no-control-regex
      const ascii = /^[\0-\x7f]*$/.test(chunk);
      assert.deepEqual(splitChunk(chunk, utf8), { texts: ended(texts), ascii, faulty: null });
    }),
  );
});
