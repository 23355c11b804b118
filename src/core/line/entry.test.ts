import assert from "node:assert/strict";
import { test } from "node:test";
import type { Zone } from "../../base/index.ts";
import { encodingOf, type Encoding } from "./encoding.ts";
import { isoTime, parseFields, renderEntry } from "./entry.ts";

/** Zürich in winter. */
const zone: Zone = {
  toInstant: () => 0,
  toLocal: (at) => {
    const [date = "", time = ""] = new Date((at + 3600) * 1000).toISOString().split("T");
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    const [hour = 0, minute = 0, second = 0] = time.slice(0, 8).split(":").map(Number);
    return { year, month, day, hour, minute, second };
  },
};
const named = (name: string): Encoding => {
  const encoding = encodingOf(name, "utf-8");
  assert.ok(encoding !== null);
  return encoding;
};
const bytesOf = (text: string): number[] => [...Buffer.from(text, "latin1")];
const MICROS = 1_795_333_990_123_456;

function render(fields: Readonly<Record<string, unknown>>, encoding = "utf-8"): ReturnType<typeof renderEntry> {
  const parsed = parseFields(
    JSON.stringify({ __REALTIME_TIMESTAMP: String(MICROS), __MONOTONIC_TIMESTAMP: "12500000", ...fields }),
  );
  assert.ok(parsed !== null);
  return renderEntry(parsed, named(encoding), zone);
}

const TABLE: readonly (readonly [fields: Readonly<Record<string, unknown>>, text: string])[] = [
  [{ _HOSTNAME: "h", SYSLOG_IDENTIFIER: "sshd", _PID: "12", MESSAGE: "hello" }, "h sshd[12]: hello"],
  [{ _HOSTNAME: "h", _COMM: "sshd", SYSLOG_PID: "0x1f", _PID: "12", MESSAGE: "hello\nx" }, "h sshd[31]: hello\\nx"],
  [{ _HOSTNAME: "h", SYSLOG_IDENTIFIER: "kernel", MESSAGE: "hello" }, "h kernel: [   12.500000] hello"],
  [{ _HOSTNAME: "h", SYSLOG_IDENTIFIER: "kernel", _PID: "0", MESSAGE: "hello" }, "h kernel: [   12.500000] hello"],
  [{ _HOSTNAME: "h", SYSLOG_IDENTIFIER: "kernel", _PID: "7", MESSAGE: "hello" }, "h kernel[7]: hello"],
  [{ SYSLOG_IDENTIFIER: "kernel", _SOURCE_MONOTONIC_TIMESTAMP: "1250000", MESSAGE: "x" }, "kernel: [    1.250000] x"],
  [{ SYSLOG_IDENTIFIER: "kernel", __MONOTONIC_TIMESTAMP: "1234567250000", MESSAGE: "x" }, "kernel: [1234567.250000] x"],
  [{ _HOSTNAME: "", SYSLOG_IDENTIFIER: "", _COMM: "c", MESSAGE: "hello" }, "c: hello"],
  [{ _HOSTNAME: "h", MESSAGE: "hello", _PID: "3" }, "h hello"],
  [{ MESSAGE: ["a", "b"] }, "a b"],
  [{ SYSLOG_IDENTIFIER: "s", SYSLOG_PID: "abc", MESSAGE: bytesOf("x\xffy") }, "s[abc]: x\uFFFDy"],
  [{ SYSLOG_IDENTIFIER: "s", SYSLOG_PID: "", _PID: "5", MESSAGE: "m" }, "s[5]: m"],
  [{ SYSLOG_IDENTIFIER: "s", SYSLOG_PID: " 7 ", MESSAGE: "m" }, "s[7]: m"],
  [{ SYSLOG_IDENTIFIER: "s", SYSLOG_PID: "1_0", MESSAGE: "m" }, "s[10]: m"],
  [{ SYSLOG_IDENTIFIER: "s", _PID: "-3", MESSAGE: "m" }, "s[-3]: m"],
  [{ SYSLOG_IDENTIFIER: "s" }, "s: "],
  [{ SYSLOG_IDENTIFIER: "s", MESSAGE: "" }, "s: "],
  [{ SYSLOG_IDENTIFIER: "s", MESSAGE: "a\r\nb\n" }, "s: a\r\\nb\\n"],
  [
    { _HOSTNAME: "h\nx", SYSLOG_IDENTIFIER: "ker\nnel", SYSLOG_PID: "1\n2", MESSAGE: "he\nllo" },
    "h\\nx ker\\nnel[1\\n2]: he\\nllo",
  ],
  [{ _HOSTNAME: "h", SYSLOG_IDENTIFIER: "s", MESSAGE: "hello  " }, "h s: hello  "],
  [{ SYSLOG_IDENTIFIER: ["s", "t"], MESSAGE: ["a\n", bytesOf("\xc3\xa4\x1b")] }, "s: a\\n ä\x1b"],
];
for (const [fields, text] of TABLE)
  test(`an entry is rendered: ${JSON.stringify(fields)}`, () => assert.equal(render(fields).text, text));

test("bytes that are not UTF-8 are read by the jail's encoding", () => {
  assert.equal(render({ MESSAGE: bytesOf("caf\xe9") }, "latin1").text, "café");
  assert.equal(render({ MESSAGE: bytesOf("caf\xc3\xa9\x07") }, "latin1").text, "café\x07");
});

test("the time is the sender's where the journal trusts it, in local ISO form and in seconds", () => {
  assert.deepEqual([render({}).stamp, render({}).at], ["2026-11-22T08:53:10.123456 ", MICROS / 1e6]);
  const source = render({ _SOURCE_REALTIME_TIMESTAMP: "1795333989000005" });
  assert.deepEqual([source.stamp, source.at], ["2026-11-22T08:53:09.000005 ", 1_795_333_989.000005]);
  assert.equal(isoTime(1_795_333_990_000_000, zone), "2026-11-22T08:53:10");
});

test("a very long message is cut at the limit of a line", () => {
  assert.equal(render({ MESSAGE: "x".repeat(100_000) }).text.length, 65_536);
});

test("what journalctl does not print gives no fields", () => {
  for (const json of ["", "x", "[]", "null", "5"]) assert.equal(parseFields(json), null);
});
