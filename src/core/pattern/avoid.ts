/**
 * `(?!text)part` → a part that means the same without look-ahead: V8's linear engine takes none, and without that engine
 * behind it an expression may be given to V8 on short texts only.
 *
 * The part is split by the next character: either it is another one than the text's first, and all is as without the
 * look-ahead; or it is that one, and what follows must avoid the rest of the text. The two exclude each other, so the order
 * in which ways are tried stays the same. Only for printing: it holds for ASCII. In doubt it declines.
 */
import { type First, firstOf, overlap, thenFirst } from "./first.ts";
import { type Node, NOTHING, type Repeat, sequence, some, unwrap } from "./tree.ts";
import { widthOf } from "./width.ts";

/** One entry for each ASCII character: 1 where it belongs to the set. */
export type Table = Uint8Array;

/** All of ASCII. */
export const ALL: Table = new Uint8Array(128).fill(1);

/** Longer texts make expressions that are too large to be worth it. */
const MAX_TEXT = 64;
const MAX_TEXTS = 6;

/** @returns each text that look-ahead with this body watches for; null where they are not plain texts */
export function textsOf(body: Node): readonly (readonly Table[])[] | null {
  const inside = unwrap(body);
  const branches = inside.kind === "choice" ? inside.branches : [inside];
  if (branches.length > MAX_TEXTS) return null;
  const texts = branches.map(textOf);
  return texts.every((text) => text !== null) ? texts : null;
}

function textOf(node: Node): readonly Table[] | null {
  const text: Table[] = [];
  const items = node.kind === "sequence" ? node.items : [node];
  for (const [at, item] of items.map(unwrap).entries()) {
    if (item.kind === "char") text.push(item.set.ascii);
    // a word's end: a character that is none of a word, or the text's end, of which `ending` sees to
    else if (item.kind === "edge" && item.edge === "word" && at === items.length - 1 && endsInWord(text))
      text.push(NO_WORD);
    else return null;
  }
  return text.length > 0 && text.length <= MAX_TEXT ? text : null;
}

const WORD = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));
/** What ends a text that ends with a word's edge. */
export const NO_WORD = WORD.map((entry) => 1 - entry);

function endsInWord(text: readonly Table[]): boolean {
  const last = text.at(-1);
  return last !== undefined && isWithin(last, WORD);
}

/**
 * @param after what the part is followed by
 * @returns a sequence that means `(?!text)` before these items; null where that is not possible
 */
export function avoiding(text: readonly Table[], items: readonly Node[], after: First): readonly Node[] | null {
  const [head, ...tail] = items;
  if (head === undefined) return endingAs(text, after, []);
  const alone = avoidIn(text, head, thenFirst(firstOf(sequence(tail)), after));
  if (alone !== null) return [alone, ...tail];
  if (head.kind === "edge") return after_(head, avoiding(text, tail, after));
  if (head.kind !== "char") return null;
  const [first, ...rest] = text;
  const inside = first === undefined ? null : avoiding(rest, tail, after);
  if (first === undefined || inside === null) return null;
  const same = sequence([char(both(head.set.ascii, first)), ...inside]);
  if (isWithin(head.set.ascii, first)) return [same];
  return [{ kind: "choice", branches: [sequence([char(without(head.set.ascii, first)), ...tail]), same] }];
}

function after_(head: Node, rest: readonly Node[] | null): readonly Node[] | null {
  return rest === null ? null : [head, ...rest];
}

/** The same for one node, without a look into what follows but for its first character. */
function avoidIn(text: readonly Table[], node: Node, after: First): Node | null {
  switch (node.kind) {
    case "char":
      return avoidInChar(text, node, after);
    case "sequence": {
      const items = avoiding(text, node.items, after);
      return items === null ? null : sequence(items);
    }
    case "choice": {
      const branches = node.branches.map((branch) => avoidIn(text, branch, after));
      return branches.every((branch) => branch !== null) ? { kind: "choice", branches } : null;
    }
    case "group": {
      const body = avoidIn(text, node.body, after);
      return body === null ? null : { ...node, body };
    }
    case "repeat":
      return avoidInRepeat(text, node, after);
    default:
      return null;
  }
}

function avoidInChar(text: readonly Table[], node: Node & { readonly kind: "char" }, after: First): Node | null {
  const [first, ...rest] = text;
  if (first === undefined) return NEVER;
  if (!overlap(node.set.ascii, first)) return node;
  const end = ending(rest, after);
  if (end === "unknown") return null;
  return end === "avoided" ? node : char(without(node.set.ascii, first));
}

/** The first round avoids the text; where there need be none, what follows must do it. */
function avoidInRepeat(text: readonly Table[], node: Repeat, after: First): Node | null {
  const { body, min, max, mode } = node;
  if (mode === "possessive" || max === 0 || widthOf(body).min === 0) return null;
  if (max > 1 && some(body, (part) => part.kind === "group")) return null;
  const more: readonly Node[] = max > 1 ? [{ ...node, min: Math.max(0, min - 1), max: max - 1 }] : [];
  const items = avoiding(text, [body, ...more], after);
  if (items === null) return null;
  const once = sequence(items);
  if (min > 0) return bracket(once);
  switch (ending(text, after)) {
    case "unknown":
      return null;
    case "met":
      return bracket(once);
    case "avoided":
      return { kind: "choice", branches: mode === "lazy" ? [NOTHING, once] : [once, NOTHING] };
  }
}

/** What becomes of a text of which the first characters have gone by, when this follows. */
function ending(rest: readonly Table[], after: First): "avoided" | "met" | "unknown" {
  const [first, ...others] = rest;
  if (first === undefined) return "met";
  if (after.empty) return "unknown";
  const next = after.table.subarray(0, 128);
  if (!overlap(next, first)) return "avoided";
  return others.length === 0 && isWithin(next, first) ? "met" : "unknown";
}

function endingAs(text: readonly Table[], after: First, items: readonly Node[]): readonly Node[] | null {
  const end = ending(text, after);
  if (end === "unknown") return null;
  return end === "avoided" ? items : [NEVER];
}

function bracket(node: Node): Node {
  return { kind: "choice", branches: [node] };
}

export function char(ascii: Table): Node {
  return { kind: "char", set: { ascii, wide: () => false, narrow: true, only: -1 }, place: { from: 0, to: 0 } };
}

/** No character at all. */
export const NEVER = char(new Uint8Array(128));

export function isWithin(part: Table, whole: Table): boolean {
  return part.every((entry, at) => entry === 0 || whole[at] === 1);
}

export function without(whole: Table, part: Table): Table {
  return whole.map((entry, at) => (part[at] === 1 ? 0 : entry));
}

export function both(one: Table, other: Table): Table {
  return one.map((entry, at) => (other[at] === 1 ? entry : 0));
}
