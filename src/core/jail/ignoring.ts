/** Values of `ignoreip` and `ignorecache` (config-cli.md §2.2, engine.md §1.8). */
import { extractOptions, isSingle, parseAddress, Refusal, type Span } from "../../base/index.ts";
import type { IgnoreCache } from "../filter/index.ts";
import { integerArgument, spanArgument } from "./arguments.ts";

/** Whether two entries mean the same address, network, name or file. */
export function sameEntry(a: string, b: string): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** Networks and names before single addresses, each in canonical form. */
export function shownEntries(entries: readonly string[]): readonly string[] {
  const single = (entry: string): boolean => {
    const address = parseAddress(entry);
    return address !== null && isSingle(address);
  };
  return [...entries.filter((entry) => !single(entry)), ...entries.filter(single)].map(canonical);
}

function canonical(entry: string): string {
  return parseAddress(entry)?.text ?? entry;
}

const DEFAULT_COUNT = 100;
const DEFAULT_TIME: Span = 300;

/** `key="<ip>", max-count=100, max-time=5m`; the empty text switches the cache off. */
export function ignoreCacheOf(text: string): IgnoreCache | null {
  if (text === "") return null;
  const extracted = extractOptions(`cache[${text}]`);
  if (!extracted.ok) throw new Refusal("ValueError", extracted.reason);
  const { options } = extracted;
  const key = options.get("key");
  if (key === undefined) throw new Refusal("KeyError", "key");
  return {
    key,
    maxCount: integerArgument(options.get("max-count") ?? DEFAULT_COUNT),
    maxTime: spanArgument(options.get("max-time") ?? DEFAULT_TIME).seconds,
  };
}
