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

/** Expressions that needed too many steps for some lines: `lost` counts these by kind and index. */
export function lossesOf({ places }: Pick<Trial, "places">, lost: ReadonlyMap<string, number>): readonly string[] {
  return [...lost].map(([name, lines]) => {
    const [kind = "", index = "0"] = name.split(" ");
    const at = isKind(kind) ? (places[kind][Number(index)] ?? null) : null;
    const message = `${nameOf(kind, Number(index))} needed too many steps for ${lines} lines and was skipped for these`;
    return printIssue({ level: "warning", at, message });
  });
}

/** The same for templates of dates. */
export function dateLosses(
  templates: readonly { readonly name: string; readonly gaveUp: number }[],
): readonly string[] {
  return templates.flatMap(({ name, gaveUp }) => {
    if (gaveUp === 0) return [];
    const message = `date template '${name}' needed too many steps for ${gaveUp} lines and was skipped for these`;
    return [printIssue({ level: "warning", at: null, message })];
  });
}

function isKind(text: string): text is Kind {
  return text === "prefregex" || text === "failregex" || text === "ignoreregex";
}

function nameOf(kind: string, index: number): string {
  return kind === "prefregex" ? kind : `${kind} ${index + 1}`;
}

function lintsOf(kind: Kind, pattern: Pattern, index: number, places: Trial["places"]): readonly Issue[] {
  const at = places[kind][index] ?? null;
  const name = nameOf(kind, index);
  return lintPattern(pattern)
    .filter((lint) => kind !== "ignoreregex" || IGNOREREGEX.has(lint.kind))
    .map(({ message, remedy }) => ({ level: "notice", at, message: `${name}: ${message}`, remedy }));
}
