/**
 * What a test run wants to have said at its end: how often an agreement test had to even out something before it
 * compared (a normalisation), and how often it met a difference that docs/DIFFERENCES.md lists.
 *
 * Test files run in processes of their own: each appends its sums to the file that scripts/test.sh names in
 * FAIL2BAN_LEDGER, and test/reporter.ts prints them. Without that variable (a test run by hand) nothing is kept.
 * Skipped tests need no entry: node:test knows them.
 */
import { appendFileSync, readFileSync } from "node:fs";

export type Kind = "normalised" | "difference";

const ledger = process.env["FAIL2BAN_LEDGER"];
const sums = new Map<string, number>();

/** Counts `what`, a short constant phrase: `note("normalised", "time stamps of log lines")`. */
export function note(kind: Kind, what: string, times = 1): void {
  if (sums.size === 0 && ledger !== undefined) process.once("exit", () => append(ledger));
  const key = `${kind}\t${what}`;
  sums.set(key, (sums.get(key) ?? 0) + times);
}

function append(file: string): void {
  // One write with O_APPEND: entries of processes that end together do not mix.
  appendFileSync(file, [...sums].map(([key, times]) => `${times}\t${key}\n`).join(""));
}

/** All processes' sums in the file, as lines to print, sorted. */
export function readLedger(file: string): readonly string[] {
  const totals = new Map<string, number>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [times, kind, what] = line.split("\t");
    if (what === undefined) continue;
    const key = `${kind}: ${what}`;
    totals.set(key, (totals.get(key) ?? 0) + Number(times));
  }
  return [...totals].map(([key, times]) => `${key} (${times})`).sort();
}
