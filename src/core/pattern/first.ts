/** With which characters a part of an expression may begin, and whether it is bound to the start of the text. */
import { type Node } from "./tree.ts";

/** Characters that may come first: one byte for each ASCII character, and one for all others. */
export interface First {
  readonly table: Uint8Array;
  /** The part may match nothing, so what follows counts too. */
  readonly empty: boolean;
}

const OTHERS = 128;
const SIZE = 129;

/** Whether every match begins at the start of the text. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case "edge":
      return node.edge === "start";
    case "sequence": {
      const first = node.items.find((item) => item.kind !== "look" || item.negative);
      return first !== undefined && isAnchored(first);
    }
    case "choice":
      return node.branches.every(isAnchored);
    case "group":
    case "atomic":
      return isAnchored(node.body);
    case "repeat":
      return node.min > 0 && isAnchored(node.body);
    case "look":
    case "char":
    case "backref":
    case "condition":
      return false;
  }
}

/** What was worked out of the expression that is being looked at: see `forgetFirsts`. */
let known = new WeakMap<Node, First>();

/** To be called when an expression has been looked at: its parts are asked about no more, and what is known of them is large. */
export function forgetFirsts(): void {
  known = new WeakMap();
}

/** What a part may begin with. */
export function firstOf(node: Node): First {
  const first = known.get(node) ?? work(node);
  known.set(node, first);
  return first;
}

function work(node: Node): First {
  switch (node.kind) {
    case "char": {
      const table = new Uint8Array(SIZE);
      table.set(node.set.ascii);
      table[OTHERS] = node.set.narrow ? 0 : 1;
      return { table, empty: false };
    }
    case "edge":
    case "look":
      return { table: new Uint8Array(SIZE), empty: true };
    case "backref":
      return { table: new Uint8Array(SIZE).fill(1), empty: true };
    case "group":
    case "atomic":
      return firstOf(node.body);
    case "repeat": {
      const body = firstOf(node.body);
      return { table: body.table, empty: body.empty || node.min === 0 };
    }
    case "sequence":
      return node.items.reduceRight((rest, item) => thenFirst(firstOf(item), rest), NOTHING_FIRST);
    case "choice":
      return node.branches.map(firstOf).reduce(orFirst);
    case "condition":
      return orFirst(firstOf(node.yes), firstOf(node.no));
  }
}

/** A part that takes nothing. */
export const NOTHING_FIRST: First = { table: new Uint8Array(SIZE), empty: true };

export function thenFirst(first: First, rest: First): First {
  return first.empty ? { table: union(first.table, rest.table), empty: rest.empty } : first;
}

export function orFirst(a: First, b: First): First {
  return { table: union(a.table, b.table), empty: a.empty || b.empty };
}

/** By loops: this is asked a thousand times while a program starts, before V8 has compiled anything. */
export function union(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a === b) return a;
  const both = a.slice();
  for (let at = 0; at < SIZE; at += 1) if (b[at] === 1) both[at] = 1;
  return both;
}

export function overlap(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < SIZE; at += 1) if (a[at] === 1 && b[at] === 1) return true;
  return false;
}

/** Nothing is known of what follows. */
export const ANYTHING: First = { table: new Uint8Array(SIZE).fill(1), empty: true };

/** Where a character stands in a table. */
export function classOf(unit: number): number {
  return unit < OTHERS ? unit : OTHERS;
}
