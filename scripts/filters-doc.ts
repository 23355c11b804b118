/**
 * Program: writes docs/filters.md, what each stock filter catches, from the comments at the head of config/filter.d/*.conf,
 * the jails of config/jail.conf and our own sample logs (test/samples/*.log; never those of Debian's package).
 *
 *     node scripts/filters-doc.ts [--check]
 *
 * The head of a filter is its first comment. Paragraphs are parted by an empty "#": the first says what service and what
 * log; a list of "# name   meaning" (two blanks or more between) has the options that a jail may set, `mode` among them;
 * others are told as they stand.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNotes } from "../test/samples/annotated.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Reads a file of the project; null where there is none. */
export type ReadFile = (path: string) => string | null;

export interface Option {
  readonly name: string;
  readonly meaning: string;
}

/** The head of a filter file. */
export interface Head {
  readonly summary: string;
  readonly options: readonly Option[];
  readonly remarks: readonly string[];
}

const TITLE = `# Stock filters

Written by \`node scripts/filters-doc.ts\` from the comments in config/filter.d/, the jails in config/jail.conf and the
samples in test/samples/.

A jail takes a filter by its name, with options in brackets: \`filter = postfix[mode=auth]\`. \`mode\` is set for all jails
by \`mode = normal\` in \`[DEFAULT]\`.`;

/** @param names of the files in config/filter.d, without their ending, in order */
export function filtersDocument(names: readonly string[], read: ReadFile): string {
  const jails = jailsByFilter(read("config/jail.conf") ?? "");
  const includes = names.filter(isInclude);
  const filters = names.filter((name) => !isInclude(name));
  const parts = [
    TITLE,
    ...filters.map((name) => chapter(name, read, jails.get(name) ?? [])),
    "# Files that filters include",
    ...includes.map((name) => chapter(name, read, [])),
  ];
  return `${parts.join("\n\n")}\n`;
}

function isInclude(name: string): boolean {
  return /^(?:.*-)?common$/.test(name);
}

function chapter(name: string, read: ReadFile, jails: readonly string[]): string {
  const text = read(`config/filter.d/${name}.conf`) ?? "";
  const { summary, options, remarks } = headOf(text);
  const sample = isInclude(name) ? null : (sampleOf(read(`test/samples/${name}.log`)) ?? exampleOf(text));
  const parts = [
    `## ${name}`,
    escaped(summary),
    options.map(optionItem).join("\n"),
    ...remarks.map(escaped),
    jails.length === 0 ? "" : `${jails.length === 1 ? "Jail" : "Jails"}: ${jails.map(code).join(", ")}.`,
    sample === null ? "" : `\`\`\`text\n${sample}\n\`\`\``,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** "one: this. two, three: that." are the values that an option takes: a list below it. */
function optionItem({ name, meaning }: Option): string {
  const values = meaning.split(/(?<=[.;]) (?=[a-z-]+(?:, [a-z-]+)*: )/).map((value) => VALUE.exec(value));
  const items = values.map(
    (value) => value && `  - ${(value[1] ?? "").split(", ").map(code).join(", ")}: ${escaped(value[2] ?? "")}`,
  );
  if (items.length < 2 || items.includes(null)) return `- ${code(name)}: ${escaped(meaning)}`;
  return [`- ${code(name)}:`, ...items].join("\n");
}

const VALUE = /^([a-z-]+(?:, [a-z-]+)*): (.*)$/;

/** Reads a filter's first comment. */
export function headOf(text: string): Head {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comment = lines.slice(0, end === -1 ? lines.length : end).map((line) => line.slice(1));
  const paragraphs = split(comment);
  const lists = paragraphs.filter(isList);
  const [first = [], ...others] = paragraphs.filter((paragraph) => !isList(paragraph));
  return { summary: joined(first), options: lists.flatMap(optionsOf), remarks: others.map(joined) };
}

function split(lines: readonly string[]): readonly (readonly string[])[] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

const OPTION = /^ (\S+) {2,}(\S.*)$/;

function isList(lines: readonly string[]): boolean {
  return OPTION.test(lines[0] ?? "");
}

function optionsOf(lines: readonly string[]): readonly Option[] {
  const options: { name: string; meaning: string }[] = [];
  for (const line of lines) {
    const [, name, meaning = ""] = OPTION.exec(line) ?? [];
    const last = options.at(-1);
    if (name !== undefined) options.push({ name, meaning: meaning.trim() });
    else if (last !== undefined) last.meaning += ` ${line.trim()}`;
  }
  return options;
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(" ");
}

/** The first line of a sample log that is a failure. */
function sampleOf(log: string | null): string | null {
  if (log === null) return null;
  for (const note of readNotes(log)) {
    if (note.is === "line" && note.expected.match) return note.text;
  }
  return null;
}

/** A comment of the filter's with an address that is set apart for documentation: how such a line looks. */
function exampleOf(text: string): string | null {
  const comments = text.split("\n").filter((line) => line.startsWith("# "));
  const [example] = comments.filter((line) => /192\.0\.2\.|2001:db8:/.test(line));
  return example === undefined ? null : example.slice(2);
}

const JAIL_FILTER = /^filter\s*=\s*([\w-]+)/;

/** Which jails of jail.conf use a filter: by the option `filter`, or by their own name. */
export function jailsByFilter(config: string): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, string>();
  let jail = "";
  for (const line of config.split("\n")) {
    const [, section] = /^\[([\w-]+)\]/.exec(line) ?? [];
    const [, filter] = JAIL_FILTER.exec(line) ?? [];
    if (section !== undefined) jail = section;
    if (jail === "" || jail === "DEFAULT" || jail === "INCLUDES") continue;
    if (section !== undefined) filters.set(jail, jail);
    if (filter !== undefined) filters.set(jail, filter);
  }
  const jails = new Map<string, string[]>();
  for (const [name, filter] of filters) jails.set(filter, [...(jails.get(filter) ?? []), name]);
  return jails;
}

/** With a backslash before what Markdown would take for something else. */
function escaped(text: string): string {
  return text.replaceAll(/[<*|]|(?<!\w)_|_(?!\w)/g, "\\$&");
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The document as the files of this project say it now. */
export function currentDocument(): string {
  const names = readdirSync(join(ROOT, "config/filter.d"))
    .filter((file) => file.endsWith(".conf"))
    .map((file) => file.slice(0, -".conf".length))
    .sort();
  return filtersDocument(names, readFromProject);
}

export function readFromProject(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const current = currentDocument();
  if (!process.argv.includes("--check")) writeFileSync(join(ROOT, "docs/filters.md"), current);
  else if (readFromProject("docs/filters.md") !== current) {
    console.error("docs/filters.md is not up to date: node scripts/filters-doc.ts");
    process.exitCode = 1;
  }
}
