/**
 * Assembly: one filter, or one jail whether it is enabled or not → its commands, for those who only want to try it
 * (config-cli.md §8.2).
 *
 * Takes what the configuration says of expressions and dates; looks for no log files and reads no actions.
 */
import { extractOptions, type Issue, type Place } from "../../base/index.ts";
import { combine, type JailView } from "./definition.ts";
import { Unreadable, withoutSlash, type Files, type Written } from "./files.ts";
import { readListed } from "./fileset.ts";
import { defineFilter, openFilter, type ReadFilter } from "./filter.ts";
import { issuesOf, openSet } from "./general.ts";
import { interpolate } from "./interpolate.ts";
import { filterPart, jailCommands, readJail } from "./jail.ts";
import { bookOf } from "./merge.ts";
import { putStatics } from "./reading.ts";
import { regexPart } from "./regexes.ts";
import { shelf } from "./shelf.ts";
import type { StreamCommand } from "./stream.ts";

export type OneReading =
  | {
      readonly ok: true;
      /** For the jail of the given name. */
      readonly commands: readonly StreamCommand[];
      readonly issues: readonly Issue[];
      /** Options that hold for the filter: given ones, and those of `[Init]`. */
      readonly options: ReadonlyMap<string, string>;
    }
  | { readonly ok: false; readonly message: string; readonly issues: readonly Issue[] };

/** A filter by name below `<base>/filter.d`, with its companions; or a file read for itself, with what it includes. */
export type FilterPlace = { readonly base: string; readonly name: string } | { readonly path: string };

export interface OneWanted {
  /** Name of the jail in the commands; for `readOneJail` the jail. */
  readonly jail: string;
  /** In brackets behind the name; they win over the jail's. */
  readonly options: ReadonlyMap<string, string>;
  readonly backend: "auto" | "systemd";
}

const NO_JAIL: JailView = new Map<string, string>();

export function readOneFilter(files: Files, place: FilterPlace, wanted: OneWanted): OneReading {
  return guarded((issues) => {
    const filter = openOne(files, place, wanted);
    const combined = combine(filter.definition, NO_JAIL, false);
    const commands: StreamCommand[] = [];
    regexPart(wanted.jail, filterPart(combined, issues), commands);
    return { commands, options: filter.definition.arguments };
  });
}

function openOne(files: Files, place: FilterPlace, { options, backend }: OneWanted): ReadFilter {
  const store = shelf(files);
  if ("name" in place) {
    const at: Place = { file: `${place.base}/filter.d/${place.name}`, line: 0 };
    return openFilter(store, place.base, { text: reference(place.name, options), at, lines: null }, backend);
  }
  const at: Place = { file: place.path, line: 0 };
  const { sheets, missed } = readListed(store, [place.path]);
  const [first] = missed;
  if (first !== undefined) throw first;
  return defineFilter(bookOf(sheets), { name: place.path, options }, at, backend);
}

/** @returns null where the configuration has no jail of that name */
export function readOneJail(files: Files, base: string, wanted: OneWanted, version: string): OneReading | null {
  const directory = withoutSlash(base);
  const store = shelf(files);
  const found = openSet(store, directory, "jail", "", []);
  const section = found.ok && wanted.jail !== "INCLUDES" ? found.book.sections.get(wanted.jail) : undefined;
  if (!found.ok || section === undefined) return null;
  const { book } = found;
  return guarded((issues) => {
    putStatics(book, directory, version);
    const at: Place = section.values().next().value?.at ?? { file: directory, line: 0 };
    const put = (key: string, text: string): void =>
      void section.set(key, { text: text.replaceAll("%", "%%"), at, lines: null });
    put("backend", wanted.backend);
    put("action", "");
    const filter = interpolate(book, wanted.jail, "filter");
    if (filter !== null && wanted.options.size > 0) put("filter", withOptions(filter, wanted.options));
    const jail = readJail({ store, base: directory, book, issues }, wanted.jail);
    const commands = jailCommands(jail, wanted.backend, [], issues);
    return { commands, options: jail.filter?.definition.arguments ?? new Map() };
  });
}

function withOptions({ text, at }: Written, options: ReadonlyMap<string, string>): string {
  const extracted = extractOptions(text);
  if (!extracted.ok) throw new Unreadable(extracted.reason, at, "write filter = name[option=value, option=value]");
  return reference(extracted.name, new Map([...extracted.options, ...options]));
}

/** `name[option="value"]`; a value has at most one kind of quotes, for it was written between the others. */
function reference(name: string, options: ReadonlyMap<string, string>): string {
  if (options.size === 0) return name;
  const quoted = [...options].map(([key, value]) => (value.includes('"') ? `${key}='${value}'` : `${key}="${value}"`));
  return `${name}[${quoted.join(", ")}]`;
}

function guarded(
  body: (issues: Issue[]) => {
    readonly commands: readonly StreamCommand[];
    readonly options: ReadonlyMap<string, string>;
  },
): OneReading {
  const issues: Issue[] = [];
  try {
    return { ok: true, issues, ...body(issues) };
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    return { ok: false, message: cause.message, issues: [...issues, ...issuesOf(cause)] };
  }
}
