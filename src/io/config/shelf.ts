/**
 * Stage: one file → its parsed sheet, read and parsed once however many filters and jails need it.
 *
 * Remembers within one reading of the configuration what directories contain: a hundred jails ask for the same few.
 */
import { isAscii, isUtf8 } from "node:buffer";
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
  const names = namesIn(store, directoryOf(path));
  return names.size > 0 ? names.has(path.slice(path.lastIndexOf("/") + 1)) : store.files.kind(path) !== "missing";
}

/** What is at a path; asked of the directory's names first, for most of what is looked for is not there. */
export function kindAt(store: Shelf, path: string): ReturnType<Files["kind"]> {
  return isNamed(store, path) ? store.files.kind(path) : "missing";
}

export function namesIn(store: Shelf, directory: string): ReadonlySet<string> {
  const known = store.listings.get(directory);
  if (known !== undefined) return known;
  const names = new Set(store.files.list(directory === "" ? "." : directory));
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
  const at = { file: path, line: 1 };
  if (!file.ok) {
    const { what, remedy } = REASONS[file.reason];
    const closed = file.reason === "denied" || file.reason === "not a file";
    if (file.reason !== "missing") store.missed.set(path, { why: new Unreadable(what, at, remedy), closed });
    return null;
  }
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (isUtf8(bytes)) return bytes.toString(isAscii(bytes) ? "latin1" : "utf8"); // latin1: one byte a character, which is searched faster
  const { line, byte } = firstBadByte(bytes);
  const what = `Error decoding config file '${path}': the byte 0x${byte.toString(16)} is not UTF-8`;
  const why = new Unreadable(what, { file: path, line }, "save the file as UTF-8");
  store.missed.set(path, { why, closed: false });
  return null;
}

const REASONS = {
  missing: { what: "the file is not there", remedy: "create it" },
  denied: { what: "the file cannot be opened", remedy: "give root the right to read it" },
  "not a file": { what: "this is no file", remedy: "remove it or give it another name" },
  "too large": { what: `the file is larger than ${FILE_BYTES} bytes`, remedy: "split it" },
} as const;

/** The first line that does not decode alone holds the mistake: no character spans a line end. */
function firstBadByte(bytes: Uint8Array): { line: number; byte: number } {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(part);
    const at = text.indexOf("\ufffd");
    if (at >= 0) return { line, byte: part[new TextEncoder().encode(text.slice(0, at)).length] ?? 0 };
    from = end < 0 ? bytes.length : end + 1;
  }
  return { line: 1, byte: 0 };
}
