/**
 * The files that `ignoreip = file:…` names: read when first asked for, looked at again at most once a second, read again
 * when they changed (engine.md §1.8). An unreadable one is said and tried again after a minute.
 */
import { readFileSync, statSync } from "node:fs";
import type { Clock, Instant, Said } from "../base/index.ts";
import { say } from "../core/report/index.ts";

/** A list is at most 16 MiB: more is read as nothing and said. */
export const LIST_BYTES_MAX = 16 * 1024 * 1024;

interface Known {
  readonly mark: string;
  readonly list: { readonly text: string } | null;
  readonly until: Instant;
}

/** @returns a reader that gives the same object as long as the file is unchanged. */
export function listReader(
  clock: Clock,
  tell: (said: Said) => void,
): (path: string) => { readonly text: string } | null {
  const known = new Map<string, Known>();
  return (path) => {
    const before = known.get(path);
    const now = clock.now();
    if (before !== undefined && now < before.until) return before.list;
    const after = readAgain(path, before, now, tell);
    known.set(path, after);
    return after.list;
  };
}

function readAgain(path: string, before: Known | undefined, now: Instant, tell: (said: Said) => void): Known {
  try {
    const { mtimeMs, ino, size } = statSync(path);
    const mark = `${mtimeMs} ${ino} ${size}`;
    if (before !== undefined && before.mark === mark) return { ...before, until: now + 1 };
    if (size > LIST_BYTES_MAX) throw new Error(`it is larger than ${LIST_BYTES_MAX} bytes`);
    return { mark, list: { text: readFileSync(path, "utf8") }, until: now + 1 };
  } catch (cause) {
    tell(say.listUnreadable(path, cause instanceof Error ? cause.message : String(cause)));
    return { mark: "", list: null, until: now + 60 };
  }
}
