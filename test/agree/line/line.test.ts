/** Decoding, its complaints and the rendering of journal entries, beside the original. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodingOf, Faults, parseFields, readLine, renderEntry, splitChunk } from "../../../src/core/line/index.ts";
import { utc } from "../../../src/base/zone.fake.ts";

const tree = process.env["FAIL2BAN_ORACLE"] ?? join(import.meta.dirname, "../../../.cache/oracle/tree");
const packages = join(tree, "usr/lib/python3/dist-packages");
const skip = !existsSync(packages)
  ? `no original in ${tree}`
  : spawnSync("python3", ["-V"]).status !== 0
    ? "no python3"
    : false;

function ask(questions: readonly unknown[]): unknown[] {
  const { stdout, stderr, status } = spawnSync("python3", [join(import.meta.dirname, "oracle.py"), packages], {
    input: JSON.stringify(questions),
    env: { ...process.env, TZ: "UTC" },
    maxBuffer: 64 * 1_048_576,
  });
  assert.equal(status, 0, stderr.toString());
  const answers: unknown = JSON.parse(stdout.toString());
  assert.ok(Array.isArray(answers));
  return answers;
}

const base64 = (raw: string): string => Buffer.from(raw, "latin1").toString("base64");

/** Every single byte, and what people's logs hold. */
const LINES: readonly string[] = [
  ...Array.from({ length: 256 }, (_, byte) => `a${String.fromCharCode(byte)}b\n`).filter(
    (line) => !line.includes("\n") || line.indexOf("\n") === 3,
  ),
  "two \xc3\xa4 good\n",
  "cut \xe2\x82\n",
  "cut twice \xe2\x82 \xf0\x9f\x98 x\r\n",
  "surrogate \xed\xa0\x80 x\n",
  "overlong \xc0\xaf \xe0\x80\xaf\n",
  "beyond \xf4\x90\x80\x80\n",
  "quotes ' and \" \xff \\ \t\n",
  "end \xff\r\r\n\n",
];
/** iconv-lite takes the byte where Python has a hole in these: cp1252's five unused ones it shares with Python. */
const ENCODINGS: readonly string[] = [
  "UTF-8",
  "ascii",
  "latin-1",
  "iso8859-15",
  "cp1252",
  "koi8-r",
  "cp437",
  "iso8859-7",
  "cp1251",
];

test("every byte is decoded as the original decodes it, and complained about in its words", { skip }, () => {
  const questions = ENCODINGS.flatMap((encoding) =>
    LINES.map((raw) => ({ ask: "decode", file: `/log/${encoding}`, encoding, raw })),
  );
  const answers = ask(questions.map((question) => ({ ...question, raw: base64(question.raw) })));
  const faults = new Faults();
  const ours = questions.map(({ file, encoding: name, raw }) => {
    const encoding = encodingOf(name, "UTF-8");
    assert.ok(encoding !== null);
    const { faulty } = splitChunk(raw, encoding);
    const said = faulty === null ? [] : faults.report(file, name, raw, 0).map((words) => [words.level, words.text]);
    return { text: readLine(raw, encoding), said };
  });
  assert.deepEqual(ours, answers);
});

const HOSTS = [{}, { _HOSTNAME: "mail" }, { _HOSTNAME: "" }, { _HOSTNAME: "h\nx" }];
const NAMES = [
  {},
  { SYSLOG_IDENTIFIER: "sshd" },
  { _COMM: "sshd" },
  { SYSLOG_IDENTIFIER: "", _COMM: "c" },
  { SYSLOG_IDENTIFIER: "kernel" },
];
const PIDS = [
  {},
  { _PID: 12 },
  { SYSLOG_PID: 0, _PID: 7 },
  { SYSLOG_PID: "0x1f" },
  { SYSLOG_PID: "abc" },
  { SYSLOG_PID: "", _PID: 3 },
  { _PID: 0 },
];
const MESSAGES = [
  {},
  { MESSAGE: "" },
  { MESSAGE: "hello  " },
  { MESSAGE: "two\nlines\r\n" },
  { MESSAGE: ["a\n", "b"] },
  { MESSAGE: "\xff caf\xe9 \x1b" },
];

test("journal entries are rendered as the original renders them", { skip }, () => {
  const entries = HOSTS.flatMap((host) =>
    NAMES.flatMap((name) =>
      PIDS.flatMap((pid) => MESSAGES.map((message) => ({ ...host, ...name, ...pid, ...message }))),
    ),
  );
  const moments = entries.map((_, i) => ({
    micros: 1_795_337_590_000_000 + (i % 3) * 123_456,
    monotonic: 12_500_000 + i,
  }));
  // What is not printable UTF-8 comes as bytes in both.
  const isBytes = (value: unknown): value is string => typeof value === "string" && /[\x1b\x80-\xff]/.test(value);
  const map = (fields: object, bytes: (raw: string) => unknown): object =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]: [string, unknown]) => [name, isBytes(value) ? bytes(value) : value]),
    );
  const answers = ask(
    entries.map((fields, i) => ({
      ask: "render",
      ...moments[i],
      fields: map(fields, (raw) => ({ bytes: base64(raw) })),
    })),
  );
  const encoding = encodingOf("UTF-8", "UTF-8");
  assert.ok(encoding !== null);
  const ours = entries.map((entry, i) => {
    const times = {
      __REALTIME_TIMESTAMP: String(moments[i]?.micros),
      __MONOTONIC_TIMESTAMP: String(moments[i]?.monotonic),
    };
    const fields = parseFields(JSON.stringify({ ...map(entry, (raw) => [...Buffer.from(raw, "latin1")]), ...times }));
    assert.ok(fields !== null);
    const { stamp, text, at } = renderEntry(fields, encoding, utc);
    return { before: "", stamp, text, at };
  });
  assert.deepEqual(ours, answers);
});
