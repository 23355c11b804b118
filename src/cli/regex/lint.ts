/** What is doubtful about the expressions of a trial, with file and line: on standard error, so that the report stays what it is. */
import { printIssue, type Issue } from "../../base/index.ts";
import { lintPattern, type Pattern } from "../../core/pattern/index.ts";
import type { Kind, Trial } from "./trial.ts";

/** An ignoreregex supplies no address and is asked for few lines. */
const IGNOREREGEX: ReadonlySet<string> = new Set(["not-anchored", "not-linear"]);

export function lintTrial({ jail, places, issues }: Trial): readonly string[] {
  const { prefregex, failregex, ignoreregex } = jail.filter;
  return [
    ...issues,
    ...(prefregex === null ? [] : lintsOf("prefregex", prefregex, 0, places)),
    ...failregex.flatMap((pattern, index) => lintsOf("failregex", pattern, index, places)),
    ...ignoreregex.flatMap((pattern, index) => lintsOf("ignoreregex", pattern, index, places)),
  ].map(printIssue);
}

function lintsOf(kind: Kind, pattern: Pattern, index: number, places: Trial["places"]): readonly Issue[] {
  const at = places[kind][index] ?? null;
  const name = kind === "prefregex" ? kind : `${kind} ${index + 1}`;
  return lintPattern(pattern)
    .filter((lint) => kind !== "ignoreregex" || IGNOREREGEX.has(lint.kind))
    .map(({ message, remedy }) => ({ level: "notice", at, message: `${name}: ${message}`, remedy }));
}
