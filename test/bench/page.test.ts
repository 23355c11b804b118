import assert from "node:assert/strict";
import { test } from "node:test";
import { chartOf } from "../../bench/results/chart.ts";
import { pageOf } from "../../bench/results/page.ts";
import { idleRows, latencyRows } from "../../bench/results/printed.ts";
import { judge } from "../../bench/results/targets.ts";
import { ratio, type Row } from "../../bench/row.ts";

function aRow(question: string, ours: number, original: number | null, unit: string): Row {
  return {
    question,
    ours: { value: ours, unit },
    original: original === null ? null : { value: original, unit },
    note: "",
  };
}

test("of lines a second more is better, of anything else less", () => {
  assert.equal(ratio(aRow("x", 300, 100, "lines/s")), 3);
  assert.equal(ratio(aRow("x", 300, 100, "ms")), 1 / 3);
  assert.equal(ratio(aRow("x", 0, 100, "%")), null);
  assert.equal(ratio(aRow("x", 1, null, "ms")), null);
});

test("what was promised is judged by its own row, the longest words first", () => {
  assert.deepEqual(judge(aRow("a growing log: auth, 90 % attack", 300, 10, "lines/s")), {
    must: "≥ 20 ×: met",
    aim: "≥ 40 ×: **missed**, 75 % of it",
  });
  assert.deepEqual(judge(aRow("a growing log: auth, 90 % attack: peak memory", 80, 40, "MB")), {
    must: "≤ 90 MB: met",
    aim: "≤ 70 MB: **missed**, 1.1 times as much",
  });
  assert.equal(judge(aRow("fail2ban-regex: web, nginx-botsearch", 1, null, "lines/s")).must, "≥ 20 ×: not measured");
  const beyond = "from the line to the kernel, the journal, stock nftables, beyond a bare journalctl, p95";
  assert.equal(judge(aRow(beyond, 4, null, "ms")).must, "≤ 10 ms: met");
  assert.deepEqual(judge(aRow("something else", 1, 2, "s")), { must: "", aim: "" });
});

test("the page names what is worse and what was not answered", () => {
  const rows = [aRow("slow", 30, 10, "ms"), aRow("fast", 10, 30, "ms")];
  const growth = [
    { what: "lines", unit: "µs a line" as const, points: [10, 100, 1000].map((size) => ({ size, value: 2 })) },
  ];
  const answers = [
    { name: "one", load: 0.1, seconds: 1, rows, growth, failed: null },
    { name: "two", load: 0.1, seconds: 1, rows: [], growth: [], failed: "no nft" },
  ];
  const page = pageOf({ began: "2026-11-22T00:00:00Z", quick: false, machine: [["Node", "v26"]], answers });
  const worse = page.slice(page.indexOf("## What is worse"), page.indexOf("## Absolute"));
  assert.match(worse, /^- slow: 30\.0 ms against 10\.0 ms$/m);
  assert.doesNotMatch(worse, /fast/);
  assert.match(page, /^- two: no nft$/m);
  assert.match(
    page,
    /^\| lines, µs a line \| 2\.00 \(10\) \| 2\.00 \(100\) \| 2\.00 \(1000\) \| 1\.0 \| 2\.00 \| 2\.00 \|$/m,
  );
  assert.match(chartOf(growth), /points="60\.0,30\.0 370\.0,30\.0 680\.0,30\.0"/);
});

test("of each goal that is missed the page says why and what was tried", () => {
  const rows = [
    aRow("a growing log: auth, 90 % attack", 300, 10, "lines/s"),
    aRow("start with 10000 bans", 0.1, 9, "s"),
  ];
  const answers = [{ name: "one", load: 0.1, seconds: 1, rows, growth: [], failed: null }];
  const page = pageOf({ began: "2026-11-22T00:00:00Z", quick: false, machine: [], answers });
  const missed = page.slice(page.indexOf("## Goals that are missed"), page.indexOf("## What is worse"));
  assert.match(
    missed,
    /^- \*\*a growing log: auth, 90 % attack\*\*: 300 lines\/s, ≥ 40 ×: missed, 75 % of it; why: .+ Tried: .+\.$/m,
  );
  assert.doesNotMatch(missed, /10000 bans/);
});

test("what latency.ts and idle.ts print is read", () => {
  const latency = latencyRows(
    "5 samples of each, in turns\nours, file     1.5  2.5  3.5\nours, file, stock nftables   4.0 5.0 6.0\noriginal, file 400.0 800.0 900.0\n" +
      "ours, journal   300.0 500.0 600.0\nours, journal, stock nftables: beyond a bare journalctl   2.0 4.0 9.0\n",
  );
  assert.deepEqual(
    latency.map(({ question, ours, original }) => [question, ours.value, original?.value]),
    [
      ["from the line to the kernel, a file, the same command, p50", 1.5, 400],
      ["from the line to the kernel, a file, the same command, p95", 2.5, 800],
      ["from the line to the kernel, a file, stock nftables, p50", 4, 400],
      ["from the line to the kernel, a file, stock nftables, p95", 5, 800],
      ["from the line to the kernel, the journal, p50", 300, undefined],
      ["from the line to the kernel, the journal, p95", 500, undefined],
      ["from the line to the kernel, the journal, stock nftables, beyond a bare journalctl, p50", 2, undefined],
      ["from the line to the kernel, the journal, stock nftables, beyond a bare journalctl, p95", 4, undefined],
    ],
  );
  const idle = idleRows(
    "fail2ban-ts     0.10 % of a core, 80 MB resident, 26 MB private and dirty\nfail2ban 1.0.2  1.00 % of a core, 40 MB resident, 28 MB private and dirty\n",
  );
  assert.deepEqual(
    idle.map(({ ours, original }) => [ours.value, original?.value]),
    [
      [0.1, 1],
      [80, 40],
      [26, 28],
    ],
  );
});
