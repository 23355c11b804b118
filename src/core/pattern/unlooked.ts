/**
 * An expression without look-ahead where that is possible exactly: what must not follow is worked into what does follow
 * (`avoid.ts`); what must follow is left out where it surely does, or put in the place of what takes the line's rest anyway.
 * Only for printing: it holds for ASCII.
 */
import { avoiding, both, char, isWithin, textsOf } from "./avoid.ts";
import { type First, firstOf, NOTHING_FIRST, orFirst, thenFirst } from "./first.ts";
import { childrenOf, type Look, type Node, type Repeat, sequence, some, unwrap } from "./tree.ts";
import { widthOf } from "./width.ts";

/** Nodes of an expression that was written out; if it would have more, it stays as it is. */
const MAX_NODES = 20_000;

/** @returns a tree that means the same on ASCII texts, with fewer look-aheads. */
export function withoutLooks(root: Node): Node {
  if (!some(root, (node) => node.kind === "look" && node.ahead)) return root;
  const changed = change(withRest(root), NOTHING_FIRST);
  return sizeOf(changed) > MAX_NODES ? root : changed;
}

function sizeOf(node: Node): number {
  return childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 1);
}

function change(node: Node, after: First): Node {
  switch (node.kind) {
    case "sequence":
      return changeSequence(node.items, after);
    case "choice":
      return { kind: "choice", branches: node.branches.map((branch) => change(branch, after)) };
    case "group":
      return { ...node, body: change(node.body, after) };
    case "repeat": {
      const again = orFirst(thenFirst(firstOf(node.body), after), after);
      return { ...node, body: change(node.body, node.max > 1 ? again : after) };
    }
    default:
      return node;
  }
}

/** From the last item to the first, so that each look-ahead meets what follows in its final form. */
function changeSequence(items: readonly Node[], after: First): Node {
  return items.reduceRight((rest: Node, item: Node): Node => {
    const next = thenFirst(firstOf(rest), after);
    if (item.kind !== "look" || !item.ahead) return sequence([change(item, next), rest]);
    if (!item.negative && isSure(item, next)) return rest;
    return sequence(item.negative ? avoidAll(item, itemsOf(rest), after) : [item, rest]);
  }, NOTHING);
}

const NOTHING: Node = { kind: "sequence", items: [] };

function itemsOf(node: Node): readonly Node[] {
  return node.kind === "sequence" ? node.items : [node];
}

function avoidAll(look: Look, rest: readonly Node[], after: First): readonly Node[] {
  let items: readonly Node[] = rest;
  for (const text of textsOf(look.body) ?? [null]) {
    const avoided = text === null ? null : avoiding(text, items, after);
    if (avoided === null) return [look, ...rest];
    items = avoided;
  }
  return items;
}

/** One character must follow, and it does whatever follows. */
function isSure(look: Look, next: First): boolean {
  const inside = unwrap(look.body);
  return (
    inside.kind === "char" &&
    !next.empty &&
    next.table[128] === 0 &&
    isWithin(next.table.subarray(0, 128), inside.set.ascii)
  );
}

/** What takes the rest of a line: characters before it, the group or nothing around `.+`, and the end. */
interface Rest {
  readonly fixed: readonly Node[];
  readonly all: Repeat;
  /** Puts another content in the place of `all`. */
  with(content: Node): readonly Node[];
}

function restOf(items: readonly Node[]): Rest | null {
  const [end, around, ...before] = items.toReversed();
  if (end?.kind !== "edge" || (end.edge !== "end" && end.edge !== "veryEnd") || around === undefined) return null;
  const all = around.kind === "group" ? around.body : around;
  if (all.kind !== "repeat" || all.body.kind !== "char" || all.min > 1 || all.max !== Infinity) return null;
  if (all.mode !== "greedy" || !before.every((item) => item.kind === "char")) return null;
  const fixed = before.toReversed();
  return { fixed, all, with: (content) => [around.kind === "group" ? { ...around, body: content } : content, end] };
}

/** `(?:a|b(?=x.y)) (.+)$` → `(?:a (.+)|b (.y.*))$` where the look-ahead begins with the blank: the rest is the line's end in any case. */
function withRest(root: Node): Node {
  const items = itemsOf(root);
  const at = items.findIndex((item) => some(item, isTail));
  const choice = items[at];
  const rest = restOf(items.slice(at + 1));
  if (choice === undefined || rest === null) return root;
  const branches = branchesWith(choice, rest);
  return branches === null ? root : sequence([...items.slice(0, at), { kind: "choice", branches }]);
}

function isTail(node: Node): boolean {
  return node.kind === "look" && node.ahead && !node.negative;
}

/** Each branch followed by the rest of the line; null where a look-ahead could not be put into it. */
function branchesWith(node: Node, rest: Rest): readonly Node[] | null {
  if (!some(node, isTail)) return [sequence([node, ...rest.fixed, ...rest.with(rest.all)])];
  if (node.kind === "choice") {
    const branches = node.branches.map((branch) => branchesWith(branch, rest));
    return branches.every((branch) => branch !== null) ? branches.flat() : null;
  }
  const items = itemsOf(node);
  const last = items.at(-1);
  const front = items.slice(0, -1);
  if (last?.kind !== "look" || !isTail(last) || some(sequence(front), isTail)) return null;
  const within = intoRest(itemsOf(unwrap(last.body)), rest);
  return within === null ? null : [sequence([...front, ...within])];
}

/** @param ahead what must follow */
function intoRest(ahead: readonly Node[], { fixed, all, with: put }: Rest): readonly Node[] | null {
  const chars: Node[] = [];
  for (const [at, own] of fixed.entries()) {
    const wanted = ahead[at];
    if (own.kind !== "char" || wanted?.kind !== "char") return null;
    chars.push(char(both(own.set.ascii, wanted.set.ascii)));
  }
  const content = sequence(ahead.slice(fixed.length));
  const set = all.body.kind === "char" ? all.body.set.ascii : new Uint8Array(128);
  const isPlain = !some(content, (node) => {
    if (node.kind === "char") return !isWithin(node.set.ascii, set);
    return !["sequence", "choice", "repeat"].includes(node.kind);
  });
  if (!isPlain || widthOf(content).min < all.min) return null;
  return [...chars, ...put(sequence([content, { ...all, min: 0 }]))];
}
