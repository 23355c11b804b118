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
    const failures = invert ? others(line) : failuresOf(line).map(({ failure }) => failure);
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

/** Failures of somebody, each with the rule that found it. */
export function failuresOf(line: Examined): readonly { readonly failure: Failure; readonly rule: number }[] {
  const { hits, isIgnored, now, whole } = line;
  if (isIgnored) return [];
  return hits.flatMap(({ id, at, found, rule }) => {
    if (id === null || found === null) return [];
    const { groups, fields, matches } = found;
    return [{ failure: { id, at, now, whole, groups, fields, matches }, rule }];
  });
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
  for (const { failure, rule } of failuresOf(line)) print.line(jsonOf(failure, line.number, rule));
}
