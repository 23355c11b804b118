/** V8's memory and the C library's: lets go of what is not needed any more, at a moment of our choice. */
import { readFileSync } from "node:fs";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { detach } from "../../base/index.ts";

/** `last-resort`: also lets go of what was compiled, which is compiled again when it is run, and leaves no gaps. */
export type Flavor = "regular" | "last-resort";

const THOROUGH = ["stress-flush-code", "flush-baseline-code", "compact-on-every-full-gc"];

type Collect = (options: { readonly type: "major"; readonly execution: "sync"; readonly flavor: Flavor }) => void;

let known: Collect | null = null;

/** A whole collection of garbage: some 10 ms in a program of this size, 50 ms the thorough one. Nothing else is done meanwhile. */
export function collect(flavor: Flavor): void {
  known ??= found();
  if (flavor === "last-resort") THOROUGH.forEach((flag) => setFlagsFromString(`--${flag}`));
  known?.({ type: "major", execution: "sync", flavor });
  THOROUGH.forEach((flag) => setFlagsFromString(`--no-${flag}`));
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
  library ??= findLibrary();
  (await library)?.malloc_trim(0n);
}

/**
 * Lets go of the pages of files that are mapped and were not written to, mostly the program's own: of what Node has, a start uses much and a
 * server little. They stay in the system's cache; the few that are used again come back one by one.
 */
export async function releaseMappedFiles(): Promise<void> {
  library ??= findLibrary();
  const madvise = (await library)?.madvise;
  if (madvise === undefined) return;
  for (const { from, to } of cleanMappings()) madvise(from, to - from, MADV_DONTNEED);
}

interface Library {
  malloc_trim(pad: bigint): number;
  madvise(address: bigint, length: bigint, advice: number): number;
}

/** Its number on all of Linux' architectures but Alpha and PA-RISC. */
const MADV_DONTNEED = 4;

let library: Promise<Library | null> | null = null;

async function findLibrary(): Promise<Library | null> {
  try {
    const { dlopen } = await import("node:ffi");
    return dlopen("libc.so.6", {
      malloc_trim: { arguments: ["u64"], return: "i32" },
      madvise: { arguments: ["u64", "u64", "i32"], return: "i32" },
    }).functions;
  } catch {
    return null;
  }
}

interface Mapping {
  readonly from: bigint;
  readonly to: bigint;
}

/** Kilobytes from which on a mapping is worth it. */
const LARGE = 1024;

/** Of files, not writable, and nothing in them differs from the file: what the loader has relocated would be lost. */
function cleanMappings(): readonly Mapping[] {
  return ownMappings().flatMap((block) => {
    const [, from = "", to = ""] = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ [1-9]/.exec(block) ?? [];
    const isClean = kilobytes(block, "Anonymous") === 0 && kilobytes(block, "Private_Dirty") === 0;
    if (from === "" || !isClean || kilobytes(block, "Rss") < LARGE) return [];
    return [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }];
  });
}

/** @returns what the kernel says of each; nothing where it cannot be asked */
function ownMappings(): readonly string[] {
  try {
    return readFileSync("/proc/self/smaps", "latin1")
      .split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
      .map(detach);
  } catch {
    return [];
  }
}

/** @returns NaN where the kernel does not say */
function kilobytes(block: string, name: string): number {
  return Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(block)?.[1]);
}

/**
 * Whether V8's optimising compilers work. At a start nearly all runs for a few milliseconds: they would be done with it when it is over, take as much
 * time from it as they give, and keep a megabyte for good.
 */
export function setOptimizing(on: boolean): void {
  for (const compiler of ["maglev", "opt"]) setFlagsFromString(on ? `--${compiler}` : `--no-${compiler}`);
}
