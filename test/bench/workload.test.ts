import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { headOf, sentinel, writeWorkload, type Kind } from "../../bench/workload.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-workload-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** 2026-03-01 00:00:30 UTC. */
const END = 1_772_323_230;

function written(kind: Kind, seed: number) {
  const path = join(folder, `${kind}-${seed}`);
  const workload = writeWorkload(path, { kind, lines: 2000, share: 0.5, end: END, seed });
  return { ...workload, text: readFileSync(path, "latin1") };
}

test("a workload has the same bytes for the same seed, and others for another", () => {
  for (const kind of ["auth", "web", "mail"] as const) {
    const { sha256, text } = written(kind, 42);
    assert.equal(written(kind, 42).sha256, sha256, kind);
    assert.notEqual(written(kind, 43).sha256, sha256, kind);
    assert.equal(text.split("\n").length - 1, 2000, kind);
  }
});

test("the share of lines that attackers cause is the one asked for", () => {
  for (const kind of ["auth", "web", "mail"] as const) {
    const { attacks } = written(kind, 42);
    assert.ok(Math.abs(attacks - 1000) < 10, `${kind}: ${attacks} of 2000`);
  }
});

test("times ascend over the day up to the end", () => {
  const { text } = written("web", 42);
  const moments = [...text.matchAll(/\[(\d+)\/(\w+)\/(\d+):([\d:]+) \+0000\]/g)].map(([, day, month, year, time]) =>
    Date.parse(`${day} ${month} ${year} ${time} GMT`),
  );
  assert.equal(moments.length, 2000);
  assert.deepEqual(
    moments,
    moments.toSorted((a, b) => a - b),
  );
  assert.equal(moments.at(-1), END * 1000);
  assert.ok((moments[0] ?? 0) < (END - 86_300) * 1000);
});

test("a day of one digit is padded as syslog does", () => {
  const lines = written("auth", 42).text.trimEnd().split("\n");
  assert.match(lines.at(-1) ?? "", /^Mar {2}1 00:00:30 web1 /);
  assert.match(
    sentinel("mail", "192.0.2.254", END),
    /^Mar {2}1 00:00:30 web1 postfix.*\nMar {2}1 .*dovecot.*192\.0\.2\.254.*\n$/,
  );
});

test("the head of a log is its first lines, whole", () => {
  const { path, text } = written("auth", 42);
  headOf(path, join(folder, "head"), 100);
  const first = text.split("\n").slice(0, 100).join("\n");
  assert.equal(readFileSync(join(folder, "head"), "latin1"), `${first}\n`);
});
