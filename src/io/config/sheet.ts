/**
 * Stage: the text of one file → sections of options, each knowing its line (config-cli.md §1.3).
 *
 * All mistakes of the file are collected; `Unreadable.message` has the one that the original stops at, in its words.
 * Does not interpolate and knows no option.
 */
import { indentation, isBlank, textRepr, trimmersOf, type Place } from "../../base/index.ts";
import { Unreadable, type Header, type Sheet, type Written } from "./files.ts";

interface Mistake {
  readonly at: Place;
  readonly message: string;
  readonly remedy: string;
  /** The original's words; null for one that it collects into the message for the whole file. */
  readonly fatal: string | null;
}

type Draft = { -readonly [Key in keyof Written]: Written[Key] };

interface State extends ReturnType<typeof trimmersOf> {
  readonly path: string;
  readonly defaults: Map<string, Draft>;
  readonly sections: Map<string, Map<string, Draft>>;
  readonly headers: Header[];
  readonly mistakes: Mistake[];
  /** Lines without a delimiter, as the original lists them at the end. */
  readonly bad: string[];
  section: { readonly name: string; readonly options: Map<string, Draft> } | null;
  option: Draft | null;
  /** Lines of its value and their numbers, when it has more than one. */
  texts: string[] | null;
  numbers: number[];
  /** Empty lines since its last one: they are part of it if another one follows, whose number they are given. */
  empty: number;
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
    mistakes: [],
    bad: [],
    section: null,
    option: null,
    texts: null,
    numbers: [],
    empty: 0,
    indent: 0,
  };
  readLines(state, text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);
  refuse(state);
  const { defaults, sections, headers } = state;
  return { path, defaults, sections, headers };
}

function readLines(state: State, text: string): void {
  let number = 0;
  for (let from = 0; from < text.length;) {
    number += 1;
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    // Most lines are comments, and many are empty.
    if (to === from) state.empty += 1;
    else if (text[from] !== "#") readLine(state, text.slice(from, to), number);
    from = to + 1;
  }
  closeOption(state);
}

function readLine(state: State, line: string, number: number): void {
  const all = state.trim(line);
  if (all === "") {
    state.empty += 1;
    return;
  }
  if (all[0] === "#" || all[0] === ";") return;
  const comment = line.includes(";") ? commentStart(line) : -1;
  const value = comment < 0 ? all : state.trim(line.slice(0, comment));
  if (value === "") return;
  const indent = indentation(line);
  if (state.option !== null && indent > state.indent) {
    append(state, state.option, value, number);
    return;
  }
  state.indent = indent;
  const close = value[0] === "[" ? value.lastIndexOf("]") : -1;
  if (close > 1) openSection(state, value.slice(1, close), value.slice(close + 1), number);
  else if (state.section === null) reportHeaderless(state, line, number);
  else readOption(state, state.section, value, line, number);
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
  closeOption(state);
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
  const delimiter = delimiterOf(value);
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
  if (section.options.has(key)) {
    const fatal = `While reading from ${textRepr(state.path)} [line ${pad(number)}]: option ${textRepr(key)} in section ${textRepr(section.name)} already exists`;
    state.mistakes.push({
      at,
      fatal,
      message: `option "${key}" stands twice in section [${section.name}] of this file`,
      remedy: "keep one of them",
    });
  }
  closeOption(state);
  const draft: Draft = { text: state.trim(value.slice(delimiter + 1)), at, lines: null };
  section.options.set(key, draft);
  if (key !== "") state.option = draft;
}

/** The first `=` or `:`. */
function delimiterOf(value: string): number {
  const equals = value.indexOf("=");
  const colon = value.indexOf(":");
  return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
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

function append(state: State, option: Draft, text: string, number: number): void {
  if (state.texts === null) {
    state.texts = [option.text];
    state.numbers = [option.at.line];
  }
  for (; state.empty > 0; state.empty -= 1) {
    state.texts.push("");
    state.numbers.push(number);
  }
  state.texts.push(text);
  state.numbers.push(number);
}

function closeOption(state: State): void {
  const { option, texts } = state;
  if (option !== null && texts !== null) {
    option.text = texts.join("\n");
    option.lines = state.numbers;
  }
  state.option = null;
  state.texts = null;
  state.empty = 0;
}

function pad(number: number): string {
  return String(number).padStart(2);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
