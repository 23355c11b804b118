/** Stage: `filter = name[…]` of a jail → the filter's options and their commands (config-cli.md §2.3, §3.2). */
import { extractOptions, textRepr, type Issue, type Place } from "../../base/index.ts";
import { placeOf, type Combined, type Definition, type Recognised } from "./definition.ts";
import { Unreadable, inFolder, type Written } from "./files.ts";
import { readFileSet } from "./fileset.ts";
import type { Shelf } from "./shelf.ts";
import type { Book } from "./merge.ts";
import { putTags } from "./tags.ts";
import { integerOf } from "./values.ts";

/** In the order in which their commands come. */
export const FILTER_OPTIONS: readonly Recognised[] = [
  { key: "usedns", type: "text" },
  { key: "prefregex", type: "text" },
  { key: "ignoreregex", type: "lines" },
  { key: "failregex", type: "lines" },
  { key: "maxlines", type: "int" },
  { key: "datepattern", type: "text" },
  { key: "journalmatch", type: "lines" },
];

export interface ReadFilter {
  readonly definition: Definition;
  readonly name: string;
}

/**
 * @param reference as written in the jail, interpolated
 * @throws Unreadable when the reference is malformed, the file missing or itself unreadable
 */
export function openFilter(store: Shelf, base: string, reference: Written, backend: string): ReadFilter {
  const extracted = extractOptions(reference.text);
  if (!extracted.ok)
    throw new Unreadable(
      `Invalid filter definition ${textRepr(reference.text)}: ${extracted.reason}`,
      reference.at,
      "write filter = name[option=value, option=value]",
    );
  const { name } = extracted;
  const book = readBook(store, base, name, reference.at);
  return defineFilter(book, extracted, reference.at, backend);
}

/** The same for a filter whose files are read already. */
export function defineFilter(
  book: Book,
  { name, options }: { readonly name: string; readonly options: ReadonlyMap<string, string> },
  at: Place,
  backend: string,
): ReadFilter {
  const given = new Map(options);
  if (!given.has("logtype") && book.sections.get("Definition")?.has("logtype") !== true)
    given.set("logtype", backend.startsWith("systemd") ? "journal" : "file");
  return {
    name,
    definition: {
      book,
      recognised: FILTER_OPTIONS,
      ignored: new Set(),
      arguments: given,
      at,
      answers: new Map(),
    },
  };
}

/** The options with all tags replaced; a `maxlines` that is no integer is left out. */
export function filterValues(combined: Combined, issues: Issue[]): Map<string, string> {
  const values = putTags(combined);
  const maxlines = values.get("maxlines");
  if (maxlines === undefined || integerOf(maxlines) !== null) return values;
  values.delete("maxlines");
  const { definition } = combined;
  const at = placeOf(definition, "maxlines")?.at ?? definition.at;
  issues.push({
    level: "warning",
    at,
    message: `Wrong int value '${maxlines}' for 'maxlines'. Using default one: None`,
    remedy: "write a whole number",
  });
  return values;
}

/** Files of the filter; the original's words when there are none. */
function readBook(store: Shelf, base: string, name: string, at: Place): Book {
  const { book, missed } = readFileSet(
    store,
    base,
    inFolder(store.files, "filter.d", name),
    at,
    `Unable to read the filter ${textRepr(name)}`,
  );
  const [first] = missed;
  if (first !== undefined)
    throw new Unreadable(
      `Unable to read the filter ${textRepr(name)}`,
      first.at,
      `${first.message}: ${first.remedy ?? "correct it"}`,
    );
  return book;
}
