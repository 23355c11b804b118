/**
 * How a test run is printed: one line per file, every failure in full, then what was skipped and why, the ledger
 * (test/ledger.ts), and last node's own closing lines (`# tests 12` …) in the form its TAP reporter gives them.
 */
import { relative } from "node:path";
import { inspect } from "node:util";
import type { EventData } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { readLedger } from "./ledger.ts";

const closing = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skips: EventData.TestPass[] = [];
  const failures: string[] = [];
  const closingLines: string[] = [];
  for await (const event of events) {
    if (event.type === "test:stdout" || event.type === "test:stderr") yield event.data.message;
    else if (event.type === "test:pass" && event.data.skip !== undefined) skips.push(event.data);
    else if (event.type === "test:fail" && !isOuter(event.data)) failures.push(failure(event.data));
    else if (event.type === "test:summary") yield fileLine(event.data);
    else if (event.type === "test:diagnostic" && closing.test(event.data.message))
      closingLines.push(`# ${event.data.message}\n`);
    else if (event.type === "test:diagnostic") yield `  ${event.data.message}\n`;
  }
  yield section("failed", failures);
  yield section("skipped", skipLines(skips));
  const ledger = process.env["FAIL2BAN_LEDGER"];
  yield section(
    "evened out before comparing, and listed differences met",
    ledger === undefined ? [] : readLedger(ledger),
  );
  yield "\n";
  yield closingLines.join("");
}
// node:test takes a reporter from the default export.
export { report as default };

/** A suite, test or file that failed only because something inside it did: that one is printed. */
function isOuter(test: EventData.TestFail): boolean {
  return "failureType" in test.details.error && test.details.error.failureType === "subtestsFailed";
}

function failure(test: EventData.TestFail): string {
  const error = inspect(test.details.error.cause ?? test.details.error, { colors: false });
  const indented = error.split("\n").map((line) => `    ${line}\n`);
  return `${place(test.file)}:${test.line ?? 0} ${test.name}\n${indented.join("")}`;
}

/** The sum of one file; the whole run's, which has no file, comes as closing lines. */
function fileLine({ file, counts, duration_ms: took, success }: EventData.TestSummary): string {
  if (file === undefined) return "";
  const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
  return `${success ? "ok    " : "FAILED"} ${place(file)} (${counts.passed} passed${skipped}, ${Math.round(took)} ms)\n`;
}

/** One line per file and reason: `test/stage/sshd.test.ts: 3 tests: not root`. */
function skipLines(skips: readonly EventData.TestPass[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { file, skip } of skips) {
    const key = `${place(file)}\t${typeof skip === "string" ? skip : "no reason given"}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.keys()].toSorted().map((key) => {
    const count = counts.get(key) ?? 0;
    return key.replace("\t", `: ${count === 1 ? "1 test" : `${count} tests`}: `);
  });
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function place(file: string | undefined): string {
  return file === undefined ? "?" : relative(process.cwd(), file);
}
