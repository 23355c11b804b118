/**
 * Stage: a configuration's name → the ordered list of its files, includes and all, parsed (config-cli.md §1.1, §1.2).
 *
 * Does not merge them. What cannot be read is reported; what an include names and is not there is passed over.
 */
import { trimBlanks, type Place } from "../../base/index.ts";
import { Unreadable, directoryOf, joinPath, type Files, type Sheet } from "./files.ts";
import { interpolate } from "./interpolate.ts";
import { FILE_BYTES, INCLUDE_DEPTH, INCLUDED_FILES } from "./limits.ts";
import { bookOf } from "./merge.ts";
import { parseSheet } from "./sheet.ts";

/** Parsed files by path: one file is parsed once, however many filters include it. */
export interface Shelf {
  readonly files: Files;
  readonly sheets: Map<string, Sheet | Unreadable | null>;
  /** Files that are there and cannot be used, with the reason; each once. */
  readonly missed: Map<string, Unreadable>;
}

export function shelf(files: Files): Shelf {
  return { files, sheets: new Map(), missed: new Map() };
}

export interface FileSet {
  /** In the order in which they are merged. */
  readonly sheets: readonly Sheet[];
  /** Files of the set that exist but could not be read. */
  readonly missed: readonly Unreadable[];
}

/**
 * @param base directory of the configuration, `name` is `jail`, `filter.d/sshd` …
 * @param refusal what the original says when there is no file of that name, `asked` is where the name was written
 * @throws Unreadable for a file that the original refuses to parse, or when there are no files at all
 */
export function readFileSet(store: Shelf, base: string, name: string, asked: Place | null, refusal: string): FileSet {
  const stem = joinPath(base, name);
  const listed = filesOf(store.files, stem);
  if (listed.length === 0)
    throw new Unreadable(
      refusal,
      asked,
      `there is no file ${stem}.conf or ${stem}.local: correct the name or create one`,
    );
  const order: string[] = [];
  gather(store, listed, [], order);
  const sheets: Sheet[] = [];
  const missed: Unreadable[] = [];
  for (const path of order) {
    const sheet = sheetOf(store, path);
    if (sheet !== null) sheets.push(sheet);
    else missed.push(...miss(store, path));
  }
  return { sheets, missed };
}

/** `N.conf`, `N.d/*.conf`, `N.local`, `N.d/*.local`: those that are there. */
function filesOf(files: Files, stem: string): string[] {
  const dropIns = files
    .list(`${stem}.d`)
    .filter((name) => !name.startsWith("."))
    .toSorted();
  const below = (ending: string): string[] =>
    dropIns.filter((name) => name.endsWith(ending)).map((name) => `${stem}.d/${name}`);
  const all = [`${stem}.conf`, ...below(".conf"), `${stem}.local`, ...below(".local")];
  return all.filter((path) => !["missing", "dangling"].includes(files.kind(path)));
}

/** @param chain files that led here: none of them is included again */
function gather(store: Shelf, list: readonly string[], chain: readonly string[], order: string[]): void {
  for (const path of withLocals(store.files, list)) {
    if (chain.length > 0 && isAbsent(store.files, path)) continue;
    if (chain.length >= INCLUDE_DEPTH || order.length >= INCLUDED_FILES)
      throw new Unreadable(
        `more than ${INCLUDED_FILES} files are included, or more than ${INCLUDE_DEPTH} each from another`,
        { file: path, line: 1 },
        "look for files that include each other",
      );
    const sheet = sheetOf(store, path);
    const { before, after } = sheet === null ? NOTHING : includesOf(sheet);
    const next = [...chain, path];
    gather(store, wanted(path, before, chain), next, order);
    order.push(path);
    gather(store, wanted(path, after, chain), next, order);
  }
}

/** Each file is followed by its `.local` sister, unless the list has it anyway. */
function withLocals(files: Files, list: readonly string[]): string[] {
  const out: string[] = [];
  for (const path of list) {
    out.push(path);
    const local = path.replace(/\.[^./]*$/, "") + ".local";
    if (!list.includes(local) && !out.includes(local) && files.kind(local) === "file") out.push(local);
  }
  return out;
}

function wanted(from: string, names: readonly string[], chain: readonly string[]): string[] {
  return names.map((name) => joinPath(directoryOf(from), name)).filter((path) => !chain.includes(path));
}

/** Only of what an include names: it may be missing, or closed to the reader. */
function isAbsent(files: Files, path: string): boolean {
  const file = files.kind(path) === "file" ? files.read(path) : null;
  return file === null || (!file.ok && file.reason !== "too large");
}

const NOTHING = { before: [], after: [] };

function includesOf(sheet: Sheet): { before: readonly string[]; after: readonly string[] } {
  if (!sheet.sections.has("INCLUDES")) return NOTHING;
  const book = bookOf([sheet]);
  const names = (option: string): string[] => {
    const value = interpolate(book, "INCLUDES", option);
    return value === null
      ? []
      : value.text
          .split("\n")
          .map(trimBlanks)
          .filter((name) => name !== "");
  };
  return { before: names("before"), after: names("after") };
}

/** The parsed file; null when it is not there or cannot be read. */
function sheetOf(store: Shelf, path: string): Sheet | null {
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
    if (file.reason !== "missing") store.missed.set(path, new Unreadable(what, at, remedy));
    return null;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.bytes);
  } catch {
    const { line, byte } = firstBadByte(file.bytes);
    const what = `Error decoding config file '${path}': the byte 0x${byte.toString(16)} is not UTF-8`;
    store.missed.set(path, new Unreadable(what, { file: path, line }, "save the file as UTF-8"));
    return null;
  }
}

const REASONS = {
  missing: { what: "the file is not there", remedy: "create it" },
  denied: { what: "the file cannot be opened", remedy: "give root the right to read it" },
  "not a file": { what: "this is no file", remedy: "remove it or give it another name" },
  "too large": { what: `the file is larger than ${FILE_BYTES} bytes`, remedy: "split it" },
} as const;

function miss(store: Shelf, path: string): readonly Unreadable[] {
  const found = store.missed.get(path);
  return found === undefined ? [] : [found];
}

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
