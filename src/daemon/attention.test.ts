import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceStats } from "../io/source/index.ts";
import { Attention } from "./attention.ts";

const DAY = 86_400;

function aSource(more: Partial<SourceStats> = {}): SourceStats {
  return {
    ...{ source: "/log", mode: "pyinotify", lines: 0, bytes: 0, cut: 0, behindBytes: 0, behindSeconds: 0 },
    ...{ lastLineAt: null, live: true, trouble: null },
    ...more,
  };
}

/** Looks at the same numbers at several times. @returns what was said, with the time. */
function looks(attention: Attention, stats: readonly SourceStats[], times: readonly number[]): readonly string[] {
  return times.flatMap((now) => attention.look(stats, now).map(({ level, text }) => `${now} ${level} ${text}`));
}

test("a jail of which no log can be read says so once, when a rotation would be over, and when it reads again", () => {
  const attention = new Attention("web", 0);
  const blind = [aSource({ trouble: "permission denied" }), aSource({ source: "/other", trouble: "no such file" })];
  assert.deepEqual(looks(attention, blind, [10, 60, 70, 80, DAY * 3]), [
    "70 ERROR [web] It sees nothing: /log: permission denied (and 1 more)",
  ]);
  assert.deepEqual(looks(attention, [aSource({ lastLineAt: DAY * 3 })], [DAY * 3 + 1, DAY * 3 + 2]), [
    `${DAY * 3 + 1} NOTICE [web] It reads again`,
  ]);
  assert.deepEqual(looks(attention, [], [DAY * 3 + 3, DAY * 3 + 90]), [
    `${DAY * 3 + 90} ERROR [web] It sees nothing: it has no log`,
  ]);
});

test("one log that can be read is enough to see", () => {
  const some = [aSource({ trouble: "no such file" }), aSource({ source: "/other" })];
  assert.deepEqual(looks(new Attention("web", 0), some, [0, 100, 200]), []);
});

test("a day of silence is said once, with what to look at, and again after the next line", () => {
  const attention = new Attention("web", 0);
  const silence = "NOTICE [web] No line has come for 1d: nothing is written to /log and 1 more";
  const quiet = [aSource(), aSource({ source: "/o\nther" })];
  assert.deepEqual(looks(attention, quiet, [DAY - 1, DAY, DAY * 2]), [`${DAY} ${silence}`]);
  const heard = [aSource({ lastLineAt: DAY * 2 }), aSource({ source: "/other" })];
  assert.deepEqual(looks(attention, heard, [DAY * 2, DAY * 3 - 1, DAY * 3, DAY * 4]), [`${DAY * 3} ${silence}`]);
});

test("a silent journal points at the matches", () => {
  const journal = [aSource({ source: "systemd-journal", mode: "systemd" })];
  assert.deepEqual(looks(new Attention("sshd", 0), journal, [DAY]), [
    `${DAY} NOTICE [sshd] No line has come for 1d: no entry of the journal meets its journalmatch`,
  ]);
});

test("a log that is read too slowly is said once, and when its end was reached", () => {
  const attention = new Attention("web", 0);
  const behind = (behindSeconds: number, live = true): readonly SourceStats[] => [
    aSource({ behindSeconds, behindBytes: behindSeconds * 1000, live, lastLineAt: 0, source: "/a\x1blog" }),
  ];
  assert.deepEqual(looks(attention, behind(500, false), [1]), [], "the past that is read at the start");
  assert.deepEqual(looks(attention, behind(59), [2]), []);
  assert.deepEqual(looks(attention, behind(60), [3, 4]), [
    "3 WARNING [web] Reading of /a\\x1blog has fallen behind: 60 s, 60000 bytes are not read yet",
  ]);
  assert.deepEqual(looks(attention, behind(1), [5]), []);
  assert.deepEqual(looks(attention, behind(0), [6, 7]), ["6 NOTICE [web] Reading of /a\\x1blog has caught up"]);
});
