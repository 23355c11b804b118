/**
 * Stage: one file → its parsed sheet, read and parsed once however many filters and jails need it.
 *
 * Remembers within one reading of the configuration what directories contain: a hundred jails ask for the same few.
 */
import { Unreadable, directoryOf, type Files, type Sheet } from "./files.ts";
import { FILE_BYTES } from "./limits.ts";
import type { Book } from "./merge.ts";
import { parseSheet } from "./sheet.ts";

export interface Shelf {
  readonly files: Files;
  readonly sheets: Map<string, Sheet | Unreadable | null>;
  /** Files that are there and cannot be used, with the reason. */
  readonly missed: Map<string, { readonly why: Unreadable; readonly closed: boolean }>;
  /** Merged configurations by name. */
  readonly books: Map<string, Book>;
  /** What each file includes. */
  readonly includes: Map<string, Includes>;
  readonly listings: Map<string, ReadonlySet<string>>;
}

export interface Includes {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export function shelf(files: Files): Shelf {
  return { files, sheets: new Map(), missed: new Map(), books: new Map(), includes: new Map(), listings: new Map() };
}

/** Whether its directory has something of that name, if only a link to nothing. */
export function isNamed(store: Shelf, path: string): boolean {
  const directory = directoryOf(path);
  const names = namesIn(store, directory);
  if (names.size === 0) return store.files.kind(path) !== "missing";
  return names.has(
    directory === "" || directory === "/" ? path.slice(directory.length) : path.slice(directory.length + 1),
  );
}

/** What is at a path; asked of the directory's names first, for most of what is looked for is not there. */
export function kindAt(store: Shelf, path: string): ReturnType<Files["kind"]> {
  return isNamed(store, path) ? store.files.kind(path) : "missing";
}

export function namesIn(store: Shelf, directory: string): ReadonlySet<string> {
  const known = store.listings.get(directory);
  if (known !== undefined) return known;
  const names = new Set(store.files.names(directory === "" ? "." : directory));
  store.listings.set(directory, names);
  return names;
}

/** The parsed file; null when it is not there or cannot be read. */
export function sheetOf(store: Shelf, path: string): Sheet | null {
  const known = store.sheets.get(path);
  if (known instanceof Unreadable) throw known;
  if (known !== undefined) return known;
  try {
    const text = textOf(store, path);
    const sheet = text === null ? null : parseSheet(path, text);
    store.sheets.set(path, sheet);
    return sheet;
  } catch (cause) {
    if (cause instanceof Unreadable) store.sheets.set(path, cause);
    throw cause;
  }
}

function textOf(store: Shelf, path: string): string | null {
  const file = store.files.read(path);
  if (file.ok) return file.text;
  if (file.reason === "missing") return null;
  const { what, remedy } = REASONS[file.reason];
  const [line, why] =
    file.reason === "not text"
      ? [file.line, `Error decoding config file '${path}': the byte 0x${file.byte.toString(16)} is not UTF-8`]
      : [1, what];
  const closed = file.reason === "denied" || file.reason === "not a file";
  store.missed.set(path, { why: new Unreadable(why, { file: path, line }, remedy), closed });
  return null;
}

const REASONS = {
  denied: { what: "the file cannot be opened", remedy: "give root the right to read it" },
  "not a file": { what: "this is no file", remedy: "remove it or give it another name" },
  "too large": { what: `the file is larger than ${FILE_BYTES} bytes`, remedy: "split it" },
  "not text": { what: "", remedy: "save the file as UTF-8" },
} as const;
