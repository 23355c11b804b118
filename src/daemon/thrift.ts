/**
 * Memory that only a start needs is given back to the machine, once: the files as read, the code that read them, the first
 * compilations. Left alone, V8 keeps most of it for good in a server that has little to do (docs/decisions/015-memory.md).
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { forgetFirsts } from "../core/pattern/index.ts";
import { collect, releaseMappedFiles, trim } from "../io/machine/index.ts";

/** Milliseconds after a start or a reload: by then logs are being followed and earlier bans are in force. */
const SETTLED = 4000;

/** Bytes in use from which on it is left alone: a server with many bans would stand still for a third of a second, and has little to gain. */
const LARGE = 40 * 2 ** 20;

/** Milliseconds between two looks at whether it has become large. */
const LOOK = 2000;

/**
 * How V8 finds what is garbage: step by step, it lets young objects pile up meanwhile; at once, the heap of a server with few bans takes 5 to 20 ms
 * (docs/decisions/022-marking-at-once.md).
 */
const AT_ONCE = "--no-incremental-marking";
const BY_STEPS = "--incremental-marking";

export class Thrift {
  #timer: NodeJS.Timeout | undefined;
  readonly #looking = setInterval(() => this.#look(), LOOK).unref();

  constructor() {
    setFlagsFromString(AT_ONCE);
  }

  /** From then on for good: many bans mostly remain many. */
  #look(): void {
    if (isSmall(getHeapStatistics().used_heap_size)) return;
    setFlagsFromString(BY_STEPS);
    clearInterval(this.#looking);
  }

  /** To be called after each start and reload. The collection takes 50 to 100 ms, in which nothing else is done. */
  settle(): void {
    clearTimeout(this.#timer);
    void releaseMappedFiles();
    this.#timer = setTimeout(() => {
      forgetFirsts();
      if (!isSmall(getHeapStatistics().used_heap_size)) return;
      collect("last-resort");
      void trim().then(releaseMappedFiles);
    }, SETTLED).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
  }
}

/** @param used bytes of the heap in use */
export function isSmall(used: number): boolean {
  return used < LARGE;
}
