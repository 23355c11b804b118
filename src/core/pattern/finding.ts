/** What a search found: texts and places of groups, worked out only when asked for. */
import { type GAVE_UP, type Match } from "./pattern.ts";
import { type Printed } from "./print.ts";
import { type Node, some, type Tree } from "./tree.ts";
import { widthOf } from "./width.ts";

export interface Finding extends Match {
  /** What the group with this number captured; undefined when it took no part. */
  text(index: number): string | undefined;
  /** Where it matched; null when it took no part. */
  spanAt(index: number): Span | null;
}

export type Span = readonly [start: number, end: number];

/** The group's place is a fixed distance from the match's start or end. */
type Fixed = { readonly fromStart: number } | { readonly fromEnd: number };

export interface Layout {
  readonly names: ReadonlyMap<string, number>;
  readonly captures: readonly (readonly number[])[];
  readonly trims: readonly number[];
  /** Groups that the JavaScript expression does not capture. */
  readonly lost: readonly number[];
  readonly fixed: readonly (Fixed | null)[];
  /** Matches again at a known start, for places of groups that cannot be told from the texts. */
  rematch(text: string, start: number): Finding | null | typeof GAVE_UP;
}

export function layoutOf(tree: Tree, printed: Printed | null, rematch: Layout["rematch"]): Layout {
  const fixed = Array.from({ length: tree.groups + 1 }, (_, index) => fixedPlace(tree.root, index));
  return {
    names: tree.names,
    captures: printed?.captures ?? [],
    trims: printed?.trims ?? [],
    lost: printed?.lost ?? [],
    fixed,
    rematch,
  };
}

function fixedPlace(root: Node, index: number): Fixed | null {
  const items = root.kind === "sequence" ? root.items : [root];
  const at = items.findIndex((item) => item.kind === "group" && item.index === index);
  if (at < 0) return null;
  const before = fixedWidth(items.slice(0, at));
  if (before !== null) return { fromStart: before };
  const after = fixedWidth(items.slice(at + 1));
  return after === null ? null : { fromEnd: after };
}

function fixedWidth(items: readonly Node[]): number | null {
  if (items.some((item) => some(item, (part) => part.kind === "backref"))) return null;
  const width = widthOf({ kind: "sequence", items });
  return width.min === width.max ? width.min : null;
}

const NO_CAPTURES: readonly number[] = [];

/** Loops count places here: all lines pass, and an iterator would be an object for each. */
export class PrintedFinding implements Finding {
  readonly #layout: Layout;
  readonly #found: RegExpExecArray;
  readonly #whole: string;
  readonly start: number;
  readonly end: number;

  constructor(layout: Layout, found: RegExpExecArray, whole: string) {
    this.#layout = layout;
    this.#found = found;
    this.#whole = whole;
    this.start = found.index;
    let end = found.index + found[0].length;
    const { trims } = layout;
    for (let at = 0; at < trims.length; at += 1) end -= found[trims[at] ?? 0]?.length ?? 0;
    this.end = end;
  }

  get(name: string): string | undefined {
    const index = this.#layout.names.get(name);
    return index === undefined ? undefined : this.text(index);
  }

  text(index: number): string | undefined {
    if (index === 0) return this.#whole.slice(this.start, this.end);
    const { lost } = this.#layout;
    if (lost.length > 0 && lost.includes(index)) return this.#again()?.text(index);
    const captures = this.#layout.captures[index] ?? NO_CAPTURES;
    for (let at = 0; at < captures.length; at += 1) {
      const text = this.#found[captures[at] ?? 0];
      if (text !== undefined) return text;
    }
    return undefined;
  }

  span(name: string): Span | null {
    const index = this.#layout.names.get(name);
    return index === undefined ? null : this.spanAt(index);
  }

  spanAt(index: number): Span | null {
    if (index === 0) return [this.start, this.end];
    const text = this.text(index);
    if (text === undefined) return null;
    const fixed = this.#layout.fixed[index] ?? null;
    if (fixed === null) return this.#search(index);
    const start = "fromStart" in fixed ? this.start + fixed.fromStart : this.end - fixed.fromEnd - text.length;
    return [start, start + text.length];
  }

  #search(index: number): Span | null {
    return this.#again()?.spanAt(index) ?? null;
  }

  #again(): Finding | null {
    const again = this.#layout.rematch(this.#whole, this.start);
    return again === "gave up" ? null : again;
  }
}

export class ProgramFinding implements Finding {
  readonly #layout: Layout;
  readonly #slots: Int32Array;
  readonly #whole: string;
  readonly start: number;
  readonly end: number;

  constructor(layout: Layout, slots: Int32Array, whole: string) {
    this.#layout = layout;
    this.#slots = slots;
    this.#whole = whole;
    this.start = slots[0] ?? 0;
    this.end = slots[1] ?? 0;
  }

  get(name: string): string | undefined {
    const index = this.#layout.names.get(name);
    return index === undefined ? undefined : this.text(index);
  }

  text(index: number): string | undefined {
    const span = this.spanAt(index);
    return span === null ? undefined : this.#whole.slice(span[0], span[1]);
  }

  span(name: string): Span | null {
    const index = this.#layout.names.get(name);
    return index === undefined ? null : this.spanAt(index);
  }

  spanAt(index: number): Span | null {
    const start = this.#slots[2 * index] ?? -1;
    const end = this.#slots[2 * index + 1] ?? -1;
    return start < 0 || end < 0 ? null : [start, end];
  }
}
