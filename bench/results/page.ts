/** The page of a whole run, as Markdown. */
import type { Growth } from "../growth.ts";
import { ratio, shown, type Row } from "../row.ts";
import { reasonOf } from "./missed.ts";
import type { Results } from "./results.ts";
import { judge } from "./targets.ts";

export function pageOf({ began, quick, machine, answers }: Results): string {
  const rows = answers.flatMap((answer) => answer.rows.map((row) => ({ ...row, name: answer.name })));
  const failed = answers.filter((answer) => answer.failed !== null);
  const worse = rows.filter((row) => (ratio(row) ?? 1) < 1);
  const growth = answers.flatMap((answer) => answer.growth);
  return [
    "# Results of the benches",
    "",
    `Written by \`npm run bench\`, begun ${began}; the raw figures are in [results.json](results.json). More than 1 × is better than the original, Debian's Fail2Ban 1.0.2.`,
    ...(quick ? ["", "**A quick run: few lines and single runs. These are no figures to quote.**"] : []),
    "",
    "## Ratios, and what was promised",
    "",
    ...table(
      ["question", "ours : original", "must", "aim"],
      rows.map((row) => [row.question, times(row), judge(row).must, judge(row).aim]),
    ),
    "",
    "## Goals that are missed",
    "",
    ...missedAims(rows),
    "",
    "## What is worse than the original",
    "",
    ...(worse.length === 0
      ? ["Nothing that was measured."]
      : worse.map(
          (row) => `- ${row.question}: ${shown(row.ours)} against ${row.original === null ? "-" : shown(row.original)}`,
        )),
    "",
    "## Absolute values",
    "",
    ...table(
      ["question", "ours", "original"],
      rows.map((row) => [row.question, shown(row.ours), row.original === null ? "–" : shown(row.original)]),
    ),
    "",
    "## Growth",
    "",
    ...(growth.length === 0
      ? ["Not measured."]
      : [...growthTable(growth), "", "![cost of a line and memory at 1, 10 and 100 times the work](growth.svg)"]),
    "",
    "## Conditions, inputs, numbers of matches",
    "",
    ...rows.filter(({ note }) => note !== "").map(({ question, note }) => `- **${question}**: ${note}`),
    "",
    ...machinePart(machine, answers),
    ...(failed.length === 0
      ? []
      : ["## Not answered", "", ...failed.map(({ name, failed }) => `- ${name}: ${failed ?? ""}`), ""]),
  ].join("\n");
}

function machinePart(machine: Results["machine"], answers: Results["answers"]): readonly string[] {
  return [
    "## The machine",
    "",
    ...table(
      ["", ""],
      machine.map(([what, value]) => [what, value]),
    ),
    "",
    ...table(
      ["question, as `npm run bench -- --only` names it", "load before", "took"],
      answers.map(({ name, load, seconds }) => [name, load.toFixed(1), `${seconds.toFixed(0)} s`]),
    ),
    "",
  ];
}

function missedAims(rows: readonly Row[]): readonly string[] {
  const missed = rows.filter((row) => judge(row).aim.includes("missed"));
  if (missed.length === 0) return ["None."];
  return missed.map((row) => {
    const reason = reasonOf(row.question) ?? "not looked into.";
    return `- **${row.question}**: ${shown(row.ours)}, ${judge(row).aim.replaceAll("**", "")}; ${reason}`;
  });
}

function times(row: Row): string {
  const value = ratio(row);
  return value === null ? "–" : `${value.toFixed(value < 10 ? 2 : 0)} ×`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function growthTable(growth: readonly Growth[]): readonly string[] {
  const cell = ({ size, value }: Growth["points"][number]): string => `${value.toFixed(value < 10 ? 2 : 0)} (${size})`;
  return [
    "In brackets: how many lines, bans or offenders. A jail counts 200,000 offenders at a time: of a million the others have made room.",
    "",
    ...table(
      ["what", "1 ×", "10 ×", "100 ×", "most : least", "each more, from 1 × to 10 ×", "from 10 × to 100 ×"],
      growth.map(({ what, unit, points }) => [
        `${what}, ${unit}`,
        ...points.map(cell),
        spread(points),
        ...(unit === "MB at most" ? ["", ""] : eachMore(points)),
      ]),
    ),
  ];
}

/** What one line or ban more costs between two amounts: without what is paid once. */
function eachMore(points: Growth["points"]): readonly string[] {
  return points.slice(1).map(({ size, value }, at) => {
    const before = points[at] ?? { size: 0, value: 0 };
    const each = (size * value - before.size * before.value) / (size - before.size);
    return each.toFixed(Math.abs(each) < 10 ? 2 : 0);
  });
}

function spread(points: Growth["points"]): string {
  const values = points.map(({ value }) => value);
  return (Math.max(...values) / Math.min(...values)).toFixed(1);
}
