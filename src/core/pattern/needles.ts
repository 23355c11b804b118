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

/** Sets of literals kept of one expression. */
const MAX_SETS = 6;

/** Literals of which one must stand in every match. */
export type NeedleSet = readonly string[];

/** All texts that a part can match, or null where they are not known; and the sets of literals found inside of it, the best first. */
interface Known {
  readonly exact: readonly string[] | null;
  readonly sets: readonly NeedleSet[];
}

const NOTHING: Known = { exact: [""], sets: [] };
const UNKNOWN: Known = { exact: null, sets: [] };

/** @returns sets of literals, at least three characters each, the likely rarest first: a match has one of every set. None where nothing could be proven. */
export function needleSetsOf(root: Node): readonly NeedleSet[] {
  const known = knownOf(root);
  return best([...known.sets, ...usable(known.exact)]).map(withoutContained);
}

/** One expression that finds any literal of any of them; null where one has none. */
export function combineNeedles(patterns: readonly { readonly needles: NeedleSet | null }[]): RegExp | null {
  const all: string[] = [];
  for (const pattern of patterns) {
    if (pattern.needles === null) return null;
    all.push(...pattern.needles);
  }
  return all.length === 0 ? null : searchFor(all, "");
}

/** One expression that finds any of these literals. */
export function searchFor(needles: NeedleSet, flags: "" | "g"): RegExp {
  const escaped = withoutContained(needles).map((needle) => needle.replaceAll(/[$()*+./?[\\\]^{|}-]/g, "\\$&"));
  return new RegExp(escaped.join("|"), flags);
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
  return chars.length > 0 && chars.length <= MAX_CHARS ? { exact: chars, sets: [] } : UNKNOWN;
}

/** Joins what is known of neighbours; where that ends, what was joined so far is a candidate. */
function ofSequence(items: readonly Node[]): Known {
  const sets: NeedleSet[] = [];
  let run: readonly string[] = [""];
  let whole = true;
  for (const item of items) {
    const known = knownOf(item);
    sets.push(...known.sets);
    const joined = known.exact === null ? null : join(run, known.exact);
    if (joined !== null) {
      run = joined;
      continue;
    }
    whole = false;
    sets.push(...usable(run));
    run = known.exact ?? [""];
  }
  return whole ? { exact: run, sets: best(sets) } : { exact: null, sets: best([...sets, ...usable(run)]) };
}

function join(left: readonly string[], right: readonly string[]): readonly string[] | null {
  if (left.length * right.length > MAX_NEEDLES) return null;
  return left.flatMap((a) => right.map((b) => a + b));
}

/** Of each branch its best set. */
function ofBranches(branches: readonly Node[]): Known {
  const all = branches.map(knownOf);
  const exact = all.every((known) => known.exact !== null) ? all.flatMap((known) => known.exact ?? []) : null;
  const joined: string[] = [];
  for (const known of all) {
    const [own] = best([...known.sets, ...usable(known.exact)]);
    if (own === undefined) return { exact: few(exact), sets: [] };
    joined.push(...own);
  }
  const set = few(joined);
  return { exact: few(exact), sets: set === null ? [] : [set] };
}

function few(texts: readonly string[] | null): readonly string[] | null {
  if (texts === null) return null;
  const distinct = [...new Set(texts)];
  return distinct.length > MAX_NEEDLES ? null : distinct;
}

function ofRepeat(node: Repeat): Known {
  const body = knownOf(node.body);
  if (node.max === 1 && node.min === 0)
    return { exact: body.exact === null ? null : few([...body.exact, ""]), sets: [] };
  if (node.min === 0) return UNKNOWN;
  const once = node.min === 1 && node.max === 1;
  return { exact: once ? body.exact : null, sets: best([...body.sets, ...usable(body.exact)]) };
}

/** The texts as a set of literals, if all of them are long enough. */
function usable(texts: readonly string[] | null): readonly NeedleSet[] {
  if (texts === null || texts.length === 0) return [];
  return texts.every((text) => text.length >= MIN_LENGTH) ? [texts.map((text) => text.slice(0, MAX_LENGTH))] : [];
}

/** Longer literals are rarer, fewer are cheaper. */
function best(sets: readonly NeedleSet[]): readonly NeedleSet[] {
  return sets.toSorted((a, b) => score(b) - score(a)).slice(0, MAX_SETS);
}

function score(texts: NeedleSet): number {
  const shortest = Math.min(...texts.map((text) => text.length));
  const letters = Math.min(...texts.map((text) => text.replaceAll(/[^A-Za-z]/g, "").length));
  return Math.min(shortest, 10) + Math.min(letters, 6) - texts.length / 3;
}

function withoutContained(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts)];
  return distinct.filter((text) => !distinct.some((other) => other !== text && text.includes(other)));
}
