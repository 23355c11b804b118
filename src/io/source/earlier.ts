/**
 * The parts of a log that were rotated away before they were read to their end: `auth.log.1`, `auth.log.2.gz`, `access-20261122.log`.
 *
 * The original loses their last lines when it is not running during a rotation. The part in which the bookmark lies is known by
 * its first line's digest and by the bytes before the bookmark; parts younger than it are unread as a whole. What is compressed is only
 * found here: `unpack` reads it.
 */
import { statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { parseProof, type Bookmark } from "../../core/line/index.ts";
import { listFolder } from "./folder.ts";
import { bytesBefore, openPart, tailDigest, type Part } from "./part.ts";
import { headHash, packingOf, type Packing } from "./unpack.ts";

/** Rotated parts looked at; older ones are left alone. */
const PARTS_LIMIT = 20;
/** Entries of the log's folder looked at. */
const FOLDER_LIMIT = 10_000;

export interface Earlier {
  readonly path: string;
  /** Where to go on in it. */
  readonly offset: number;
  /** Digest of its first line. */
  readonly hash: string;
  /** Digest of the bytes before the offset; null when it is not known. */
  readonly tail: string | null;
  /** Opened as it is. */
  readonly file: Part;
  /** The same, or null when it has to be unpacked first. */
  readonly part: Part | null;
}

export interface Known {
  /** Device and inode of the open ones. */
  readonly ids: readonly string[];
  /** Digest of the first line of the file that the path leads to now. */
  readonly present: string;
}

/** A rotated file, opened: while it is looked at another rotation may give its name to another. */
interface Candidate {
  readonly file: Part;
  readonly mtime: number;
  readonly packed: Packing | null;
}

/**
 * @param mark a place in a file that `path` does not lead to any more
 * @param since parts not written to since then are of no use; null: all are
 * @param known files that are being read anyway: a copy of them is no part of its own
 * @returns the parts to finish, oldest first; empty when the bookmark's part is gone
 */
export function findEarlier(path: string, mark: Bookmark, since: number | null, known: Known): Earlier[] {
  // A rotation under way gives names to other files while they are looked at: then the second look finds it.
  return lookForEarlier(path, mark, since, known) ?? lookForEarlier(path, mark, since, known) ?? [];
}

function lookForEarlier(path: string, mark: Bookmark, since: number | null, known: Known): Earlier[] | null {
  const tail = mark.offset === 0 ? null : (parseProof(mark.proof)?.tail ?? null);
  const younger: Candidate[] = [];
  const candidates = candidatesOf(path, since);
  for (const candidate of candidates) {
    if (known.ids.includes(candidate.file.id)) {
      // What came after one that is still to be read is found when that one is done.
      younger.length = 0;
      continue;
    }
    const offset = offsetIn(candidate, mark);
    if (offset === null) younger.push(candidate);
    else return keep(candidates, [earlierOf(candidate, offset, tail), ...unread(younger, [mark.hash, known.present])]);
  }
  keep(candidates, []);
  return null;
}

/**
 * @param before device and inode of a rotated file; null: the file that `path` leads to now
 * @returns what came after a part that was read and before that file; nothing when that file is not found where it should be
 */
export function findBetween(
  path: string,
  former: { readonly id: string; readonly hash: string },
  known: Known,
  before: string | null,
): Earlier[] {
  const younger: Candidate[] = [];
  const candidates = candidatesOf(path, null);
  let isBefore = before === null;
  for (const candidate of candidates) {
    if (candidate.file.id === before) isBefore = true;
    else if (candidate.file.id === former.id || hashOf(candidate) === former.hash)
      return keep(candidates, unread(younger, [former.hash, known.present]));
    else if (isBefore && !known.ids.includes(candidate.file.id)) younger.push(candidate);
  }
  return keep(candidates, []);
}

/** Closes all candidates but those that are of use. */
function keep(candidates: readonly Candidate[], found: readonly Earlier[]): Earlier[] {
  const used = new Set(found.map(({ file }) => file));
  for (const { file } of candidates) if (!used.has(file)) file.close();
  return [...found];
}

/** Oldest first; without those that hold what was read already, as a copy does, and those that people lay aside by hand. */
function unread(youngestFirst: readonly Candidate[], read: readonly string[]): Earlier[] {
  const numbered = youngestFirst.filter(({ file }) => !/(?:\.old|\.bak|~)(?:\.gz|\.zst)?$/.test(file.path));
  const found = numbered.toReversed().map((candidate) => earlierOf(candidate, 0, null));
  return found.filter(({ hash }) => hash !== "" && !read.includes(hash));
}

function earlierOf(candidate: Candidate, offset: number, tail: string | null): Earlier {
  const { file, packed } = candidate;
  return { path: file.path, offset, hash: hashOf(candidate), tail, file, part: packed === null ? file : null };
}

function hashOf({ file, packed }: Candidate, kind: "sha1" | "md5" = "sha1"): string {
  return packed === null ? file.hash(kind) : headHash(file, kind);
}

/** Rotated files of this log, youngest first. */
function candidatesOf(path: string, since: number | null): Candidate[] {
  const folder = dirname(path);
  const isRotated = rotatedName(basename(path));
  const names = listFolder(folder, FOLDER_LIMIT).filter((name) => isRotated.test(name));
  const paths = new Set(names.map((name) => join(folder, name)));
  // While a part is being packed both are there, and the packed one is not whole.
  const whole = [...paths].filter(
    (name) => packingOf(name) === null || !paths.has(name.slice(0, -extname(name).length)),
  );
  const youngest = whole
    .map((name) => ({ name, mtime: mtimeOf(name) }))
    .filter(({ mtime }) => since === null || mtime >= since);
  const opened = youngest
    .sort((a, b) => b.mtime - a.mtime)
    .slice(0, PARTS_LIMIT)
    .flatMap(({ name }) => open(name) ?? []);
  // Renamed while the folder was listed, a file may be there under both names.
  const once = opened.filter(({ file }, i) => opened.findIndex((other) => other.file.id === file.id) === i);
  for (const { file } of opened) if (!once.some((candidate) => candidate.file === file)) file.close();
  return once.sort(byAge);
}

function mtimeOf(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) / 1000;
}

function open(path: string): Candidate | null {
  const opened = openPart(path);
  return "part" in opened ? { file: opened.part, mtime: opened.part.mtime(), packed: packingOf(path) } : null;
}

/** Youngest first; of equal times, which a quick rotation gives, `.1` before `.2`. */
function byAge(a: Candidate, b: Candidate): number {
  return b.mtime - a.mtime || a.file.path.localeCompare(b.file.path, "en", { numeric: true });
}

/** `auth.log.1`, `auth.log.2.gz`, `auth.log-20261122`, `auth-20261122.log.gz`, `auth.log.old`. */
function rotatedName(name: string): RegExp {
  const quote = (text: string): string => text.replaceAll(/[^\w]/g, "\\$&");
  const [stem, extension] = [name.slice(0, name.length - extname(name).length), extname(name)];
  // `access-1.log` may well be another log; `access-20261122.log` is not.
  const middle = extension === "" ? "" : `|${quote(stem)}[-._]\\d{4}[-._]?\\d\\d[-\\w.]*${quote(extension)}`;
  return new RegExp(`^(?:${quote(name)}(?:[-._]\\d[-\\w]*|\\.old|\\.bak|~)${middle})(?:\\.gz|\\.zst)?$`);
}

/** @returns the bookmark's place in this candidate, or null when it lies in another. */
function offsetIn(candidate: Candidate, mark: Bookmark): number | null {
  const proof = parseProof(mark.proof);
  const { file, packed } = candidate;
  if (mark.hash === "") return proof !== null && file.id === proof.id ? 0 : null;
  if (hashOf(candidate, mark.hash.length === 32 ? "md5" : "sha1") !== mark.hash) return null;
  if (packed !== null) return mark.offset;
  const before = file.size() < mark.offset ? null : bytesBefore(file, mark.offset);
  const isIt = before !== null && (proof === null || proof.tail === tailDigest(before));
  return isIt ? mark.offset : null;
}
