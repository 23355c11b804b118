/**
 * Literals of which every match must contain one, proven from the tree; in doubt there are none. They let a reader drop
 * a line that surely cannot match without asking the expression.
 *
 * Only ASCII text is taken, so that they can be looked for in the bytes of a file. They are part of the *searched* text:
 * where a date was cut out of a line, a literal may lie across the cut.
 */
import { type Node, type Repeat } from "./tree.ts";

/** Shorter literals occur everywhere and only cost time. */
const MIN_LENGTH = 3;
/** More alternatives than these cost more than they save. */
const MAX_NEEDLES = 24;
/** Longer literals are cut: their beginning tells as much. */
const MAX_LENGTH = 24;

/** All texts that a part can match, or null where they are not known; and the best literals found inside of it. */
interface Known {
  readonly exact: readonly string[] | null;
  readonly best: readonly string[] | null;
}

const NOTHING: Known = { exact: [""], best: null };
const UNKNOWN: Known = { exact: null, best: null };

/** @returns literals, at least three characters each; null where that could not be proven. */
export function needlesOf(root: Node): readonly string[] | null {
  const known = knownOf(root);
  const best = better(known.best, usable(known.exact));
  return best === null ? null : withoutContained(best);
}

/** One expression that finds any literal of any of them; null where one has none. */
export function combineNeedles(patterns: readonly { readonly needles: readonly string[] | null }[]): RegExp | null {
  const all: string[] = [];
  for (const pattern of patterns) {
    if (pattern.needles === null) return null;
    all.push(...pattern.needles);
  }
  if (all.length === 0) return null;
  const escaped = withoutContained(all).map((needle) => needle.replaceAll(/[$()*+./?[\\\]^{|}-]/g, "\\$&"));
  return new RegExp(escaped.join("|"));
}

function knownOf(node: Node): Known {
  switch (node.kind) {
    case "char":
      return ofChar(node.set.ascii, node.set.narrow);
    case "edge":
    case "look":
      return NOTHING;
    case "backref":
      return UNKNOWN;
    case "group":
    case "atomic":
      return knownOf(node.body);
    case "sequence":
      return ofSequence(node.items);
    case "choice":
      return ofBranches(node.branches);
    case "condition":
      return ofBranches([node.yes, node.no]);
    case "repeat":
      return ofRepeat(node);
  }
}

/** More than this for one character is no literal any more. */
const MAX_CHARS = 2;

function ofChar(ascii: Uint8Array, narrow: boolean): Known {
  if (!narrow) return UNKNOWN;
  const chars: string[] = [];
  ascii.forEach((entry, code) => {
    if (entry === 1) chars.push(String.fromCharCode(code));
  });
  return chars.length > 0 && chars.length <= MAX_CHARS ? { exact: chars, best: null } : UNKNOWN;
}

/** Joins what is known of neighbours; where that ends, what was joined so far is a candidate. */
function ofSequence(items: readonly Node[]): Known {
  let best: readonly string[] | null = null;
  let run: readonly string[] = [""];
  let whole = true;
  for (const item of items) {
    const known = knownOf(item);
    best = better(best, known.best);
    const joined = known.exact === null ? null : join(run, known.exact);
    if (joined !== null) {
      run = joined;
      continue;
    }
    whole = false;
    best = better(best, usable(run));
    run = known.exact ?? [""];
  }
  return whole ? { exact: run, best } : { exact: null, best: better(best, usable(run)) };
}

function join(left: readonly string[], right: readonly string[]): readonly string[] | null {
  if (left.length * right.length > MAX_NEEDLES) return null;
  return left.flatMap((a) => right.map((b) => a + b));
}

function ofBranches(branches: readonly Node[]): Known {
  const all = branches.map(knownOf);
  const exact = all.every((known) => known.exact !== null) ? all.flatMap((known) => known.exact ?? []) : null;
  const best: string[] = [];
  for (const known of all) {
    const own = better(known.best, usable(known.exact));
    if (own === null) return { exact: few(exact), best: null };
    best.push(...own);
  }
  return { exact: few(exact), best: few(best) };
}

function few(texts: readonly string[] | null): readonly string[] | null {
  if (texts === null) return null;
  const distinct = [...new Set(texts)];
  return distinct.length > MAX_NEEDLES ? null : distinct;
}

function ofRepeat(node: Repeat): Known {
  const body = knownOf(node.body);
  if (node.max === 1 && node.min === 0)
    return { exact: body.exact === null ? null : few([...body.exact, ""]), best: null };
  if (node.min === 0) return UNKNOWN;
  const once = node.min === 1 && node.max === 1;
  return { exact: once ? body.exact : null, best: better(body.best, usable(body.exact)) };
}

/** The texts as literals, if all of them are long enough. */
function usable(texts: readonly string[] | null): readonly string[] | null {
  if (texts === null || texts.length === 0) return null;
  return texts.every((text) => text.length >= MIN_LENGTH) ? texts.map((text) => text.slice(0, MAX_LENGTH)) : null;
}

/** Longer literals are rarer, fewer are cheaper. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  return score(b) > score(a) ? b : a;
}

function score(texts: readonly string[]): number {
  const shortest = Math.min(...texts.map((text) => text.length));
  const letters = Math.min(...texts.map((text) => text.replaceAll(/[^A-Za-z]/g, "").length));
  return Math.min(shortest, 10) + Math.min(letters, 6) - texts.length / 3;
}

function withoutContained(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts)];
  return distinct.filter((text) => !distinct.some((other) => other !== text && text.includes(other)));
}
