/**
 * Where reading of a log stopped, between the sources and the store.
 *
 * The original knows a place by the hash of the first line and an offset; the proof that we keep besides (core/line) stands in a
 * row of its own, which the original never asks for, and counts only as long as the offset is still ours.
 */
import type { Bookmark } from "../core/line/index.ts";
import type { Store } from "../io/store/index.ts";

/** Path under which the original keeps the place in the journal. */
export const JOURNAL_PATH = "systemd-journal";

const proofPath = (path: string): string => `${path} (fail2ban-ts)`;

export function readBookmark(store: Store, jail: string, path: string): Bookmark | null {
  if (path === JOURNAL_PATH) {
    const mark = store.journalMark(jail);
    return mark === null ? null : { hash: mark.iso, offset: mark.at, proof: mark.cursor };
  }
  const mark = store.mark(jail, path);
  if (mark === null) return null;
  const proof = store.mark(jail, proofPath(path));
  return {
    hash: mark.hash,
    offset: mark.position,
    proof: proof !== null && proof.position === mark.position ? proof.hash : null,
  };
}

export function writeBookmark(store: Store, jail: string, path: string, mark: Bookmark): void {
  if (path === JOURNAL_PATH) {
    if (mark.offset > 0) store.setJournalMark(jail, { iso: mark.hash, at: mark.offset, cursor: mark.proof });
    return;
  }
  store.setMark(jail, path, { hash: mark.hash, position: mark.offset });
  if (mark.proof !== null) store.setMark(jail, proofPath(path), { hash: mark.proof, position: mark.offset });
}
