/** The commands of those options that both filters and jails have, in their peculiar order (config-cli.md §3.2, steps 1 and 2). */
import type { Place, Plain } from "../../base/index.ts";
import { isSentLikeDatepattern } from "../../core/quirks/index.ts";
import { Unreadable } from "./files.ts";
import { shellWords } from "./shellwords.ts";
import type { StreamCommand } from "./stream.ts";
import { linesOf } from "./values.ts";

export interface FilterOption {
  readonly key: string;
  readonly value: Plain;
  readonly at: Place;
  readonly lines: readonly number[] | null;
}

/** Adds the commands for `options` to `list`: `usedns`, `prefregex` and `maxlines` before all that is there, the others behind it. */
export function regexPart(jail: string, options: readonly FilterOption[], list: StreamCommand[]): void {
  let front = 0;
  for (const option of options) {
    const { key, value, at } = option;
    if (value === null) continue;
    if (key === "failregex" || key === "ignoreregex") list.push(...regexCommands(jail, option));
    else if (key === "usedns" || key === "prefregex" || key === "maxlines") {
      list.splice(key === "usedns" ? 0 : front, 0, { words: ["set", jail, key, value], at });
      front += 1;
    } else if (key === "journalmatch") list.push(...journalCommands(jail, option));
    else if (isSentLikeDatepattern(key)) list.push({ words: ["set", jail, key, value], at });
  }
}

function regexCommands(jail: string, option: FilterOption): StreamCommand[] {
  const all = linesOf(textOf(option));
  const itemAt = (index: number): Place => lineAt(option, all[index]?.index ?? 0);
  const [first] = all;
  if (first === undefined) return [];
  const command = `add${option.key}`;
  if (all.length === 1) return [{ words: ["set", jail, command, first.text], at: itemAt(0) }];
  return [{ words: ["multi-set", jail, command, all.map(({ text }) => text)], at: option.at, itemAt }];
}

function journalCommands(jail: string, option: FilterOption): StreamCommand[] {
  return linesOf(textOf(option)).map(({ text, index }) => {
    const split = shellWords(text);
    const at = lineAt(option, index);
    if ("message" in split) throw new Unreadable(split.message, at, "close the quote in journalmatch");
    return { words: ["set", jail, "addjournalmatch", ...split], at };
  });
}

/** The line's own place where the value still has the lines it was written in. */
function lineAt({ value, at, lines }: FilterOption, index: number): Place {
  const line = lines !== null && lines.length === textOf({ value }).split("\n").length ? lines[index] : undefined;
  return line === undefined ? at : { file: at.file, line };
}

function textOf({ value }: { readonly value: Plain }): string {
  return typeof value === "string" ? value : "";
}
