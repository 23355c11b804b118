/**
 * Tree → a JavaScript expression that finds a match in every text in which the original does, and perhaps in others: it
 * can only say "surely not". Always short of look-around, captures and large counts, so V8's linear engine takes it.
 * For text below U+10000. Used where no exact form may be run.
 */
import { printLoose } from "./classes.ts";
import { type Node, type Repeat } from "./tree.ts";

/** V8's linear engine takes counts whose product is not above this. */
const MAX_PRODUCT = 16;

export function printOutline(root: Node): string {
  return outline(root, true, 1);
}

/** @param last Nothing follows: only there `$` is kept. @param product of the counts around. */
function outline(node: Node, last: boolean, product: number): string {
  switch (node.kind) {
    case "char":
      return printLoose(node.set);
    case "sequence": {
      const end = node.items.length - 1;
      return node.items.map((item, at) => outline(item, last && at === end, product)).join("");
    }
    case "choice":
      return `(?:${node.branches.map((branch) => outline(branch, last, product)).join("|")})`;
    case "condition":
      return `(?:${outline(node.yes, last, product)}|${outline(node.no, last, product)})`;
    case "group":
    case "atomic":
      return `(?:${outline(node.body, last, product)})`;
    case "repeat":
      return outlineRepeat(node, last, product);
    case "look":
      return "";
    case "backref":
      return "[^]*";
    case "edge":
      if (node.edge === "start") return "^";
      if (!last) return "";
      return node.edge === "end" ? "\\n?$" : node.edge === "veryEnd" ? "$" : "";
  }
}

function outlineRepeat(node: Repeat, last: boolean, product: number): string {
  const { min, max } = node;
  const once = max <= 1;
  const bounded = max !== Infinity ? max : min;
  const exact = bounded <= 1 || product * bounded <= MAX_PRODUCT;
  const body = outline(node.body, last && once, exact ? product * Math.max(1, bounded) : product);
  if (body === "") return "";
  if (exact) return `(?:${body}){${min},${max === Infinity ? "" : max}}`;
  return `(?:${body})${min === 0 ? "*" : "+"}`;
}
