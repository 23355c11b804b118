import assert from "node:assert/strict";
import { test } from "node:test";
import { ContainerLines } from "./container.ts";

const record = (log: string, stream = "stdout", time = "2026-11-22T08:53:10.123456789Z"): string =>
  JSON.stringify({ log, stream, time });

test("a record of Docker gives the line that the container printed, and when", () => {
  const table: readonly (readonly [raw: string, text: string, at: number | null])[] = [
    [record("login failed from 192.0.2.1\n"), "login failed from 192.0.2.1", 1_795_337_590 + 0.123456789],
    [record("crlf\r\n", "stderr", "2026-11-22T09:53:10+01:00"), "crlf", 1_795_337_590],
    [record("x\n", "stdout", "yesterday"), "x", null],
    [record("x\n", "stdout", "2024-02-29T23:59:59Z"), "x", 1_709_251_199],
    [record("x\n", "stdout", "2000-01-01T00:00:00-00:30"), "x", 946_686_600],
    [record("x\n", "stdout", "2000-13-01T00:00:00Z"), "x", null],
    ['{"log":"only a line\\n"}', "only a line", null],
  ];
  for (const [raw, text, at] of table) assert.deepEqual(new ContainerLines().read(raw), { text, at });
});

test("parts of a long line are joined, for each stream on its own", () => {
  const lines = new ContainerLines();
  const text = (raw: string): string | undefined => {
    const read = lines.read(raw);
    return read === null || read === "begun" ? undefined : read.text;
  };
  assert.equal(lines.read(record("begin ")), "begun");
  assert.equal(lines.read(record("err ", "stderr")), "begun");
  assert.equal(lines.read(record("middle ")), "begun");
  assert.equal(text(record("end\n")), "begin middle end");
  assert.equal(text(record("end\n", "stderr")), "err end");
  assert.equal(text(record("next\n")), "next");
});

test("what never ends is cut at the limit of a line", () => {
  const lines = new ContainerLines();
  for (let i = 0; i < 10; i += 1) assert.equal(lines.read(record("x".repeat(16_384))), "begun");
  const read = lines.read(record("y\n"));
  assert.equal(read !== null && read !== "begun" && read.text.length, 65_536);
});

test("what is no record gives nothing", () => {
  for (const raw of ["", "text", "{", "{}", '{"log":5}', "null", "[]"])
    assert.equal(new ContainerLines().read(raw), null);
});
