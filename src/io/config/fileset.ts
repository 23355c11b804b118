/**
 * Stage: a configuration's name → its files in order, includes and all, merged into one book (config-cli.md §1.1, §1.2).
 *
 * What cannot be read is reported; what an include names and is not there is passed over.
 */
import { trimBlanks, type Place } from "../../base/index.ts";
import { Unreadable, directoryOf, joinPath, type Options, type Sheet } from "./files.ts";
import { interpolate } from "./interpolate.ts";
import { INCLUDE_DEPTH, INCLUDED_FILES } from "./limits.ts";
import { bookOf, type Book } from "./merge.ts";
import { isNamed, kindAt, namesIn, sheetOf, type Includes, type Shelf } from "./shelf.ts";

export interface FileSet {
  readonly book: Book;
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
  const known = store.books.get(stem);
  if (known !== undefined) return { book: known, missed: [] };
  const { sheets, missed } = readListed(store, filesOf(store, stem));
  if (sheets.length === 0 && missed.length === 0)
    throw new Unreadable(
      refusal,
      asked,
      `there is no file ${stem}.conf or ${stem}.local: correct the name or create one`,
    );
  const book = bookOf(sheets);
  if (missed.length === 0) store.books.set(stem, book);
  return { book, missed };
}

/** These files with what they include, in the order in which they are merged. */
export function readListed(
  store: Shelf,
  listed: readonly string[],
): { readonly sheets: readonly Sheet[]; readonly missed: readonly Unreadable[] } {
  const order: string[] = [];
  gather(store, listed, [], order);
  const sheets = order.flatMap((path) => sheetOf(store, path) ?? []);
  const missed = store.missed.size === 0 ? [] : order.flatMap((path) => store.missed.get(path)?.why ?? []);
  return { sheets, missed };
}

/** `N.conf`, `N.d/*.conf`, `N.local`, `N.d/*.local`: those that are there. */
function filesOf(store: Shelf, stem: string): string[] {
  if (kindAt(store, `${stem}.d`) !== "directory")
    return [`${stem}.conf`, `${stem}.local`].filter((path) => isNamed(store, path));
  const dropIns = [...namesIn(store, `${stem}.d`)].toSorted();
  const below = (ending: string): string[] =>
    dropIns.filter((name) => name.endsWith(ending) && !name.startsWith(".")).map((name) => `${stem}.d/${name}`);
  const all = [`${stem}.conf`, ...below(".conf"), `${stem}.local`, ...below(".local")];
  return all.filter((path) => isNamed(store, path));
}

/** @param chain files that led here: none of them is included again */
function gather(store: Shelf, list: readonly string[], chain: readonly string[], order: string[]): void {
  for (const path of withLocals(store, list)) {
    if (chain.length > 0 && isAbsent(store, path)) continue;
    if (chain.length >= INCLUDE_DEPTH || order.length >= INCLUDED_FILES)
      throw new Unreadable(
        `more than ${INCLUDED_FILES} files are included, or more than ${INCLUDE_DEPTH} each from another`,
        { file: path, line: 1 },
        "look for files that include each other",
      );
    const sheet = sheetOf(store, path);
    const { before, after } = sheet === null ? NOTHING : includesOf(store, sheet);
    if (before.length > 0) gather(store, wanted(path, before, chain), [...chain, path], order);
    order.push(path);
    if (after.length > 0) gather(store, wanted(path, after, chain), [...chain, path], order);
  }
}

/** Each file is followed by its `.local` sister, unless the list has it anyway. */
function withLocals(store: Shelf, list: readonly string[]): string[] {
  const out: string[] = [];
  for (const path of list) {
    out.push(path);
    const local = localOf(path);
    if (!list.includes(local) && !out.includes(local) && isNamed(store, local)) out.push(local);
  }
  return out;
}

/** The same name with another ending. */
function localOf(path: string): string {
  const dot = path.lastIndexOf(".");
  return `${dot > path.lastIndexOf("/") ? path.slice(0, dot) : path}.local`;
}

function wanted(from: string, names: readonly string[], chain: readonly string[]): string[] {
  return names.map((name) => joinPath(directoryOf(from), name)).filter((path) => !chain.includes(path));
}

/** Only of what an include names: it may be missing, or closed to the reader. */
function isAbsent(store: Shelf, path: string): boolean {
  return !isNamed(store, path) || (sheetOf(store, path) === null && store.missed.get(path)?.closed !== false);
}

const NOTHING: Includes = { before: [], after: [] };

const NOTHING_KNOWN: ReadonlyMap<string, Options> = new Map();

function includesOf(store: Shelf, sheet: Sheet): Includes {
  if (!sheet.sections.has("INCLUDES")) return NOTHING;
  const known = store.includes.get(sheet.path);
  if (known !== undefined) return known;
  const lookup = { defaults: sheet.defaults, sections: sheet.sections, known: NOTHING_KNOWN };
  const names = (option: string): string[] => {
    const lines = interpolate(lookup, "INCLUDES", option)?.text.split("\n") ?? [];
    return lines.map(trimBlanks).filter((name) => name !== "");
  };
  const includes = { before: names("before"), after: names("after") };
  store.includes.set(sheet.path, includes);
  return includes;
}
