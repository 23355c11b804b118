/** What the log says when an option of a jail is set (config-cli.md §7.5, engine.md §5.6). */
import { pythonRepr, Tuple, type Plain, type Said } from "../../base/index.ts";
import { argument, textArgument } from "./arguments.ts";
import { showOption, type OptionWorld } from "./options.ts";
import type { JailSettings } from "./settings.ts";

/** What is told of an option whose value is `shown` by now; null: nothing. */
type Saying = (shown: Plain) => Said | null;

const SAYINGS: Readonly<Record<string, Saying>> = {
  maxlines: (shown) => info("filter", `  maxLines: ${pythonRepr(shown)}`),
  maxretry: (shown) => info("filter", `  maxRetry: ${pythonRepr(shown)}`),
  findtime: (shown) => info("filter", `  findtime: ${pythonRepr(shown)}`),
  bantime: (shown) => info("actions", `  banTime: ${pythonRepr(shown)}`),
  logencoding: (shown) => info("filter", `  encoding: ${textArgument(shown)}`),
  datepattern: (shown) => {
    const [pattern = null, name = null] = shown instanceof Tuple ? shown.items : [];
    const isOwn = shown instanceof Tuple && name !== "Default Detectors"; // what stands for itself, as EPOCH, has no pattern that could be shown
    return isOwn
      ? info("datedetector", `  date pattern \`${pythonRepr(pattern ?? "")}\`: \`${textArgument(name)}\``)
      : null;
  },
};

/**
 * @param jail with the option already set
 * @param args as they were given: `bantime.…` is told as written
 * @returns null for the many options of which nothing is told
 */
export function tellOption(jail: JailSettings, word: string, args: readonly Plain[], world: OptionWorld): Said | null {
  if (word.startsWith("bantime.")) {
    const value = textArgument(argument(args, 0));
    return info("jail", `Set banTime.${word.slice("bantime.".length)} = ${value === "" ? "None" : value}`);
  }
  if (word === "usedns") return tellUseDns(textArgument(argument(args, 0)).toLowerCase());
  const saying = SAYINGS[word];
  return saying === undefined ? null : saying(showOption(jail, word, world));
}

function tellUseDns(value: string): Said | null {
  if (["yes", "warn", "no", "raw"].includes(value)) return null;
  const text = `Incorrect value ${pythonRepr(value)} specified for usedns. Using safe 'no'`;
  return { level: "ERROR", logger: "filter", text };
}

function info(logger: string, text: string): Said {
  return { level: "INFO", logger, text };
}
