/** How many characters a part of an expression can take, at least and at most. */
import { type Node } from "./tree.ts";

export interface Width {
  readonly min: number;
  /** Infinity where there is no bound. */
  readonly max: number;
}

const NONE: Width = { min: 0, max: 0 };
const ANY: Width = { min: 0, max: Infinity };

/** @param groups widths of closed groups by number, for back-references; without it they may be of any width. */
export function widthOf(node: Node, groups: ReadonlyMap<number, Width> | null = null): Width {
  switch (node.kind) {
    case "char":
      return { min: 1, max: 1 };
    case "edge":
    case "look":
      return NONE;
    case "backref":
      return groups?.get(node.index) ?? ANY;
    case "group":
    case "atomic":
      return widthOf(node.body, groups);
    case "sequence":
      return node.items.reduce((sum, item) => add(sum, widthOf(item, groups)), NONE);
    case "choice":
      return node.branches.map((branch) => widthOf(branch, groups)).reduce(either);
    case "condition":
      return either(widthOf(node.yes, groups), widthOf(node.no, groups));
    case "repeat": {
      const one = widthOf(node.body, groups);
      return { min: one.min * node.min, max: one.max === 0 || node.max === 0 ? 0 : one.max * node.max };
    }
  }
}

function add(a: Width, b: Width): Width {
  return { min: a.min + b.min, max: a.max + b.max };
}

function either(a: Width, b: Width): Width {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
