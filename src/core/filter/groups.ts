/** What the expressions captured from one line, on its way to a failure. */
import { pythonRepr, Tuple, type Fields, type FieldValue, type Match } from "../../base/index.ts";
import type { GroupValue } from "../pattern/index.ts";

/** A captured text; null: the group exists and took no part; a list: several groups of one name (`<F-TUPLE_…>`). */
export type Captured = GroupValue;

/** Group name → what it captured, in order of appearance. */
export type Groups = Map<string, Captured>;

/** Groups that steer the filter and are no data of the failure. */
const STEERING: ReadonlySet<string> = new Set(["nofail", "mlfgained", "mlfforget", "mlfpending", "content"]);

/** Whether a group holds some text: the original's truth of a captured value. */
export function holds(value: Captured | undefined): boolean {
  return value !== undefined && value !== null && value.length > 0;
}

export function textOf(groups: Groups, name: string): string | null {
  const value = groups.get(name);
  return value === undefined || value === null ? null : typeof value === "string" ? value : printTuple(value);
}

/** An id of several parts counts as the text of a Python tuple (engine.md §11 no. 30). */
export function printTuple(parts: readonly (string | null)[]): string {
  return pythonRepr(new Tuple(...parts));
}

/** The captured groups as a failure keeps them: those that took part. */
export function fieldsOf(groups: Groups, users: ReadonlySet<string> | null): Fields {
  const fields: Record<string, FieldValue> = {};
  for (const [name, value] of groups) if (value !== null && !STEERING.has(name)) fields[name] = typeof value === "string" ? value : value.map((part) => part ?? "");
  if (users !== null && users.size > 0) fields["users"] = [...users];
  return fields;
}

/** A line in the three parts that the date cuts it into. */
export interface CutLine {
  readonly before: string;
  readonly date: string;
  readonly after: string;
}

/** The message: the line without its date. */
export function messageOf(line: CutLine): string {
  return line.before.length === 0 ? line.after : line.before + line.after;
}

export function matchOf(line: CutLine): Match {
  return [line.before, line.date, line.after];
}
