/** V8's regular expression engines: switched on once by the program's entry, probed for each expression. */

const SWITCHES = [
  "--enable-experimental-regexp-engine",
  "--enable-experimental-regexp-engine-on-excessive-backtracks",
  "--regexp-backtracks-before-fallback=10000",
  // It is for what V8 interprets; what is asked twice it compiles.
  "--no-regexp-peephole-optimization",
] as const;

/** Its flag; only V8 with the first switch knows it. */
const LINEAR = "l";

let prepared = false;

/**
 * Lets V8 use its linear engine: on demand, and by itself where an expression goes back too often. To be called before
 * the first expression is compiled. Without it everything works, but short texts are protected less well and long ones
 * are slower.
 * @param setFlags `v8.setFlagsFromString`.
 */
export function prepareEngine(setFlags: (flag: string) => void): void {
  for (const flag of SWITCHES) setFlags(flag);
  prepared = true;
}

export function isPrepared(): boolean {
  return prepared;
}

/** @returns the expression for the linear engine, or null where that does not take it (or is not switched on). */
export function linearForm(source: string): RegExp | null {
  try {
    return new RegExp(source, LINEAR);
  } catch {
    return null;
  }
}
