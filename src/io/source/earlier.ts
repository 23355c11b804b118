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

interface Candidate {
  readonly path: string;
  readonly mtime: number;
  readonly id: string;
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
  for (const candidate of candidatesOf(path, since)) {
    // What came after one that is still to be read is found when that one is done.
    if (known.ids.includes(candidate.id)) younger.length = 0;
    const offset = known.ids.includes(candidate.id) ? undefined : offsetIn(candidate, mark);
    if (offset === undefined) continue;
    if (offset === null) {
      younger.push(candidate);
      continue;
    }
    const itself = openEarlier(candidate, offset, tail);
    return [...(itself === null ? [] : [itself]), ...openAll(younger, [mark.hash, known.present])];
  }
  return null;
}

/** @returns what came after a part that was read and before the one that `path` leads to now. */
export function findBetween(
  path: string,
  former: { readonly id: string; readonly hash: string },
  known: Known,
): Earlier[] {
  const younger: Candidate[] = [];
  for (const candidate of candidatesOf(path, null)) {
    if (candidate.id === former.id || hashOf(candidate) === former.hash)
      return openAll(younger, [former.hash, known.present]);
    if (!known.ids.includes(candidate.id)) younger.push(candidate);
  }
  return [];
}

function hashOf(candidate: Candidate, kind: "sha1" | "md5" = "sha1"): string {
  const opened = openPart(candidate.path);
  if (!("part" in opened)) return "";
  const hash = candidate.packed === null ? opened.part.hash(kind) : headHash(opened.part, kind);
  opened.part.close();
  return hash;
}

/** Oldest first; without those that hold what was read already, as a copy does, and those that people lay aside by hand. */
function openAll(youngestFirst: readonly Candidate[], read: readonly string[]): Earlier[] {
  const numbered = youngestFirst.filter(({ path }) => !/(?:\.old|\.bak|~)(?:\.gz|\.zst)?$/.test(path));
  const opened = numbered.toReversed().flatMap((candidate) => openEarlier(candidate, 0, null) ?? []);
  const isNew = ({ hash }: Earlier): boolean => hash !== "" && !read.includes(hash);
  for (const found of opened) if (!isNew(found)) found.file.close();
  return opened.filter(isNew);
}

/** Opened at once: before it is unpacked another rotation may give it another name. */
function openEarlier({ path, packed }: Candidate, offset: number, tail: string | null): Earlier | null {
  const opened = openPart(path);
  if (!("part" in opened)) return null;
  const file = opened.part;
  const hash = packed === null ? file.hash() : headHash(file, "sha1");
  return { path, offset, hash, tail, file, part: packed === null ? file : null };
}

/** Rotated files of this log, youngest first. */
function candidatesOf(path: string, since: number | null): Candidate[] {
  const folder = dirname(path);
  const isRotated = rotatedName(basename(path));
  const names = listFolder(folder, FOLDER_LIMIT).filter((name) => isRotated.test(name));
  const found = names
    .flatMap((name) => candidateOf(join(folder, name)) ?? [])
    .filter(({ mtime }) => since === null || mtime >= since);
  // While a part is being packed both are there, and the packed one is not whole.
  const paths = new Set(found.map((candidate) => candidate.path));
  const whole = found.filter(({ path, packed }) => packed === null || !paths.has(path.slice(0, -extname(path).length)));
  return whole.sort(byAge).slice(0, PARTS_LIMIT);
}

/** Youngest first; of equal times, which a quick rotation gives, `.1` before `.2`. */
function byAge(a: Candidate, b: Candidate): number {
  return b.mtime - a.mtime || a.path.localeCompare(b.path, "en", { numeric: true });
}

function candidateOf(path: string): Candidate | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  return {
    path,
    mtime: Number(stat.mtimeNs) / 1e9,
    id: `${stat.dev}:${stat.ino}`,
    packed: packingOf(path),
  };
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
  if (mark.hash === "") return proof !== null && candidate.id === proof.id ? 0 : null;
  const kind = mark.hash.length === 32 ? "md5" : "sha1";
  if (candidate.packed !== null) return hashOf(candidate, kind) === mark.hash ? mark.offset : null;
  const opened = openPart(candidate.path);
  if (!("part" in opened)) return null;
  const { part } = opened;
  const before = part.hash(kind) === mark.hash && part.size() >= mark.offset ? bytesBefore(part, mark.offset) : null;
  part.close();
  const isIt = before !== null && (proof === null || proof.tail === tailDigest(before));
  return isIt ? mark.offset : null;
}
