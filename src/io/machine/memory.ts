/** V8's memory and the C library's: lets go of what is not needed any more, at a moment of our choice. */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** `last-resort`: also lets go of code that has not been run for a while. */
export type Flavor = "regular" | "last-resort";

type Collect = (options: { readonly type: "major"; readonly execution: "sync"; readonly flavor: Flavor }) => void;

let known: Collect | null = null;

/** A whole collection of garbage: some 10 ms in a program of this size, 50 ms the thorough one. Nothing else is done meanwhile. */
export function collect(flavor: Flavor): void {
  known ??= found();
  known?.({ type: "major", execution: "sync", flavor });
}

/** Bytes that V8's heap has taken from the machine. */
export function heapSize(): number {
  return getHeapStatistics().total_heap_size;
}

function found(): Collect | null {
  setFlagsFromString("--expose-gc"); // seen by contexts made from now on only
  const gc: unknown = runInNewContext("globalThis.gc");
  return isCollect(gc) ? gc : null;
}

function isCollect(value: unknown): value is Collect {
  return typeof value === "function";
}

/**
 * Gives back to the system what the C library's allocator keeps for later, as compilers and parsers have left it. Where that cannot be asked for
 * (another C library, another runtime), it stays.
 */
export async function trim(): Promise<void> {
  trimmer ??= findTrimmer();
  (await trimmer)?.(0n);
}

type Trimmer = (pad: bigint) => number;

let trimmer: Promise<Trimmer | null> | null = null;

async function findTrimmer(): Promise<Trimmer | null> {
  try {
    const { dlopen } = await import("node:ffi");
    return dlopen("libc.so.6", { malloc_trim: { arguments: ["u64"], return: "i32" } }).functions.malloc_trim;
  } catch {
    return null;
  }
}
