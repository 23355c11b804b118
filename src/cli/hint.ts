/**
 * `Did you mean …?` for words that no command knows. It goes to standard error, after the original's line, so that what is printed stays as it was.
 */
import { COMMANDS } from "../api/control/index.ts";

/** @returns a sentence, or null where nothing known is near. */
export function hintFor(words: readonly string[]): string | null {
  const [first = "", second = "", third = ""] = words;
  const heads = new Set(COMMANDS.map((command) => command.words.split(" ")[0] ?? ""));
  if (!heads.has(first)) return sentence(nearest(first, heads));
  const known = COMMANDS.map((command) => command.words.split(" ")).filter((word) => word[0] === first);
  const options = known.filter((word) => word[1] === "<JAIL>").map((word) => word[2] ?? "");
  if (third !== "" && !options.includes(third)) return sentence(nearest(third, options));
  return third === ""
    ? sentence(
        nearest(
          second,
          known.map((word) => word[1] ?? ""),
        ),
      )
    : null;
}

/** The same for a jail that is not there. */
export function jailHint(name: string, jails: readonly string[]): string | null {
  return sentence(nearest(name, jails));
}

function sentence(word: string | null): string | null {
  return word === null ? null : `Did you mean '${word}'?`;
}

/** Longest word that is compared: no known one is longer. */
const LONGEST = 64;

/** The known word with the fewest changes, if these are few for its length. */
function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.min(3, Math.ceil(word.length / 3)) + 1;
  if (word.length > LONGEST) return null;
  for (const candidate of known) {
    const changes =
      candidate === "" || candidate.startsWith("<") || candidate === word ? Infinity : distance(word, candidate);
    if (changes < least) [best, least] = [candidate, changes];
  }
  return best;
}

/** Letters to insert, drop, replace, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? Infinity;
}
