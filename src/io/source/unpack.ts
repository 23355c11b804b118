/**
 * A compressed part of a log → what comes after a place in it.
 *
 * Unpacks beside the event loop and keeps only what is still to be read. Knows gzip and zstd; what else a rotation may use is no text
 * and is left alone.
 */
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import type * as Zlib from "node:zlib";
import { PROOF_BYTES } from "../../core/line/index.ts";
import type { Earlier } from "./earlier.ts";
import { bytesBefore, digestOfFirstLine, tailDigest, type Part } from "./part.ts";

/** Unpacked bytes of one part that are kept; of more, the last are kept and the loss is said. */
const REST_LIMIT = 64 * 1_048_576;
/** Packed bytes from which the first line is read. */
const HEAD_BYTES = 65_536;
/** Unpacked bytes among which the first line must end. */
const HEAD_LIMIT = 16 * 1_048_576;

/** Loaded with the first packed log: most servers start where they left off, and it is a fifth of a megabyte. */
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib");

export interface Packing {
  readonly open: () => NodeJS.ReadWriteStream;
  readonly head: (bytes: Buffer) => Buffer;
}

const PACKINGS: Readonly<Record<string, Packing>> = {
  ".gz": {
    open: () => zlib().createGunzip(),
    head: (bytes) =>
      zlib().gunzipSync(bytes, { finishFlush: zlib().constants.Z_SYNC_FLUSH, maxOutputLength: HEAD_LIMIT }),
  },
  ".zst": {
    open: () => zlib().createZstdDecompress(),
    head: (bytes) =>
      zlib().zstdDecompressSync(bytes, { finishFlush: zlib().constants.ZSTD_e_flush, maxOutputLength: HEAD_LIMIT }),
  },
};

/** How the file is packed, by its name; null: it is not. */
export function packingOf(path: string): Packing | null {
  return PACKINGS[extname(path)] ?? null;
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
    await pipeline(bytesOf(earlier.file), packing.open(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) rest.add(chunk);
    });
  } catch {
    return null;
  } finally {
    earlier.file.close();
  }
  const part = new RestPart(earlier, rest);
  if (rest.lost > 0) return { part, offset: part.firstWholeLine(), lost: rest.lost };
  const before = bytesBefore(part, earlier.offset);
  const isIt = before !== null && (earlier.tail === null || earlier.tail === tailDigest(before));
  return isIt ? { part, offset: earlier.offset, lost: 0 } : null;
}

async function* bytesOf(file: Part): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const bytes = Buffer.alloc(HEAD_BYTES);
    const got = file.read(bytes, bytes.length, at);
    if (got === 0) return;
    at += got;
    yield bytes.subarray(0, got);
  }
}

/** Digest of the first line inside; "" when it cannot be had. */
export function headHash(file: Part, kind: "sha1" | "md5"): string {
  const packing = packingOf(file.path);
  const bytes = Buffer.alloc(HEAD_BYTES);
  try {
    const packed = bytes.subarray(0, file.read(bytes, bytes.length, 0));
    return packing === null ? "" : digestOfFirstLine(packing.head(packed), kind);
  } catch {
    return "";
  }
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

  mtime(): number {
    return 0;
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
