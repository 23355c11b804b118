/** What is doubtful about an expression, though it compiles: for `-t` and `fail2ban-regex`. Says nothing of filters as a whole. */
import { type First, firstOf, NOTHING_FIRST, overlap, thenFirst } from "./first.ts";
import { type Pattern } from "./pattern.ts";
import { childrenOf, type Node, type Repeat, some } from "./tree.ts";

export interface Lint {
  readonly kind: "not-anchored" | "catch-all-before-host" | "not-linear" | "no-literal";
  readonly message: string;
  readonly remedy: string;
}

const RULES: readonly { readonly applies: (pattern: Pattern) => boolean; readonly lint: Lint }[] = [
  {
    applies: (pattern) => !isBound(pattern.regex.tree.root),
    lint: {
      kind: "not-anchored",
      message: "the expression may match in the middle of a line, where the text can be an attacker's own",
      remedy: "begin it with ^",
    },
  },
  {
    applies: (pattern) => {
      const { root } = pattern.regex.tree;
      return catchesAll(root, NOTHING_FIRST) && !isFirmAfter(root);
    },
    lint: {
      kind: "catch-all-before-host",
      message: "a greedy part before the address takes anything, so text sent by an attacker could supply the address",
      remedy: "say more closely what stands before the address, make the part lazy, or exclude what follows it",
    },
  },
  {
    applies: (pattern) => !pattern.linear,
    lint: {
      kind: "not-linear",
      message: "the linear engine does not take the expression: on hostile text it may be skipped for a line",
      remedy: "avoid look-ahead, back-references, counts above 16 and captures in loops where it is possible",
    },
  },
  {
    applies: (pattern) => pattern.needles === null,
    lint: {
      kind: "no-literal",
      message: "no fixed text of three characters is part of every match, so each line must be searched in full",
      remedy: "add a word that always stands in the line",
    },
  },
];

/** @returns every doubt that applies, in a fixed order. */
export function lintPattern(pattern: Pattern): readonly Lint[] {
  return RULES.filter((rule) => rule.applies(pattern)).map((rule) => rule.lint);
}

/** Whether every match begins at a line's start. */
function isBound(node: Node): boolean {
  switch (node.kind) {
    case "edge":
      return node.edge === "start" || node.edge === "lineStart";
    case "sequence":
      return node.items.length > 0 && isBound(node.items.find((item) => item.kind !== "look") ?? node);
    case "choice":
      return node.branches.every(isBound);
    case "group":
    case "atomic":
      return isBound(node.body);
    default:
      return false;
  }
}

const ADDRESS_GROUPS = new Set(["ip4", "ip6", "dns", "fid"]);

function hasAddress(node: Node): boolean {
  return some(node, (part) => part.kind === "group" && ADDRESS_GROUPS.has(part.name ?? ""));
}

/** Whether a greedy catch-all stands before an address in any sequence. */
function catchesAll(node: Node, follow: First): boolean {
  if (node.kind !== "sequence") return childrenOf(node).some((child) => hasAddress(child) && catchesAll(child, follow));
  const at = node.items.findIndex(hasAddress);
  const address = node.items[at];
  if (address === undefined) return false;
  let after = thenFirst(firstOf(address), follow);
  for (const item of node.items.slice(0, at).toReversed()) {
    if (isCatchAll(item, after)) return true;
    after = thenFirst(firstOf(item), after);
  }
  return catchesAll(address, follow);
}

/**
 * Whether the line's end is fixed closely after the address: then a greedy part before it leaves the last address of the
 * line, which is the program's own.
 */
function isFirmAfter(root: Node): boolean {
  const items = root.kind === "sequence" ? root.items : [root];
  const last = items.at(-1);
  const ends: number[] = [];
  some(root, (part) => {
    if (part.kind === "group" && ADDRESS_GROUPS.has(part.name ?? "")) ends.push(part.place.to);
    return false;
  });
  const after = Math.max(...ends);
  const loose = some(root, (part) => isWideLoop(part) && part.body.kind === "char" && part.body.place.from >= after);
  return !loose && last?.kind === "edge" && (last.edge === "end" || last.edge === "veryEnd" || last.edge === "lineEnd");
}

const TYPICAL = [" ", ".", ":", "0", "9", "a", "z"];

/** A loop without end over nearly everything. */
function isWideLoop(node: Node): node is Repeat {
  if (node.kind !== "repeat" || node.max !== Infinity || node.body.kind !== "char") return false;
  const { ascii } = node.body.set;
  return TYPICAL.every((char) => ascii[char.charCodeAt(0)] === 1);
}

/** Whether a greedy loop takes nearly everything, also what follows it. */
function isCatchAll(node: Node, after: First): boolean {
  if (!isWideLoop(node)) return childrenOf(node).some((child) => isCatchAll(child, after));
  return node.mode === "greedy" && overlap(firstOf(node.body).table, after.table);
}
