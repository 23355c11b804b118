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
    const isOwn = pattern !== null || name === "Epoch"; // the built-in list has no pattern that could be shown
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
  const saying = SAYINGS[word];
  return saying === undefined ? null : saying(showOption(jail, word, world));
}

function info(logger: string, text: string): Said {
  return { level: "INFO", logger, text };
}
