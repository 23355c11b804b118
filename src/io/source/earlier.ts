/**
 * The parts of a log that were rotated away before they were read to their end: `auth.log.1`, `auth.log.2.gz`, `access-20261122.log`.
 *
 * The original loses their last lines when it is not running during a rotation. The part in which the bookmark lies is known by
 * its first line's digest and by the bytes before the bookmark; parts younger than it are unread as a whole. What is compressed
 * is unpacked beside the event loop, and only what comes after the bookmark is kept.
 */
import { createReadStream, opendirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync, constants as zlib } from "node:zlib";
import { parseProof, PROOF_BYTES, type Bookmark } from "../../core/line/index.ts";
import { bytesBefore, digestOfFirstLine, openPart, tailDigest, type Part } from "./part.ts";

/** Rotated parts looked at; older ones are left alone. */
const PARTS_LIMIT = 20;
/** Entries of the log's folder looked at. */
const FOLDER_LIMIT = 10_000;
/** Unpacked bytes of one part that are kept; of more, the last are kept and the loss is said. */
const REST_LIMIT = 64 * 1_048_576;
/** Packed bytes from which the first line is read. */
const HEAD_BYTES = 65_536;
/** Unpacked bytes among which the first line must end. */
const HEAD_LIMIT = 16 * 1_048_576;

export interface Earlier {
  readonly path: string;
  /** Where to go on in it. */
  readonly offset: number;
  /** Digest of its first line. */
  readonly hash: string;
  /** Digest of the bytes before the offset; null when it is not known. */
  readonly tail: string | null;
  /** Opened, or null when it has to be unpacked first. */
  readonly part: Part | null;
}

interface Candidate {
  readonly path: string;
  readonly mtime: number;
  readonly id: string;
  readonly packed: Packing | null;
}

interface Packing {
  readonly open: () => NodeJS.ReadWriteStream;
  readonly head: (bytes: Buffer) => Buffer;
}

const PACKINGS: Readonly<Record<string, Packing>> = {
  ".gz": {
    open: () => createGunzip(),
    head: (bytes) => gunzipSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: HEAD_LIMIT }),
  },
  ".zst": {
    open: () => createZstdDecompress(),
    head: (bytes) => zstdDecompressSync(bytes, { finishFlush: zlib.ZSTD_e_flush, maxOutputLength: HEAD_LIMIT }),
  },
};

/**
 * @param mark a place in a file that `path` does not lead to any more
 * @param since parts not written to since then are of no use; null: all are
 * @returns the parts to finish, oldest first; empty when the bookmark's part is gone
 */
export function findEarlier(path: string, mark: Bookmark, since: number | null): Earlier[] {
  const found: Earlier[] = [];
  for (const candidate of candidatesOf(path, since)) {
    const offset = offsetIn(candidate, mark);
    const opened = candidate.packed === null ? openPart(candidate.path) : null;
    const part = opened !== null && "part" in opened ? opened.part : null;
    const hash = part === null ? headHash(candidate, "sha1") : part.hash();
    const tail = offset === null || offset === 0 ? null : (parseProof(mark.proof)?.tail ?? null);
    if (part !== null || candidate.packed !== null) found.unshift({ path: candidate.path, offset: offset ?? 0, hash, tail, part });
    if (offset !== null) return found;
  }
  for (const { part } of found) part?.close();
  return [];
}

export interface Unpacked {
  readonly part: Part;
  /** Where to go on: that of the request, or the first whole line behind what was left out. */
  readonly offset: number;
  readonly lost: number;
}

/** Unpacks what comes after the offset. @returns null when the part is not what it was taken for, or is damaged. */
export async function unpackRest(earlier: Earlier): Promise<Unpacked | null> {
  const packing = PACKINGS[extname(earlier.path)];
  if (packing === undefined) return null;
  const rest = new Rest(earlier.offset);
  try {
    await pipeline(createReadStream(earlier.path), packing.open(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) rest.add(chunk);
    });
  } catch {
    return null;
  }
  const part = new RestPart(earlier, rest);
  if (rest.lost > 0) return { part, offset: part.firstWholeLine(), lost: rest.lost };
  const before = bytesBefore(part, earlier.offset);
  const isIt = before !== null && (earlier.tail === null || earlier.tail === tailDigest(before));
  return isIt ? { part, offset: earlier.offset, lost: 0 } : null;
}

/** Rotated files of this log, youngest first. */
function candidatesOf(path: string, since: number | null): Candidate[] {
  const [folder, name] = [dirname(path), basename(path)];
  const isRotated = rotatedName(name);
  const found: Candidate[] = [];
  try {
    const entries = opendirSync(folder);
    try {
      for (let i = 0, entry = entries.readSync(); entry !== null && i < FOLDER_LIMIT; entry = entries.readSync(), i += 1) {
        const candidate = isRotated.test(entry.name) ? candidateOf(join(folder, entry.name)) : null;
        if (candidate !== null && (since === null || candidate.mtime >= since)) found.push(candidate);
      }
    } finally {
      entries.closeSync();
    }
  } catch {
    return [];
  }
  return found.sort(byAge).slice(0, PARTS_LIMIT);
}

/** Youngest first; of equal times, which a quick rotation gives, `.1` before `.2`. */
function byAge(a: Candidate, b: Candidate): number {
  return b.mtime - a.mtime || a.path.localeCompare(b.path, "en", { numeric: true });
}

function candidateOf(path: string): Candidate | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  return { path, mtime: Number(stat.mtimeNs) / 1e9, id: `${stat.dev}:${stat.ino}`, packed: PACKINGS[extname(path)] ?? null };
}

/** `auth.log.1`, `auth.log.2.gz`, `auth.log-20261122`, `auth-20261122.log.gz`, `auth.log.old`. */
function rotatedName(name: string): RegExp {
  const quote = (text: string): string => text.replaceAll(/[^\w]/g, "\\$&");
  const [stem, extension] = [name.slice(0, name.length - extname(name).length), extname(name)];
  const middle = extension === "" ? "" : `|${quote(stem)}[-._]\\d[-\\w.]*${quote(extension)}`;
  return new RegExp(`^(?:${quote(name)}(?:[-._]\\d[-\\w]*|\\.old|\\.bak|~)${middle})(?:\\.gz|\\.zst)?$`);
}

/** @returns the bookmark's place in this candidate, or null when it lies in another. */
function offsetIn(candidate: Candidate, mark: Bookmark): number | null {
  const proof = parseProof(mark.proof);
  if (mark.hash === "") return proof !== null && candidate.id === proof.id ? 0 : null;
  const kind = mark.hash.length === 32 ? "md5" : "sha1";
  if (candidate.packed !== null) return headHash(candidate, kind) === mark.hash ? mark.offset : null;
  const opened = openPart(candidate.path);
  if (!("part" in opened)) return null;
  const { part } = opened;
  const before = part.hash(kind) === mark.hash && part.size() >= mark.offset ? bytesBefore(part, mark.offset) : null;
  part.close();
  const isIt = before !== null && (proof === null || proof.tail === tailDigest(before));
  return isIt ? mark.offset : null;
}

function headHash(candidate: Candidate, kind: "sha1" | "md5"): string {
  try {
    const packed = readHead(candidate.path);
    return digestOfFirstLine(candidate.packed?.head(packed) ?? packed, kind);
  } catch {
    return "";
  }
}

function readHead(path: string): Buffer {
  const opened = openPart(path);
  if (!("part" in opened)) return Buffer.alloc(0);
  const bytes = Buffer.alloc(HEAD_BYTES);
  const got = opened.part.read(bytes, bytes.length, 0);
  opened.part.close();
  return bytes.subarray(0, got);
}

/** Unpacked bytes behind an offset, in order; the oldest make room. */
class Rest {
  readonly offset: number;
  lost = 0;
  #seen = 0;
  #held = 0;
  readonly #chunks: Buffer[] = [];

  constructor(offset: number) {
    this.offset = Math.max(0, offset - PROOF_BYTES);
  }

  add(chunk: Buffer): void {
    const skip = Math.min(chunk.length, Math.max(0, this.offset - this.#seen));
    this.#seen += chunk.length;
    if (skip === chunk.length) return;
    // The stream uses its buffers again.
    this.#chunks.push(Buffer.from(chunk.subarray(skip)));
    this.#held += chunk.length - skip;
    while (this.#held > REST_LIMIT) {
      const oldest = this.#chunks.shift()?.length ?? 0;
      this.#held -= oldest;
      this.lost += oldest;
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Positions are those of the unpacked file. */
class RestPart implements Part {
  readonly path: string;
  readonly id = "0:0";
  readonly ino = 0n;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #hash: string;

  constructor(earlier: Earlier, rest: Rest) {
    this.path = earlier.path;
    this.#hash = earlier.hash;
    this.#bytes = rest.bytes;
    this.#start = rest.offset + rest.lost;
  }

  firstWholeLine(): number {
    return this.#start + this.#bytes.indexOf(10) + 1;
  }

  size(): number {
    return this.#start + this.#bytes.length;
  }

  isGrowing(): boolean {
    return false;
  }

  isDeleted(): boolean {
    return false;
  }

  isClosed(): boolean {
    return false;
  }

  read(buffer: Buffer, length: number, position: number): number {
    const from = position - this.#start;
    return from < 0 ? 0 : this.#bytes.copy(buffer, 0, from, from + length);
  }

  hash(): string {
    return this.#hash;
  }

  close(): void {}
}
