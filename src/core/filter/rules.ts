/** The failregexes of one filter, ready to be asked: which of them can match at all is told by a text's first character. */
import type { Match, Pattern } from "../pattern/index.ts";
import { capturesReader, type Captures } from "./groups.ts";
import type { FilterSettings } from "./settings.ts";

export interface Rule {
  readonly index: number;
  readonly pattern: Pattern;
  /** What this rule and the prefregex before it captured. */
  read(match: Match, prefix: Match | null): Captures;
}

export interface Rules {
  /** Those that may match this text, in the order of the configuration. */
  for(text: string): readonly Rule[];
}

/** Characters that have a list of their own: ASCII. */
const ASCII = 128;

export function rulesOf(settings: FilterSettings): Rules {
  const all = settings.failregex.map((pattern, index): Rule => ({
    index,
    pattern,
    read: capturesReader(pattern, settings.prefregex),
  }));
  const lists = Array.from({ length: ASCII }, (_, code) =>
    all.filter(({ pattern }) => pattern.firstChars === null || pattern.firstChars.has(code)),
  );
  return {
    for: (text) => lists[text.charCodeAt(0)] ?? all,
  };
}
