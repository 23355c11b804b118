/**
 * Where reading stopped → where it goes on (engine.md §7.3, config-cli.md §9.5).
 *
 * A log is known by the digest of its first line, as in the database that fail2ban shares with us, so that either
 * program can go on where the other stopped. A proof of our own tells apart what that digest cannot: files that all begin
 * with the same header, and one that was truncated and has grown again. Opens no files, computes no digests.
 */

export interface Bookmark {
  /** SHA-1 of the raw first line with its end, in hex; 32 digits are an MD5; "" when the file had no whole line yet. */
  readonly hash: string;
  /** Bytes up to the end of the last whole line that was read. */
  readonly offset: number;
  /** Our own text, `printProof`; null in a position that the original wrote. */
  readonly proof: string | null;
}

export interface Proof {
  /** Device and inode. */
  readonly id: string;
  /** Digest of the bytes just before the offset; "" at offset 0. */
  readonly tail: string;
}

/** A file as it is found now. */
export interface FileFacts {
  readonly id: string;
  readonly size: number;
  /** Digest of its first line, of the kind that the bookmark has; "" when that line is not whole. */
  readonly hash: string;
  /** Digest of the bytes just before the bookmark's offset; null when the file is shorter. */
  readonly tail: string | null;
}

/** Bytes before the offset that the proof is made of. */
export const PROOF_BYTES = 64;

/** @returns where to go on in this file, or null when it is not (or no more) the file that the bookmark was put into. */
export function resume(mark: Bookmark, file: FileFacts): number | null {
  const proof = parseProof(mark.proof);
  if (mark.hash === "") return proof !== null && proof.id !== file.id ? null : 0;
  if (mark.hash !== file.hash || file.size < mark.offset) return null;
  if (proof !== null && mark.offset > 0 && proof.tail !== file.tail) return null;
  return mark.offset;
}

export function printProof(proof: Proof): string {
  return `${proof.id}/${proof.tail}`;
}

/** @returns null for text that is no proof: it then proves nothing. */
export function parseProof(text: string | null): Proof | null {
  const parts = text === null ? null : /^(\d+:\d+)\/([0-9a-f]*)$/.exec(text);
  return parts === null ? null : { id: parts[1] ?? "", tail: parts[2] ?? "" };
}

/** Why a log is taken for another one, as fail2ban prints it: a tuple of size, position, inode, old inode, hash, old hash. */
export function printRotation(
  size: number,
  offset: number,
  ino: bigint,
  oldIno: bigint,
  hash: string,
  oldHash: string,
): string {
  return `(${size}, ${offset}, ${ino}, ${oldIno}, '${hash}', '${oldHash}')`;
}
