/**
 * Stage: the files of a set, in order → one book of sections (config-cli.md §1.4).
 *
 * Later files win option by option; the value that was overwritten last stays readable as `known/…`; `[Init?family=inet6]`
 * becomes options `key?family=inet6` of `[Init]`.
 */
import { lettersOf } from "../../base/index.ts";
import type { Header, Options, Sheet, Written } from "./files.ts";

/** What interpolation needs to see of a book, or of a single file. */
export interface Lookup {
  readonly defaults: Options;
  readonly sections: ReadonlyMap<string, Options>;
  readonly known: ReadonlyMap<string, Options>;
}

export interface Book extends Lookup {
  readonly defaults: Map<string, Written>;
  readonly sections: Map<string, Map<string, Written>>;
  /** By section: the one previous value of each option that a later file overwrote. */
  readonly known: Map<string, Map<string, Written>>;
  readonly headers: readonly Header[];
}

export function bookOf(sheets: readonly Sheet[]): Book {
  const book: Book = {
    defaults: new Map(),
    sections: new Map(),
    known: new Map(),
    headers: sheets.flatMap(({ headers }) => headers),
  };
  sheets.forEach(({ defaults, sections }) => {
    defaults.forEach((value, key) => book.defaults.set(key, value));
    sections.forEach((options, name) => mergeSection(book, name, options));
  });
  return book;
}

const CONDITION = lettersOf("^([\\p{L}\\p{N}_]+)(\\?.+)$", "s");

function mergeSection(book: Book, written: string, options: Options): void {
  const conditional = written.includes("?") ? CONDITION(written).exec(written) : null;
  const name = conditional?.[1] ?? written;
  const condition = conditional?.[2] ?? "";
  const target = book.sections.get(name);
  const keyOf = (key: string): string => (condition === "" ? key : key + condition);
  if (target === undefined) {
    const fresh = new Map<string, Written>();
    options.forEach((value, key) => fresh.set(keyOf(key), value));
    book.sections.set(name, fresh);
    return;
  }
  // Also where nothing is overwritten: that the section exists shows in what `<known/…>` falls back to.
  const known = book.known.get(name) ?? new Map<string, Written>();
  book.known.set(name, known);
  options.forEach((value, written) => {
    const key = keyOf(written);
    const previous = target.get(key);
    if (previous !== undefined) known.set(key, previous);
    target.set(key, value);
  });
}
