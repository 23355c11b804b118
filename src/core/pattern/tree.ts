/** The tree that an expression of Python's dialect is read into: what the printer, the matcher and the literals work on. */
import { type CharSet } from "./chars.ts";

export type Mode = "greedy" | "lazy" | "possessive";

/** Where something stands in the expanded expression, in characters. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export type Node =
  | { readonly kind: "char"; readonly set: CharSet; readonly place: Place }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] }
  | {
      readonly kind: "group";
      readonly index: number;
      readonly name: string | null;
      readonly body: Node;
      readonly place: Place;
    }
  | Repeat
  | { readonly kind: "atomic"; readonly body: Node }
  | Look
  | Edge
  | Backref
  | Condition;

export interface Repeat {
  readonly kind: "repeat";
  readonly body: Node;
  readonly min: number;
  /** Infinity where there is no upper bound. */
  readonly max: number;
  readonly mode: Mode;
}

export interface Look {
  readonly kind: "look";
  readonly ahead: boolean;
  readonly negative: boolean;
  readonly body: Node;
  /** How many characters a look-behind goes back; 0 for look-ahead. */
  readonly width: number;
  readonly place: Place;
}

export interface Edge {
  readonly kind: "edge";
  /**
   * start: `^`, `\A` · lineStart: `^` with MULTILINE · end: `$` (the end, or before a last line feed) · lineEnd: `$`
   * with MULTILINE · veryEnd: `\Z` · word, notWord: `\b`, `\B`.
   */
  readonly edge: "start" | "lineStart" | "end" | "lineEnd" | "veryEnd" | "word" | "notWord";
  /** Only ASCII letters and digits make words. */
  readonly ascii: boolean;
  readonly place: Place;
}

export interface Backref {
  readonly kind: "backref";
  readonly index: number;
  readonly ignoreCase: boolean;
  readonly ascii: boolean;
  readonly place: Place;
}

export interface Condition {
  readonly kind: "condition";
  readonly index: number;
  readonly yes: Node;
  readonly no: Node;
}

export interface Tree {
  /** The expression as characters: places and error positions count in them. */
  readonly chars: readonly string[];
  readonly root: Node;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Names in order of appearance → number of the group. */
  readonly names: ReadonlyMap<string, number>;
}

export const NOTHING: Node = { kind: "sequence", items: [] };

/** The children of a node, in order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "choice":
      return node.branches;
    case "group":
    case "repeat":
    case "atomic":
    case "look":
      return [node.body];
    case "condition":
      return [node.yes, node.no];
    case "char":
    case "edge":
    case "backref":
      return [];
  }
}

/** Whether `test` holds for the node or for anything below it. */
export function some(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => some(child, test));
}

/** Puts nodes one after the other, without nesting sequences. */
export function sequence(items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]));
  const only = flat[0];
  return flat.length === 1 && only !== undefined ? only : { kind: "sequence", items: flat };
}

/** Keeps what a non-capturing bracket held one item, so that a repetition after it takes all of it. */
export function wrap(body: Node): Node {
  return body.kind === "char" ? body : { kind: "choice", branches: [body] };
}

/** Takes the bracket of `wrap` away again. */
export function unwrap(node: Node): Node {
  const only = node.kind === "choice" && node.branches.length === 1 ? node.branches[0] : undefined;
  return only === undefined ? node : unwrap(only);
}
