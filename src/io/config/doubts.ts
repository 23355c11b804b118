/**
 * Stage: what surely is a mistake although it is accepted, each with its place and its remedy (shown by `-t` and once at start).
 *
 * A warning is given only where a correct configuration cannot look like that; everything weaker is a notice. Changes nothing.
 */
import { splitReferences, type Issue } from "../../base/index.ts";
import { readAction, type ReadAction } from "./action.ts";
import { Unreadable, type Header, type Written } from "./files.ts";
import { openFilter, type ReadFilter } from "./filter.ts";
import type { JailReading, ReadJailResult } from "./jail.ts";
import { MEANT_LENGTH } from "./limits.ts";
import type { Book } from "./merge.ts";
import type { General } from "./reading.ts";
import type { StreamCommand } from "./stream.ts";
import { actionDoubts, expressionDoubts, forgottenBans, ignoreDoubts, valueDoubts } from "./suspects.ts";
import { unreadDefinitions, unreadGeneral, unreadOptions, unreadSections } from "./unread.ts";

/** @param general what `fail2ban.conf` says: how long bans are remembered stands there */
export function doubtsOf(reading: JailReading, jails: readonly ReadJailResult[], general: General): Issue[] {
  const { book } = reading;
  const meant = book.headers.flatMap((header) => wholeSection(reading, header));
  const filters = once(
    jails.flatMap(({ filter }) => (filter === null ? [] : [filter])),
    ({ definition }) => definition.book,
  );
  const actions = once(
    jails.flatMap((jail) => jail.actions),
    (action) => (action.is === "module" ? action : action.combined.definition.book),
  );
  const books = [
    ...filters.map(({ definition }) => definition.book),
    ...actions.flatMap((action) => (action.is === "module" ? [] : [action.combined.definition.book])),
  ];
  return unique([
    ...headerDoubts([general.book, book, ...books]),
    ...unreadGeneral(general.book),
    ...[...(general.book.sections.get("Definition") ?? [])].flatMap(([key, written]) =>
      valueDoubts("DEFAULT", key, written),
    ),
    ...falseBooleans(book),
    ...unreadSections(book),
    ...unreadOptions(
      book,
      jails.map(({ name }) => name),
      books,
    ),
    ...sections(book, jails).flatMap(([section, options]) =>
      [...options].flatMap(([key, written]) => valueDoubts(section, key, written)),
    ),
    ...jails.flatMap((jail) => jailDoubts(jail, general.commands)),
    ...filters.flatMap((filter) => filterDoubts(filter)),
    ...actions.flatMap((action) => [
      ...actionDoubts(action),
      ...(action.is === "module" ? [] : unreadDefinitions(action.combined.definition)),
    ]),
    ...meant,
  ]);
}

function jailDoubts({ name, options }: ReadJailResult, general: readonly StreamCommand[]): Issue[] {
  const regexes = ["failregex", "ignoreregex", "prefregex"].flatMap((key) => {
    const option = options.get(key);
    return option === undefined ? [] : expressionDoubts(key, option.written);
  });
  return [...regexes, ...ignoreDoubts(options.get("ignoreip")?.written), ...forgottenBans(name, options, general)];
}

function filterDoubts({ definition }: ReadFilter): Issue[] {
  const own = definition.book.sections.get("Definition") ?? new Map<string, Written>();
  const regexes = ["failregex", "ignoreregex", "prefregex"].flatMap((key) => {
    const written = own.get(key);
    return written === undefined ? [] : expressionDoubts(key, written);
  });
  return [...regexes, ...unreadDefinitions(definition)];
}

/** Sections of jails that are used, and the defaults. */
function sections(book: Book, jails: readonly ReadJailResult[]): [string, ReadonlyMap<string, Written>][] {
  return [
    ["DEFAULT", book.defaults],
    ...jails.map(({ name }): [string, ReadonlyMap<string, Written>] => [name, book.sections.get(name) ?? new Map()]),
  ];
}

function headerDoubts(books: readonly Book[]): Issue[] {
  return books
    .flatMap(({ headers }) => headers)
    .filter(({ rest }) => rest !== "" && !/^[#;]/.test(rest))
    .map(({ name, at, rest }) => ({
      level: "warning",
      at,
      message: rest.includes("=")
        ? `the whole section [${name}] stands on one line: all behind the ] is passed over`
        : `all behind the ] of [${name}] is passed over: ${rest.slice(0, 60)}`,
      remedy: "write the header and each option on a line of its own",
    }));
}

/**
 * A section on one line was meant to be a jail: its filter and its action are looked at too, so that the next mistake does not
 * come to light only when this one is mended.
 */
function wholeSection(reading: JailReading, { name, at, rest }: Header): Issue[] {
  const meant = new Map(
    [...rest.slice(0, MEANT_LENGTH).matchAll(/([a-z_.]+)\s*=\s*(.*?)(?=\s+[a-z_.]+\s*=|$)/g)].map(
      ([, key = "", value = ""]) => [key, value],
    ),
  );
  if (meant.size === 0) return [];
  const text = (key: string, fallback: string): Written => ({ text: meant.get(key) ?? fallback, at, lines: null });
  try {
    const filter = openFilter(reading.store, reading.base, text("filter", name), meant.get("backend") ?? "auto");
    const actions = splitReferences(meant.get("action") ?? "").map((action): ReadAction =>
      readAction(reading.store, reading.base, name, { text: action, at, lines: null }, meant),
    );
    return [...filterDoubts(filter), ...actions.flatMap((action) => actionDoubts(action))];
  } catch (cause) {
    if (cause instanceof Unreadable) return [];
    throw cause;
  }
}

const BOOLEANS = new Set(["1", "on", "true", "yes", "0", "off", "false", "no", "none", ""]);

/** `enabled = true # x` is false: of jails that are not used for this reason nothing else would ever be said. */
function falseBooleans(book: Book): Issue[] {
  return [...book.sections].flatMap(([name, options]): Issue[] => {
    const enabled = options.get("enabled");
    if (enabled === undefined || enabled.text.includes("%(") || BOOLEANS.has(enabled.text.toLowerCase())) return [];
    return [
      {
        level: "warning",
        at: enabled.at,
        jail: name,
        message: `enabled = ${enabled.text.slice(0, 60).replaceAll("\n", "\\n")} is read as false, the jail is not used`,
        remedy: "write enabled = true and nothing behind it",
      },
    ];
  });
}

/** One of each: a hundred jails use the same few actions. */
function once<T>(items: readonly T[], of: (item: T) => object): T[] {
  return [...new Map(items.map((item) => [of(item), item])).values()];
}

function unique(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = `${issue.at?.file}:${issue.at?.line}:${issue.message}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
