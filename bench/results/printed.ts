/** Rows of those benches that print a table for people (latency.ts, idle.ts), read from what they print. */
import type { Figure, Row } from "../row.ts";

/** What a server and its action add to a journalctl that follows beside it. */
const BEYOND = "beyond a bare journalctl";

export function latencyRows(text: string): readonly Row[] {
  const pairs = [
    ["a file, the same command", "ours, file", "original, file"],
    ["a file, stock nftables", "ours, file, stock nftables", "original, file"],
    ["the journal", "ours, journal", "original, journal"],
    [`the journal, ${BEYOND}`, `ours, journal: ${BEYOND}`, `original, journal: ${BEYOND}`],
    [
      `the journal, stock nftables, ${BEYOND}`,
      `ours, journal, stock nftables: ${BEYOND}`,
      `original, journal: ${BEYOND}`,
    ],
  ] as const;
  const note = /^\d+ samples of each.*$/m.exec(text)?.[0] ?? "";
  return pairs.flatMap(([what, mine, other]) =>
    (["p50", "p95"] as const).flatMap((quantile, column) => {
      const ours = figure(text, mine, column);
      if (ours === null) return [];
      const question = `from the line to the kernel, ${what}, ${quantile}`;
      return [{ question, ours, original: figure(text, other, column), note }];
    }),
  );
}

/** Of a line `ours, file        4.1      5.2      6.0`. */
function figure(text: string, name: string, column: number): Figure | null {
  const line = text.split("\n").find((line) => line.startsWith(name) && /^\s+[\d.]/.test(line.slice(name.length)));
  const value = line?.slice(name.length).trim().split(/\s+/)[column];
  return value === undefined ? null : { value: Number(value), unit: "ms" };
}

export function idleRows(text: string): readonly Row[] {
  const line = (name: string): readonly number[] | null => {
    const found = new RegExp(`^${name}\\s+([\\d.]+) % of a core, (\\d+) MB resident, (\\d+) MB private`, "m").exec(
      text,
    );
    return found === null ? null : found.slice(1).map(Number);
  };
  const [ours, original] = [line("fail2ban-ts"), line("fail2ban 1\\.0\\.2")];
  if (ours === null) return [];
  const note = /^\d+ jails.*$/m.exec(text)?.[0] ?? "";
  const columns = [
    ["share of a core", "%"],
    ["resident memory", "MB"],
    ["private and dirty memory", "MB"],
  ] as const;
  return columns.map(([what, unit], i) => ({
    question: `idle: ${what}`,
    ours: { value: ours[i] ?? NaN, unit },
    original: original === null ? null : { value: original[i] ?? NaN, unit },
    note,
  }));
}
