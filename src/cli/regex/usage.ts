/** The help of fail2ban-regex, from the rows of its options; the words are ours (config-cli.md §8.1). */
import { OPTIONS } from "./options.ts";

export const SYNTAX = "Usage: fail2ban-regex [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]";

const HEAD = `${SYNTAX}

Tries expressions on a log: which lines are failures, of whom, and when.

LOG
    a file, which may be compressed by gzip; systemd-journal, with options in
    brackets as the backend has them; anything else is one line, or several.
REGEX
    a jail or a filter of the configuration, with options in brackets:
    sshd[mode=aggressive]; the path of a filter's file; anything else is one
    failregex.
IGNOREREGEX
    one ignoreregex, instead of those of the filter.

Options:`;

const FOOT = `
The exit status is 0 whatever was found, 255 for arguments that cannot be used.
The manual: man fail2ban-regex`;

const COLUMN = 28;
const WIDTH = 80 - COLUMN;

export function regexUsage(): string {
  const lines = OPTIONS.flatMap(({ names, value, help }) => {
    const syntax = `    ${names.join(", ")}${value === undefined ? "" : ` ${value}`}`;
    const [first = "", ...more] = wrapped(help);
    const rest = more.map((line) => " ".repeat(COLUMN) + line);
    if (syntax.length < COLUMN) return [syntax.padEnd(COLUMN) + first, ...rest];
    return [syntax, " ".repeat(COLUMN) + first, ...rest];
  });
  return [HEAD, ...lines, FOOT].join("\n");
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
