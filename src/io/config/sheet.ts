/**
 * Stage: the text of one file → sections of options, each knowing its line (config-cli.md §1.3).
 *
 * All mistakes of the file are collected; `Unreadable.message` has the one that the original stops at, in its words.
 * Does not interpolate and knows no option.
 */
import { indentation, isBlank, textRepr, trimmersOf, type Place } from "../../base/index.ts";
import { Unreadable, type Header, type Sheet, type Written } from "./files.ts";

interface Draft {
  readonly lines: string[];
  readonly numbers: number[];
}

interface Mistake {
  readonly at: Place;
  readonly message: string;
  readonly remedy: string;
  /** The original's words; null for one that it collects into the message for the whole file. */
  readonly fatal: string | null;
}

interface State extends ReturnType<typeof trimmersOf> {
  readonly path: string;
  readonly defaults: Map<string, Draft>;
  readonly sections: Map<string, Map<string, Draft>>;
  readonly headers: Header[];
  /** Options seen in this file, by section: twice is a mistake. */
  readonly seen: Map<string, Set<string>>;
  readonly mistakes: Mistake[];
  /** Lines without a delimiter, as the original lists them at the end. */
  readonly bad: string[];
  section: { readonly name: string; readonly options: Map<string, Draft> } | null;
  option: Draft | null;
  indent: number;
}

/**
 * @param text the file's text; a byte order mark is text like any other, as for the original
 * @throws Unreadable where the original refuses the file
 */
export function parseSheet(path: string, text: string): Sheet {
  const state: State = {
    ...trimmersOf(text),
    path,
    defaults: new Map(),
    sections: new Map(),
    headers: [],
    seen: new Map(),
    mistakes: [],
    bad: [],
    section: null,
    option: null,
    indent: 0,
  };
  const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let number = 0;
  for (const line of lines) {
    number += 1;
    // Most lines are comments, and many are empty.
    if (line === "") goOn(state, number);
    else if (line[0] !== "#") readLine(state, line, number);
  }
  refuse(state);
  const sections = new Map([...state.sections].map(([name, options]) => [name, finish(state, options)]));
  return { path, defaults: finish(state, state.defaults), sections, headers: state.headers };
}

function readLine(state: State, line: string, number: number): void {
  const all = state.trim(line);
  if (all === "") return goOn(state, number);
  if (all[0] === "#" || all[0] === ";") return;
  const comment = line.includes(";") ? commentStart(line) : -1;
  const value = comment < 0 ? all : state.trim(line.slice(0, comment));
  if (value === "") return;
  const indent = indentation(line);
  if (state.section !== null && state.option !== null && indent > state.indent) {
    append(state.option, value, number);
    return;
  }
  state.indent = indent;
  const close = value[0] === "[" ? value.lastIndexOf("]") : -1;
  if (close > 1) openSection(state, value.slice(1, close), value.slice(close + 1), number);
  else if (state.section === null) reportHeaderless(state, line, number);
  else readOption(state, state.section, value, line, number);
}

/** An empty line may stand within a value. */
function goOn({ section, option }: State, number: number): void {
  if (section !== null && option !== null) append(option, "", number);
}

/** Where a comment behind a value begins: at a `;` after a blank; -1 for none. */
function commentStart(line: string): number {
  for (let at = line.indexOf(";"); at >= 0; at = line.indexOf(";", at + 1))
    if (at === 0 || isBlank(line[at - 1])) return at;
  return -1;
}

function openSection(state: State, name: string, rest: string, number: number): void {
  const at = { file: state.path, line: number };
  state.headers.push({ name, at, rest: state.trim(rest) });
  state.option = null;
  const known = state.sections.get(name);
  if (name === "DEFAULT") {
    state.section = { name, options: state.defaults };
    return;
  }
  if (known !== undefined) {
    const fatal = `While reading from ${textRepr(state.path)} [line ${pad(number)}]: section ${textRepr(name)} already exists`;
    state.mistakes.push({
      at,
      fatal,
      message: `section [${name}] stands twice in this file`,
      remedy: "put its options together under one header",
    });
  }
  const options = known ?? new Map<string, Draft>();
  state.sections.set(name, options);
  state.section = { name, options };
}

function readOption(
  state: State,
  section: NonNullable<State["section"]>,
  value: string,
  line: string,
  number: number,
): void {
  const at = { file: state.path, line: number };
  const delimiter = value.search(/[=:]/);
  if (delimiter <= 0) {
    state.bad.push(`\n\t[line ${pad(number)}]: ${textRepr(`${line}\n`)}`);
    const message =
      delimiter < 0
        ? `this line is neither a section, nor "option = value": ${shorten(value)}`
        : `there is no name before the "${value[0] ?? ""}"`;
    state.mistakes.push({
      at,
      fatal: null,
      message,
      remedy: "write option = value, indent it if it continues the value above, or put # before it",
    });
    if (delimiter < 0) return;
  }
  const key = state.trimEnd(value.slice(0, delimiter)).toLowerCase();
  const seen = state.seen.get(section.name) ?? new Set<string>();
  state.seen.set(section.name, seen);
  if (seen.has(key)) {
    const fatal = `While reading from ${textRepr(state.path)} [line ${pad(number)}]: option ${textRepr(key)} in section ${textRepr(section.name)} already exists`;
    state.mistakes.push({
      at,
      fatal,
      message: `option "${key}" stands twice in section [${section.name}] of this file`,
      remedy: "keep one of them",
    });
  }
  seen.add(key);
  const draft: Draft = { lines: [state.trim(value.slice(delimiter + 1))], numbers: [number] };
  section.options.set(key, draft);
  state.option = key === "" ? null : draft;
}

function reportHeaderless(state: State, line: string, number: number): void {
  const at = { file: state.path, line: number };
  const fatal = `File contains no section headers.\nfile: ${textRepr(state.path)}, line: ${number}\n${textRepr(`${line}\n`)}`;
  const mark = line.startsWith("\ufeff");
  const message = mark ? "the file begins with a byte order mark" : "text before the first [section]";
  const remedy = mark ? "save it as UTF-8 without a byte order mark" : "put a header such as [DEFAULT] above it";
  if (!state.mistakes.some((other) => other.fatal?.startsWith("File contains no section headers")))
    state.mistakes.push({ at, fatal, message, remedy });
}

/** The original stops at the first mistake of the kinds that stop it at once, else at the end of the file with all bad lines. */
function refuse(state: State): void {
  const [first] = state.mistakes;
  if (first === undefined) return;
  const stop = state.mistakes.find((mistake) => mistake.fatal !== null);
  const message = stop?.fatal ?? `Source contains parsing errors: ${textRepr(state.path)}${state.bad.join("")}`;
  throw new Unreadable(message, (stop ?? first).at, (stop ?? first).remedy, state.mistakes);
}

function append(draft: Draft, text: string, number: number): void {
  draft.lines.push(text);
  draft.numbers.push(number);
}

function finish({ path: file, trimEnd }: State, drafts: ReadonlyMap<string, Draft>): Map<string, Written> {
  const options = new Map<string, Written>();
  drafts.forEach(({ lines, numbers }, key) => {
    const text = trimEnd(lines.length === 1 ? (lines[0] ?? "") : lines.join("\n"));
    options.set(key, { text, at: { file, line: numbers[0] ?? 0 }, lines: numbers.length > 1 ? numbers : null });
  });
  return options;
}

function pad(number: number): string {
  return String(number).padStart(2);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
