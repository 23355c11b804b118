/**
 * The formats that are looked for where no `datepattern` is given (engine.md §3.2): fail2ban's own list, in its order,
 * for the names under which hits are shown and the preference between them are known to administrators.
 */

import { AT_LINE_BEGIN } from "./expression.ts";

/** In initial order; each that is not bound to the line's begin gets a twin that is, and all twins come first. */
export const FORMATS: readonly string[] = [
  String.raw`%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\s*%z)?`,
  String.raw`(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  String.raw`(?:%a )?%b %d %ExY %k:%M:%S(?:\.%f)?`,
  "%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
  String.raw`%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\.%f)?(?: %z)?`,
  "%m/%d/%ExY:%H:%M:%S",
  String.raw`%m-%d-%ExY %k:%M:%S(?:\.%f)?`,
  "EPOCH",
  "{^LN-BEG}%H:%M:%S",
  "^<%m/%d/%Exy@%H:%M:%S>",
  "%Exy%Exm%Exd  ?%H:%M:%S",
  "%b %d, %ExY %I:%M:%S %p",
  "^%b-%d-%Exy %k:%M:%S",
  String.raw`%ExY%Exm%Exd(?:-|T|  ?)%ExH:?%ExM:?%ExS(?:[.,]%f)?(?:\s*%z)?`,
  String.raw`(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  String.raw`(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  "TAI64N",
];

const bare = (text: string): string => (text.startsWith(AT_LINE_BEGIN) ? text.slice(AT_LINE_BEGIN.length) : text);

const KNOWN: ReadonlySet<string> = new Set(
  FORMATS.flatMap((format) => [bare(format), format.replace("(?:T|  ?)", "[T ]")]).filter((format) =>
    format.includes("%"),
  ),
);

const WORDS: Readonly<Record<string, string>> = { Epoch: "EPOCH", LongEpoch: "LEPOCH", TAI64N: "TAI64N" };

/** As web servers' filters have it: everything up to the first bracket, in which the date comes first. */
const IN_BRACKET = /^\^\[\^\\\[\]\*\\\[\((.+)\)$/;

export interface Known {
  /** One of the formats, or a word of its kind. */
  readonly format: string;
  readonly inBracket: boolean;
}

/** Whether a template is one of the default formats, bound in whatever way, or one after the line's first bracket; else null. */
export function knownFormat(template: { readonly name: string; readonly pattern: string | null }): Known | null {
  const { name, pattern } = template;
  if (pattern === null) {
    const word = WORDS[bare(name)];
    return word === undefined ? null : { format: word, inBracket: false };
  }
  const inner = IN_BRACKET.exec(pattern)?.[1];
  const format = inner ?? bare(pattern);
  return KNOWN.has(format) ? { format, inBracket: inner !== undefined } : null;
}

/** Weight of the twins: a date at the line's begin is nearly always the line's own. */
export const TWIN_WEIGHT = 100;
