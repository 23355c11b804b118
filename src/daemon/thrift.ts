/**
 * Memory that only a start needs is given back to the machine, once: the files as read, the code that read them, the first
 * compilations. Left alone, V8 keeps most of it for good in a server that has little to do (docs/decisions/015-memory.md).
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { forgetFirsts, forgetSets } from "../core/pattern/index.ts";
import { collect, releaseMappedFiles, setOptimizing, trim } from "../io/machine/index.ts";

/** Milliseconds after a start or a reload, or more while there is much to do: by then logs are being followed and earlier bans are in force. */
const SETTLED = 4000;

/** Bytes in use from which on it is left alone: a server with many bans would stand still for a third of a second, and has little to gain. */
const LARGE = 40 * 2 ** 20;

/** Bytes allocated in that time by a server that is at work: what it has compiled is in use. */
const BUSY = 32 * 2 ** 20;

/** Milliseconds between two looks at how much was done and what the heap is like. */
const LOOK = 500;

/** Bytes by which the heap may have grown while the server is at work, until what is garbage in it goes: V8 would wait for twice as many. */
const GROWN = 5 * 2 ** 20;

/** Bytes allocated after which it goes on looking for pages to let go of: those of a hundred thousand lines under attack. */
const WORKED = 2 ** 28;

/**
 * How V8 finds what is garbage. Step by step, it lets young objects pile up meanwhile; at once, the heap of a server with few bans takes 5 to 20 ms.
 * And what survives of the young ones is so little that waking other threads for it takes longer (docs/decisions/022-marking-at-once.md).
 */
const WHILE_SMALL = ["--no-incremental-marking", "--no-parallel-scavenge"];
const WHEN_LARGE = ["--incremental-marking", "--parallel-scavenge"];

export class Thrift {
  #timer: NodeJS.Timeout | undefined;
  readonly #looking = setInterval(() => this.#look(), LOOK).unref();
  /** Bytes of the heap in use when it had been put in order. */
  #least = Infinity;
  /** Bytes allocated so far, when pages were let go of. */
  #worked = 0;
  #isLarge = false;

  #look(): void {
    const { total_allocated_bytes: worked, used_heap_size: used } = getHeapStatistics();
    if (this.#isLarge) return;
    if (isSmall(used)) this.#putInOrder(used, worked);
    else {
      this.#isLarge = true; // for good: many bans mostly remain many
      WHEN_LARGE.forEach(setFlagsFromString);
    }
  }

  /** What work has brought along goes again: V8's compilers use code of theirs, and memory, that is not needed when they are done. */
  #putInOrder(used: number, worked: number): void {
    const isGrown = used > this.#least + GROWN;
    if (isGrown) collect("regular");
    this.#least = isGrown ? getHeapStatistics().used_heap_size : Math.min(used, this.#least);
    if (worked < this.#worked + WORKED) return;
    this.#worked = worked;
    void trim().then(releaseMappedFiles);
  }

  /** To be called after each start and reload. The collection takes 50 to 100 ms, in which nothing else is done. */
  settle(): void {
    clearTimeout(this.#timer);
    setOptimizing(true); // the start is over, however it went
    if (!this.#isLarge) WHILE_SMALL.forEach(setFlagsFromString);
    void releaseMappedFiles();
    this.#settleLater();
  }

  #settleLater(): void {
    const before = getHeapStatistics().total_allocated_bytes;
    this.#timer = setTimeout(() => {
      const { total_allocated_bytes: worked, used_heap_size: used } = getHeapStatistics();
      if (!isSmall(used)) return;
      if (worked - before > BUSY) return this.#settleLater();
      forgetFirsts();
      forgetSets();
      void releaseMappedFiles().then(() => {
        collect("last-resort");
        return trim();
      });
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
