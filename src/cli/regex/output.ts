/** `-o` and `--json`: prints each failure as it is found, and nothing else (config-cli.md §8.5). */
import type { Examined } from "./examine.ts";
import { addressOf, fill, jsonOf, messageOf, rowOf, valueOf, wantsHost, type Failure } from "./failure.ts";
import type { RegexOptions } from "./options.ts";
import type { Print } from "./print.ts";

type Emit = (line: Examined) => Promise<void> | void;

/** @returns what prints the failures of a line; null where the report is wanted */
export function outputOf(
  { out, json, invert }: RegexOptions,
  print: Print,
  hostOf: (ip: string) => Promise<string | null>,
): Emit | null {
  if (json) return (line) => printJson(line, print);
  if (out === null) return null;
  const one = formOf(out, print, hostOf);
  return (line) => {
    const failures = invert ? others(line) : failuresOf(line);
    const waiting = failures.flatMap((failure) => one(failure) ?? []);
    if (waiting.length > 0) return Promise.all(waiting).then(() => {});
  };
}

const WORDS: Readonly<Record<string, (failure: Failure) => string>> = {
  id: ({ id }) => id,
  fid: ({ id }) => id,
  ip: addressOf,
  msg: messageOf,
  row: rowOf,
};

function formOf(
  out: string,
  print: Print,
  hostOf: (ip: string) => Promise<string | null>,
): (failure: Failure) => Promise<void> | void {
  const word = Object.hasOwn(WORDS, out) ? WORDS[out] : undefined;
  if (word !== undefined) return (failure) => print.line(word(failure));
  if (!out.includes("<")) return (failure) => print.line(valueOf(failure, out));
  if (!wantsHost(out)) return (failure) => fill(out, failure, null).forEach(print.line);
  return async (failure) => fill(out, failure, await hostOf(addressOf(failure))).forEach(print.line);
}

function failuresOf({ hits, isIgnored, now, whole }: Examined): readonly Failure[] {
  if (isIgnored) return [];
  return hits.flatMap(({ id, at, found }) =>
    id === null || found === null
      ? []
      : [{ id, at, now, whole, groups: found.groups, fields: found.fields, matches: found.matches }],
  );
}

/** A line that is no failure, in a failure's form. */
function others(line: Examined): readonly Failure[] {
  if (failuresOf(line).length > 0) return [];
  const groups = new Map([["fid", ""]]);
  return [
    { id: "", at: line.at, now: line.now, whole: line.whole, groups, fields: { fid: "" }, matches: [line.match] },
  ];
}

function printJson(line: Examined, print: Print): void {
  const rules = line.hits.filter(({ id, found }) => id !== null && found !== null).map(({ rule }) => rule);
  for (const [index, failure] of failuresOf(line).entries()) {
    print.line(jsonOf(failure, line.number, rules[index] ?? 0));
  }
}
