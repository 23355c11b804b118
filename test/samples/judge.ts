/** A stock filter against an annotated log: what it got wrong, and which of its expressions the lines hit. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAddress } from "../../src/base/index.ts";
import { type Found } from "../../src/core/filter/index.ts";
import { oracleTree } from "../oracle.ts";
import { holds, readNotes, type Expected, type FilterOptions } from "./annotated.ts";
import { openStock, SAMPLES_NOW, SAMPLES_ZONE, type StockFilter } from "./stock.ts";

/** Where Debian's package has its sample logs, one for each filter. */
export const DEBIAN_LOGS = `${oracleTree}/usr/lib/python3/dist-packages/fail2ban/tests/files/logs`;
const OUR_LOGS = fileURLToPath(new URL(".", import.meta.url));

/** The sample logs of a filter that there are: Debian's, then ours. */
export function logsOf(name: string): readonly string[] {
  return [`${DEBIAN_LOGS}/${name}`, `${OUR_LOGS}${name}.log`].filter((path) => existsSync(path));
}

export interface Wrong {
  /** `name:line {options}`, as the table of exceptions names it. */
  readonly at: string;
  readonly message: string;
  readonly text: string;
}

/** A filter under one set of options. */
export interface Candidate {
  readonly options: FilterOptions;
  readonly stock: StockFilter;
  /** Which failregexes were hit so far. */
  readonly hits: Set<number>;
}

export interface Verdict {
  readonly wrong: readonly Wrong[];
  /** How many times a line was judged. */
  readonly judged: number;
  readonly candidates: readonly Candidate[];
}

/** A line with a filter before which it is put: what a listener of `eachLine` gets. */
export interface Presented {
  readonly name: string;
  readonly file: string;
  readonly number: number;
  readonly text: string;
  readonly expected: Expected;
  readonly candidate: Candidate;
}

export function judge(name: string): Verdict {
  const wrong: Wrong[] = [];
  let judged = 0;
  const candidates = eachLine(name, (line) => {
    judged += 1;
    const { stock, hits, options } = line.candidate;
    const found = readLine(line);
    for (const rule of stock.reader.outcome.hits) hits.add(rule);
    const message = faultOf(line.expected, found, stock.reader.outcome.hits);
    const mode = JSON.stringify(options);
    if (message !== null) wrong.push({ at: `${line.file}:${line.number} ${mode}`, message, text: line.text });
  });
  for (const { stock, options } of candidates) {
    for (const message of stock.complaints) wrong.push({ at: `${name} ${JSON.stringify(options)}`, message, text: "" });
  }
  return { wrong, judged, candidates };
}

/** Puts every line of the filter's logs before it, under all options that the notes ask for. */
export function eachLine(name: string, listener: (line: Presented) => void): readonly Candidate[] {
  const opened = new Map<string, Candidate>();
  const open = (options: FilterOptions): Candidate => {
    const key = JSON.stringify(options);
    const candidate = opened.get(key) ?? { options, stock: openStock(name, options, true), hits: new Set<number>() };
    opened.set(key, candidate);
    return candidate;
  };
  open({});
  for (const path of logsOf(name)) readLog(name, path, open, listener);
  return [...opened.values()];
}

function readLog(
  name: string,
  path: string,
  open: (options: FilterOptions) => Candidate,
  listener: (line: Presented) => void,
): void {
  const file = path.slice(path.lastIndexOf("/") + 1);
  let everywhere: FilterOptions = {};
  let wanted: readonly FilterOptions[] = [{}];
  for (const note of readNotes(readFileSync(path, "utf8"))) {
    if (note.is === "file options") everywhere = note.options;
    else if (note.is === "filter options") wanted = note.options;
    else if (note.is === "file") readLog(name, path.slice(0, -file.length) + note.name, open, listener);
    else {
      const all = wanted.map((options) => ({ ...everywhere, ...options }));
      const meant = all.filter((options) => isMeant(name, options, note.expected));
      const { number, text, expected } = note;
      for (const options of meant) listener({ name, file, number, text, expected, candidate: open(options) });
    }
  }
}

function isMeant(name: string, options: FilterOptions, { constraint }: Expected): boolean {
  const conditions = [constraint, options["test.condition"]];
  return conditions.every((condition) => condition === undefined || holds(condition, name, options));
}

/** The failures that a line tells of, given as its source would give it: an entry of the journal has its time beside the text. */
export function readLine({ text, candidate }: Pick<Presented, "text" | "candidate">): readonly Found[] {
  const { options, stock } = candidate;
  const whole = (options["test.prefix-line"] ?? "") + text;
  const entry = { at: SAMPLES_NOW, stamp: "2005-08-14T12:00:00 ", text: whole };
  const found =
    options["logtype"] === "journal"
      ? stock.reader.entry(entry, SAMPLES_NOW, true)
      : stock.reader.line(`${whole}\n`, false, SAMPLES_NOW, true);
  // Where all expressions are asked, the reader tells of matches that are no failure too.
  return found.filter((one) => !one.captured("nofail"));
}

function faultOf(expected: Expected, found: readonly Found[], hits: readonly number[]): string | null {
  const [failure] = found;
  const got = found.map(({ who, rule }) => `${who?.key} by expression ${rule}`).join(", ");
  if (!expected.match) return failure === undefined ? null : `counts ${got}`;
  if (failure === undefined) return `finds nothing (${expected.host ?? "a failure"} is meant)`;
  if (hits.length > 1) return `expressions ${hits.join(" and ")} match the same line`;
  if (expected.host !== undefined && !isCalled(failure, expected.host)) return `finds ${got}, not ${expected.host}`;
  return timeFault(expected, failure) ?? detailFault(expected, failure);
}

/** Notes spell addresses as the line does. */
function isCalled({ who }: Found, host: string): boolean {
  return who?.key === host || who?.key === parseAddress(host)?.text;
}

function timeFault({ time }: Expected, { at }: Found): string | null {
  if (time === undefined) return null;
  if (time === null) return at === null ? null : `has the time ${at}, none is meant`;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = time.split(/\D+/).map(Number);
  const meant = SAMPLES_ZONE.toInstant(year, month, day, hour, minute, second);
  return at !== null && Math.floor(at) === meant ? null : `has the time ${at}, not ${meant}`;
}

function detailFault({ attempts, users, groups }: Expected, { matches, fields, groups: got }: Found): string | null {
  if (attempts !== undefined && matches.length !== attempts) return `has ${matches.length} lines, not ${attempts}`;
  const have = [fields["users"] ?? []].flat().map(String);
  if (users !== undefined && !sameTexts(have, users)) return `has users ${have.join()}, not ${users.join()}`;
  for (const [name, text] of Object.entries(groups)) {
    if ((got.get(name) ?? null) !== text)
      return `has ${name} = ${JSON.stringify(got.get(name))}, not ${JSON.stringify(text)}`;
  }
  return null;
}

function sameTexts(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text) => others.includes(text));
}
