/** Random numbers that can be had again. */

/** @returns a source of numbers in [0, 1), the same for the same seed */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
