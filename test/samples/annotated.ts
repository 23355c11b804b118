/**
 * Logs with notes: lines of a service's log, each under a comment that says what a filter must make of it. Ours
 * (test/samples/*.log) and those that Debian's package of fail2ban brings have the same form:
 *
 *     # filterOptions: [{}, {"mode": "aggressive"}]      from here on the filter is judged with each of these options
 *     # fileOptions: {"logtype": "journal"}              added to them in this file
 *     # addFILE: "other"                                 another log for the same filter
 *     # failJSON: {"match": true, "host": "192.0.2.1", "time": "2005-01-23T21:59:59"}
 *     the line
 *
 * Reads the notes only: samples.test.ts judges.
 */

/** Options of a filter; those that begin with `test.` are for the judge. */
export type FilterOptions = Readonly<Record<string, string>>;

/** What a note says of the line below it. Keys that are not named here are groups with what they must have captured. */
export interface Expected {
  readonly match: boolean;
  readonly host?: string;
  /** Local time; null: none known. */
  readonly time?: string | null;
  /** Lines that belong to the failure. */
  readonly attempts?: number;
  readonly users?: readonly string[];
  /** The note counts only where this is true. */
  readonly constraint?: string;
  /** By name: a text; null for a group that must have taken no part. */
  readonly groups: Readonly<Record<string, unknown>>;
}

export type Note =
  | { readonly is: "filter options"; readonly options: readonly FilterOptions[] }
  | { readonly is: "file options"; readonly options: FilterOptions }
  | { readonly is: "file"; readonly name: string }
  | { readonly is: "line"; readonly number: number; readonly text: string; readonly expected: Expected };

const NOTHING: Expected = { match: false, groups: {} };
const NOTE = /^#+(?: .*#)? ?(failJSON|filterOptions|fileOptions|addFILE):\s*(.+)$/;

/**
 * As the daemon does, carriage returns before a line's end are left out.
 * @throws Error for a note that is no JSON of the expected form, with its line number.
 */
export function* readNotes(log: string): Generator<Note> {
  let expected = NOTHING;
  for (const [index, text] of log.split(/\r*\n/).entries()) {
    const [, word, json = ""] = NOTE.exec(text) ?? [];
    if (word === "failJSON") expected = expectedOf(jsonOf(json, index + 1), index + 1);
    else if (word !== undefined) yield noteOf(word, jsonOf(json, index + 1), index + 1);
    else if (text !== "" && !text.startsWith("#")) {
      yield { is: "line", number: index + 1, text, expected };
      expected = NOTHING;
    }
  }
}

function noteOf(word: string, value: unknown, line: number): Note {
  if (word === "addFILE" && typeof value === "string") return { is: "file", name: value };
  if (word === "fileOptions") return { is: "file options", options: optionsOf(value, line) };
  if (word === "addFILE") throw new Error(`line ${line}: addFILE wants a name`);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return { is: "filter options", options: list.map((one) => optionsOf(one, line)) };
}

function jsonOf(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`line ${line}: ${text}`, { cause });
  }
}

function entriesOf(value: unknown, line: number): [string, unknown][] {
  if (typeof value !== "object" || value === null) throw new Error(`line ${line}: an object is wanted`);
  return Object.entries(value);
}

function optionsOf(value: unknown, line: number): FilterOptions {
  return Object.fromEntries(entriesOf(value, line).map(([name, text]) => [name, String(text)]));
}

/** Words for the reader, and the keys that `Expected` names. */
const OTHER_KEYS = new Set(["desc", "match", "host", "time", "attempts", "users", "constraint"]);

function expectedOf(value: unknown, line: number): Expected {
  const entries = entriesOf(value, line);
  const { match, host, time, attempts, users, constraint } = Object.fromEntries(entries);
  if (typeof match !== "boolean") throw new Error(`line ${line}: "match" is missing`);
  return {
    match,
    ...(typeof host === "string" ? { host } : {}),
    ...(typeof time === "string" || time === null ? { time } : {}),
    ...(typeof attempts === "number" ? { attempts } : {}),
    ...(Array.isArray(users) ? { users: users.map(String) } : {}),
    ...(typeof constraint === "string" ? { constraint } : {}),
    groups: Object.fromEntries(entries.filter(([name]) => !OTHER_KEYS.has(name))),
  };
}

const COMPARISON = /^(?:(name)|opts\.get\('(\w+)'\)) ?(==|!=) ?'([^']*)'$/;

/**
 * Whether a `constraint` or a `test.condition` holds: one comparison of the filter's name or of an option.
 * @throws Error for anything else
 */
export function holds(condition: string, name: string, options: FilterOptions): boolean {
  const [, ofName, option = "", sign, text] = COMPARISON.exec(condition) ?? [];
  if (sign === undefined) throw new Error(`a condition that is not understood: ${condition}`);
  const value = ofName === undefined ? options[option] : name;
  return (value === text) === (sign === "==");
}
