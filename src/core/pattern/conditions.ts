/**
 * `(?(g)A|B)` → alternatives, where that is exactly the same: the way through the group and the way past it are written
 * out one after the other, in the order in which Python tries them (engine.md §2.6). What cannot be written so stays as
 * it is, for the matcher.
 */
import { childrenOf, type Condition, type Node, NOTHING, sequence, some } from "./tree.ts";

/** At most so many conditions of one expression are written out. */
const MAX_CONDITIONS = 8;

/** @returns a tree of the same meaning with fewer conditions, mostly none. */
export function withoutConditions(root: Node): Node {
  let node = root;
  for (let round = 0; round < MAX_CONDITIONS; round++) {
    const condition = firstCondition(node);
    if (condition === null) return node;
    const next = expand(node, condition.index);
    if (next === null) return node;
    node = next;
  }
  return node;
}

/** The one that stands first: what is before it has none. */
function firstCondition(node: Node): Condition | null {
  if (node.kind === "condition") return node;
  for (const child of childrenOf(node)) {
    const found = firstCondition(child);
    if (found !== null) return found;
  }
  return null;
}

function hasGroup(node: Node, index: number): boolean {
  return some(node, (part) => part.kind === "group" && part.index === index);
}

function asks(node: Node, index: number): boolean {
  return some(node, (part) => part.kind === "condition" && part.index === index);
}

/** Writes out every condition on group `index` in the smallest sequence that holds both; null where that is not possible. */
function expand(node: Node, index: number): Node | null {
  if (!hasGroup(node, index)) return resolve(node, index, false);
  if (node.kind === "group" || node.kind === "atomic" || node.kind === "look") {
    const body = expand(node.body, index);
    return body === null ? null : { ...node, body };
  }
  if (node.kind === "repeat" && node.max <= 1) {
    const body = expand(node.body, index);
    return body === null ? null : { ...node, body };
  }
  if (node.kind === "choice") {
    const branches = node.branches.map((branch) => (asks(branch, index) ? expand(branch, index) : branch));
    return branches.every((branch) => branch !== null) ? { kind: "choice", branches } : null;
  }
  return node.kind === "sequence" ? expandSequence(node.items, index) : null;
}

function expandSequence(items: readonly Node[], index: number): Node | null {
  const at = items.findIndex((item) => hasGroup(item, index));
  const before = items.slice(0, at).map((item) => resolve(item, index, false));
  const holder = items[at];
  const rest = items.slice(at + 1);
  if (holder === undefined) return null;
  if (rest.some((item) => hasGroup(item, index))) return null;
  if (asks(holder, index)) {
    const inner = expand(holder, index);
    return inner === null || rest.some((item) => asks(item, index)) ? null : sequence([...before, inner, ...rest]);
  }
  const ways = split(holder, index);
  if (ways === null) return null;
  const last = rest.findLastIndex((item) => asks(item, index));
  const branches = ways.map((way) =>
    sequence([way.node, ...rest.slice(0, last + 1).map((item) => resolve(item, index, way.set))]),
  );
  return sequence([...before, { kind: "choice", branches }, ...rest.slice(last + 1)]);
}

interface Way {
  readonly node: Node;
  /** The group takes part on this way. */
  readonly set: boolean;
}

/** The ways through a node in the order in which they are tried, each surely with or surely without the group. */
function split(node: Node, index: number): readonly Way[] | null {
  if (!hasGroup(node, index)) return [{ node, set: false }];
  switch (node.kind) {
    case "group":
      if (node.index === index) return [{ node, set: true }];
      return mapWays(split(node.body, index), (body) => ({ ...node, body }));
    case "choice": {
      const ways = node.branches.map((branch) => split(branch, index));
      return ways.every((way) => way !== null) ? ways.flat() : null;
    }
    case "repeat": {
      if (node.max !== 1 || node.min !== 0 || node.mode === "possessive") return null;
      const through = split(node.body, index);
      if (through === null) return null;
      const past = { node: NOTHING, set: false };
      return node.mode === "greedy" ? [...through, past] : [past, ...through];
    }
    case "sequence":
      return splitSequence(node.items, index);
    default:
      return null;
  }
}

/** What stands before the group is repeated on every way, which keeps the order only if it can match in one way at most. */
function splitSequence(items: readonly Node[], index: number): readonly Way[] | null {
  const at = items.findIndex((item) => hasGroup(item, index));
  const before = items.slice(0, at);
  const holder = items[at];
  const after = items.slice(at + 1);
  if (holder === undefined || after.some((item) => hasGroup(item, index)) || !before.every(isSingleWay)) return null;
  return mapWays(split(holder, index), (node) => sequence([...before, node, ...after]));
}

function mapWays(ways: readonly Way[] | null, change: (node: Node) => Node): readonly Way[] | null {
  return ways?.map((way) => ({ node: change(way.node), set: way.set })) ?? null;
}

/** Whether there is at most one way to match, whatever the text. */
function isSingleWay(node: Node): boolean {
  if (node.kind === "choice" || node.kind === "condition") return false;
  if (node.kind === "repeat") return node.min === node.max && isSingleWay(node.body);
  if (node.kind === "sequence") return node.items.every(isSingleWay);
  return node.kind === "group" ? isSingleWay(node.body) : true;
}

/** Puts the fitting branch in the place of each condition on group `index`. */
function resolve(node: Node, index: number, set: boolean): Node {
  switch (node.kind) {
    case "condition":
      if (node.index === index) return resolve(set ? node.yes : node.no, index, set);
      return { ...node, yes: resolve(node.yes, index, set), no: resolve(node.no, index, set) };
    case "sequence":
      return sequence(node.items.map((item) => resolve(item, index, set)));
    case "choice":
      return { kind: "choice", branches: node.branches.map((branch) => resolve(branch, index, set)) };
    case "group":
    case "repeat":
    case "atomic":
    case "look":
      return { ...node, body: resolve(node.body, index, set) };
    case "char":
    case "edge":
    case "backref":
      return node;
  }
}
