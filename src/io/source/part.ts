/**
 * One file of a log, opened: the present one, a rotated one, or what is left of a compressed one.
 *
 * Opens only regular files and never waits for one (THREATS: a log replaced by a FIFO). Reads where it is told; knows nothing
 * of lines but the digest of the first.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type BigIntStats } from "node:fs";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { PROOF_BYTES } from "../../core/line/index.ts";

/** A first line longer than this gives no digest: such a log starts again from its beginning after a restart. */
const FIRST_LINE_LIMIT = 1_048_576;

export interface Part {
  readonly path: string;
  /** Device and inode; "" when it is closed, for then another file may have them. */
  readonly id: string;
  readonly ino: bigint;
  size(): number;
  /** When it was last written to, in seconds. */
  mtime(): number;
  /** Whether somebody may still write into it. */
  isGrowing(): boolean;
  /** No name leads to it any more. */
  isDeleted(): boolean;
  isClosed(): boolean;
  /** @returns how many bytes were put to the buffer's start; 0 at the end. */
  read(buffer: Buffer, length: number, position: number): number;
  /** Digest of the first line as it is now; "" while that line is not whole. */
  hash(kind?: "sha1" | "md5"): string;
  close(): void;
}

/** What a path leads to; `reason` says why it cannot be read, null: there is nothing. */
export type Opened = { readonly part: Part } | { readonly reason: string | null };

export function openPart(path: string): Opened {
  try {
    // A FIFO must not even be opened: that alone would wake its writer.
    const refused = refuse(statSync(path, { bigint: true }));
    if (refused !== null) return { reason: refused };
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(fd, { bigint: true });
    const changed = refuse(stat);
    if (changed === null) return { part: new OpenFile(path, fd, stat) };
    closeSync(fd);
    return { reason: changed };
  } catch (cause) {
    return { reason: troubleOf(cause) };
  }
}

/** Digest of the bytes before a place, for a bookmark's proof. */
export function tailDigest(bytes: Uint8Array): string {
  return bytes.length === 0 ? "" : bytesToHex(sha1(bytes)).slice(0, 16);
}

/** The last bytes before `offset`, at most PROOF_BYTES; null when the part is shorter than `offset`. */
export function bytesBefore(part: Part, offset: number): Buffer | null {
  const length = Math.min(PROOF_BYTES, offset);
  const bytes = Buffer.alloc(length);
  return part.read(bytes, length, offset - length) === length ? bytes : null;
}

/** Why the file system refused; null when there is simply no such file. */
export function troubleOf(cause: unknown): string | null {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (code === "ENOENT" || code === "ENOTDIR") return null;
  return code === "EACCES" || code === "EPERM"
    ? "permission denied"
    : code === "ELOOP"
      ? "a circle of symbolic links"
      : code;
}

/** Not Node's: with it comes a third of a megabyte of cryptography, and as much again of OpenSSL's, for as long as a server runs. */
const DIGESTS = { sha1, md5 } as const;

export function digestOfFirstLine(bytes: Buffer, kind: "sha1" | "md5"): string {
  const end = bytes.indexOf(10);
  return end < 0 ? "" : bytesToHex(DIGESTS[kind](bytes.subarray(0, end + 1)));
}

class OpenFile implements Part {
  readonly path: string;
  readonly ino: bigint;
  readonly #id: string;
  #fd: number;

  constructor(path: string, fd: number, stat: BigIntStats) {
    this.path = path;
    this.#id = `${stat.dev}:${stat.ino}`;
    this.ino = stat.ino;
    this.#fd = fd;
  }

  get id(): string {
    return this.#fd < 0 ? "" : this.#id;
  }

  size(): number {
    return this.#fd < 0 ? 0 : fstatSync(this.#fd).size;
  }

  mtime(): number {
    return this.#fd < 0 ? 0 : Number(fstatSync(this.#fd, { bigint: true }).mtimeNs) / 1e9;
  }

  isGrowing(): boolean {
    return this.#fd >= 0;
  }

  isDeleted(): boolean {
    return this.#fd >= 0 && fstatSync(this.#fd).nlink === 0;
  }

  isClosed(): boolean {
    return this.#fd < 0;
  }

  read(buffer: Buffer, length: number, position: number): number {
    if (this.#fd < 0) return 0;
    let got = 0;
    while (got < length) {
      const bytes = readSync(this.#fd, buffer, got, length - got, position + got);
      if (bytes === 0) break;
      got += bytes;
    }
    return got;
  }

  hash(kind: "sha1" | "md5" = "sha1"): string {
    for (let size = 4096; ; size *= 16) {
      const bytes = Buffer.alloc(Math.min(size, FIRST_LINE_LIMIT));
      const got = this.read(bytes, bytes.length, 0);
      const digest = digestOfFirstLine(bytes.subarray(0, got), kind);
      if (digest !== "" || got < bytes.length || size >= FIRST_LINE_LIMIT) return digest;
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

function refuse(stat: BigIntStats): string | null {
  if (stat.isFile()) return null;
  if (stat.isDirectory()) return "it is a directory";
  if (stat.isFIFO()) return "it is a FIFO, not a regular file";
  return "it is not a regular file";
}
