/** The argument REGEX → what it names: a jail, a filter, a file, or one expression (config-cli.md §8.2). Reads no configuration. */
import { extractOptions, lettersOf } from "../../base/index.ts";
import type { Files, FilterPlace } from "../../io/config/index.ts";

export type Named =
  | { readonly is: "expression" }
  | { readonly is: "wrong"; readonly reason: string }
  | { readonly is: "name"; readonly name: string; readonly options: ReadonlyMap<string, string> };

/** A path-like word, perhaps with brackets behind it. */
const NAME = lettersOf("^\\/{0,3}[\\p{L}\\p{N}_/\\-.]+(?:\\[.*\\])?$", "");

export function namedBy(regex: string): Named {
  if (!NAME(regex).test(regex)) return { is: "expression" };
  const extracted = extractOptions(regex);
  if (!extracted.ok) return { is: "wrong", reason: extracted.reason };
  return { is: "name", name: extracted.name, options: extracted.options };
}

/** Whether a jail may have that name: a path or a file's name is none. */
export function mayBeJail(name: string): boolean {
  return !name.includes("/") && !/\.(?:conf|local)$/.test(name);
}

export interface FilterFound {
  readonly place: FilterPlace;
  /** As the report names it. */
  readonly shown: string;
}

/** @returns the filter of that name, or null when there is no such file */
export function findFilter(files: Files, config: string, name: string): FilterFound | null {
  const own = /^(?:filter\.d\/)?[^/]+$/.test(name);
  const bare = own ? name.replace(/^filter\.d\//, "") : name;
  const base = /(?:^|\/)filter\.d\/?$/.test(config) ? parentOf(config.replace(/\/$/, "")) : config;
  const folder = own ? `${base.replace(/\/$/, "")}/filter.d/` : "";
  const file = candidates(bare).find((candidate) => files.kind(folder + candidate) === "file");
  if (file === undefined) return null;
  const directory = own ? "" : parentOf(file);
  if (!own && !/(?:^|\/)filter\.d$/.test(directory)) return { place: { path: file }, shown: name };
  const root = own ? base : parentOf(directory);
  const filter = file.slice(file.lastIndexOf("/") + 1).replace(/\.(?:conf|local)$/, "");
  return { place: { base: root, name: filter }, shown: `${filter}, basedir: ${root}` };
}

/** A name with a dot near its end is complete. */
function candidates(name: string): readonly string[] {
  return name.slice(-6).includes(".") ? [name] : [name, `${name}.conf`, `${name}.local`];
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}
