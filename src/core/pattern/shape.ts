/**
 * What can be said of an expression without running it: how the work of a backtracking engine grows with the text, and
 * what callers may use to pass over it quickly.
 */
import { type First, firstOf, isAnchored, NOTHING_FIRST, overlap, thenFirst as then, union } from "./first.ts";
import { type Node, type Repeat, some } from "./tree.ts";
import { widthOf } from "./width.ts";

/** Estimated from above: the ways that a backtracking engine may go. */
interface Work {
  /** Loops whose end is open: each multiplies the ways by the length of the text. */
  readonly degree: number;
  /** Other choices that overlap: they multiply the ways by a constant. */
  readonly factor: number;
}

const ONE_WAY: Work = { degree: 0, factor: 1 };

/** Ways that are worth going at most: about twenty milliseconds. */
const MAX_WAYS = 2e7;

/** How long a text may be for a backtracking engine without any limit of its own to be safe with the expression. */
export function safeLength(root: Node): number {
  const work = workOf(root, NOTHING_FIRST.table);
  const scans = some(root, (node) => node.kind === "repeat" && node.max === Infinity) ? 1 : 0;
  const exponent = work.degree + scans + (isAnchored(root) ? 0 : 1);
  return exponent === 0 ? 65_536 : Math.floor((MAX_WAYS / work.factor) ** (1 / exponent));
}

/** @param follow what may come after the part. */
function workOf(node: Node, follow: Uint8Array): Work {
  switch (node.kind) {
    case "char":
    case "edge":
      return ONE_WAY;
    case "backref":
      return { degree: 0, factor: 2 };
    case "group":
    case "atomic":
      return workOf(node.body, follow);
    case "look":
      return workOf(node.body, NOTHING_FIRST.table);
    case "sequence":
      return workOfSequence(node.items, follow);
    case "choice":
      return workOfBranches(node.branches, follow);
    case "condition":
      return workOfBranches([node.yes, node.no], follow);
    case "repeat":
      return workOfRepeat(node, follow);
  }
}

function workOfSequence(items: readonly Node[], follow: Uint8Array): Work {
  let after: First = { table: follow, empty: true };
  return items.reduceRight((work, item) => {
    const own = workOf(item, after.table);
    after = then(firstOf(item), after);
    return { degree: work.degree + own.degree, factor: work.factor * own.factor };
  }, ONE_WAY);
}

function workOfBranches(branches: readonly Node[], follow: Uint8Array): Work {
  const works = branches.map((branch) => workOf(branch, follow));
  const firsts = branches.map((branch) => then(firstOf(branch), { table: follow, empty: true }).table);
  const apart = firsts.every((first, at) => firsts.slice(at + 1).every((other) => !overlap(first, other)));
  const factors = works.map((work) => work.factor);
  return {
    degree: Math.max(...works.map((work) => work.degree)),
    factor: apart ? Math.max(...factors) : factors.reduce((sum, factor) => sum + factor, 0),
  };
}

function workOfRepeat(node: Repeat, follow: Uint8Array): Work {
  const first = firstOf(node.body);
  const inside = workOf(node.body, node.max > 1 ? union(first.table, follow) : follow);
  const open = node.min !== node.max && (first.empty || overlap(first.table, follow));
  if (node.max <= 1) return { degree: inside.degree, factor: inside.factor * (open ? 2 : 1) };
  const single = inside.degree === 0 && inside.factor === 1;
  if (node.max === Infinity) return single && !first.empty ? { degree: open ? 1 : 0, factor: 1 } : HOPELESS;
  const ends = open ? node.max - node.min + 1 : 1;
  return { degree: inside.degree * node.max, factor: Math.min(1e9, inside.factor ** node.max * ends) };
}

const HOPELESS: Work = { degree: Infinity, factor: 1 };

/** First characters of every match at the text's start, for texts that begin with an ASCII character; null if not bound to the start. */
export function firstChars(root: Node): ReadonlySet<number> | null {
  const first = firstOf(root);
  if (!isAnchored(root) || first.empty || widthOf(root).min === 0) return null;
  const codes = Array.from({ length: 128 }, (_, code) => code).filter((code) => first.table[code] === 1);
  return codes.length > 100 ? null : new Set(codes);
}
