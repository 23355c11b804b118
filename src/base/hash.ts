/**
 * A number for a text, to find it by. A `Map` is no place for texts that are cut out of log lines: V8 enters each into its list of
 * all names before it looks it up, and what was entered there lives until the next great collection.
 *
 * Log lines are written by attackers, who could else choose texts that all have the same number: it depends on a secret of the process.
 */

const SECRET = Math.floor(Math.random() * 2 ** 32) | 0;
/** Odd, with its bits well mixed (that of MurmurHash2). */
const MIXER = 0x5bd1e995;

/** One failure is looked up under the same text several times. */
let last = "";
let lastHash = SECRET;

/** @returns 32 bits, the lower ones as good as the higher */
export function hashOf(text: string): number {
  if (text === last) return lastHash;
  let hash = SECRET;
  const even = text.length & ~1;
  for (let at = 0; at < even; at += 2) {
    hash = Math.imul(hash ^ (text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)), MIXER);
    hash ^= hash >>> 15;
  }
  if (even < text.length) {
    hash = Math.imul(hash ^ text.charCodeAt(even), MIXER);
    hash ^= hash >>> 15;
  }
  last = text;
  lastHash = hash;
  return hash;
}
