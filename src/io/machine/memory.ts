/** V8's memory: lets go of what is not needed any more, at a moment of our choice. */
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
