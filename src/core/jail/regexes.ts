/** Expressions of a jail: compiled as they are added, with the options that hold at that moment (config-cli.md §6.5, engine.md §1.9). */
import { Refusal, type Plain } from "../../base/index.ts";
import { compilePattern, noIdMessage, type Pattern } from "../pattern/index.ts";
import { integerArgument, textArgument } from "./arguments.ts";
import type { JailSettings } from "./settings.ts";

/** Expressions of one kind in one jail; further ones are refused. */
const REGEXES = 10_000;

/** @returns the jail's expressions of that kind with the new ones behind them; whom a failure is counted for may also be told by the prefregex */
export function addRegexes(
  jail: JailSettings,
  kind: "failregex" | "ignoreregex",
  sources: readonly Plain[],
): readonly Pattern[] {
  if (sources.length === 0) throw new Refusal("IndexError", "list index out of range");
  const fresh = sources.map((source) => {
    const text = textArgument(source);
    if (text === "") throw new Refusal("RegexException", "Cannot add empty regex");
    const pattern = compiled(jail, text);
    if (kind === "failregex" && !pattern.hasId && jail.filter.prefregex?.hasId !== true)
      throw new Refusal("RegexException", noIdMessage(pattern));
    return pattern;
  });
  const all = [...jail.filter[kind], ...fresh];
  if (all.length > REGEXES) throw new Refusal("ValueError", `more than ${REGEXES} expressions`);
  return all;
}

/** The empty text unsets it. */
export function prefregexOf(jail: JailSettings, text: string): Pattern | null {
  return text === "" ? null : compiled(jail, text);
}

/** By index from 0, from the end where negative; one that does not exist changes nothing. */
export function removeRegex(patterns: readonly Pattern[], index: Plain): readonly Pattern[] {
  const wanted = integerArgument(index);
  const at = wanted < 0 ? patterns.length + wanted : wanted;
  return patterns.filter((_, i) => i !== at);
}

function compiled({ filter: { usedns, maxlines } }: JailSettings, text: string): Pattern {
  const result = compilePattern(text, { usedns, multiline: maxlines > 1 });
  if (!result.ok) throw new Refusal("RegexException", result.message);
  return result.pattern;
}
