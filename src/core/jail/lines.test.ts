import assert from "node:assert/strict";
import { test } from "node:test";
import type { Said } from "../../base/index.ts";
import { createTemplates } from "../date/index.ts";
import { Lines } from "./lines.ts";
import { emptyJail } from "./options.ts";
import type { JailWorld } from "./world.ts";

const world: JailWorld = {
  zone: { toInstant: () => 0, toLocal: () => ({ year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) },
  ...{ thisYear: 2026, templates: createTemplates(), remembers: true, encoding: "UTF-8" },
  ...{ isSelf: () => false, near: () => null, readList: () => null, history: () => null, random: () => 0 },
  fill: (text: string) => text,
};
const settings = { ...emptyJail("box", "auto").filter, logformat: "json-file" as const };

const record = (log: string, time = "2026-11-22T10:00:00.5Z"): string =>
  JSON.stringify({ log, stream: "stdout", time });
const at = Date.UTC(2026, 10, 22, 10, 0, 0.5) / 1000 + 0.5;

function aReader(): { lines: Lines; said: Said[]; read(source: string, ...raw: readonly string[]): string[] } {
  const said: Said[] = [];
  const lines = new Lines(settings, world, (one) => said.push(one));
  const read = (source: string, ...raw: readonly string[]): string[] =>
    lines
      .printed({ source, bytes: Buffer.from(raw.map((one) => `${one}\n`).join("")).toString("latin1"), live: true }, 0)
      .map(({ text }) => text);
  return { lines, said, read };
}

test("records of several containers are joined for each on its own, across chunks", () => {
  const { read } = aReader();
  assert.deepEqual(read("/1", record("be")), []);
  assert.deepEqual(read("/2", record("other\n")), ["other"]);
  assert.deepEqual(read("/1", record("gun\n"), record("ä€\n")), ["begun", "ä€"]);
});

test("what is no record is told of once for each file, and passed over", () => {
  const { read, said } = aReader();
  assert.deepEqual(read("/1", "a plain line", record("x\n"), "{}"), ["x"]);
  assert.deepEqual(read("/1", "again"), []);
  assert.deepEqual(
    said.map(({ level, text }) => `${level} ${text}`),
    [
      'WARNING "/1" is read with logformat = json-file, but holds something else: "a plain line"; more of it is passed over',
    ],
  );
});

test("a single raw line says its own time; half a record and plain text say none", () => {
  const { lines } = aReader();
  assert.deepEqual(lines.one(`${record("x\n")}\n`), { text: "x", at });
  assert.equal(lines.one(`${record("x")}\n`).at, null);
  assert.deepEqual(lines.one("plain\n"), { text: "plain", at: null });
});
