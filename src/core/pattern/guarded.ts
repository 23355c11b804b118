/**
 * `(?:(?! from ).)*`, a loop that watches for a text at each step → a loop without look-ahead: V8's linear engine takes no
 * look-ahead, and without that engine behind it an expression may be given to V8 on short texts only.
 *
 * The loop is written out as the automaton that knows how much of the watched text has just gone by. Only for printing: it
 * holds for ASCII. Where it is not exactly the same, places and their order included, the loop stays as it is:
 * - the first character of the watched text must not come again before its last (else more than one could have begun);
 * - of what follows the loop it must be clear whether it could complete a text that has begun.
 */
import { type Node, NOTHING, type Repeat, sequence, unwrap } from "./tree.ts";

/** One entry for each ASCII character: 1 where it belongs to the set. */
type Table = Uint8Array;

/** @returns a tree that means the same on ASCII texts, with fewer look-aheads. */
export function withoutGuards(root: Node): Node {
  return change(root, []);
}

/** @param follow what comes after the node, as far as it is known. */
function change(node: Node, follow: readonly Node[]): Node {
  switch (node.kind) {
    case "sequence":
      return sequence(node.items.map((item, at) => change(item, [...node.items.slice(at + 1), ...follow])));
    case "choice":
      return { kind: "choice", branches: node.branches.map((branch) => change(branch, follow)) };
    case "group":
      return { ...node, body: change(node.body, follow) };
    case "repeat":
      if (node.max <= 1) return { ...node, body: change(node.body, follow) };
      return automaton(node, follow) ?? node;
    default:
      return node;
  }
}

function automaton({ body, min, max, mode }: Repeat, follow: readonly Node[]): Node | null {
  const inside = unwrap(body);
  if (inside.kind !== "sequence" || min !== 0 || max !== Infinity || mode === "possessive") return null;
  const [look, step, ...others] = inside.items;
  if (look?.kind !== "look" || step?.kind !== "char" || others.length > 0) return null;
  const watched = look.ahead && look.negative ? tablesOf(look.body) : null;
  if (watched === null || watched.length < 2 || !beginsOnce(watched)) return null;
  const all = step.set.ascii;
  if (!watched.every((table) => isWithin(table, all))) return null;
  const exits = exitsOf(watched, leading(follow));
  return exits === null ? null : written(watched, all, exits, mode);
}

/** A text of characters only; null for anything else. */
function tablesOf(node: Node): readonly Table[] | null {
  const items = node.kind === "sequence" ? node.items : [unwrap(node)];
  const tables = items.flatMap((item) => (item.kind === "char" ? [item.set.ascii] : []));
  return tables.length === items.length ? tables : null;
}

function beginsOnce([first, ...rest]: readonly Table[]): boolean {
  return first !== undefined && rest.slice(0, -1).every((table) => !overlaps(table, first));
}

/** What surely follows: characters one by one; null stands for the text's end. */
function leading(follow: readonly Node[]): readonly (Table | null)[] {
  const known: (Table | null)[] = [];
  for (const node of follow.flatMap(parts)) {
    if (node.kind === "char") known.push(node.set.ascii);
    else {
      if (node.kind === "edge" && (node.edge === "end" || node.edge === "veryEnd")) known.push(null);
      break;
    }
  }
  return known;
}

function parts(node: Node): readonly Node[] {
  if (node.kind === "group") return parts(node.body);
  return node.kind === "sequence" ? node.items.flatMap(parts) : [unwrap(node)];
}

/** For each number of characters of the watched text that have gone by: may the loop end there? Null: that cannot be told. */
function exitsOf(watched: readonly Table[], known: readonly (Table | null)[]): readonly boolean[] | null {
  const exits = watched.map((_, gone) => mayEnd(watched.slice(gone), known));
  return exits.every((exit) => exit !== null) ? [true, ...exits.slice(1)] : null;
}

/** @returns false where what follows surely completes the text, so that the loop would have stopped before it. */
function mayEnd(rest: readonly Table[], known: readonly (Table | null)[]): boolean | null {
  for (const [at, table] of rest.entries()) {
    const next = known[at];
    if (next === undefined) return null;
    // `$` lets one line feed pass.
    if (next === null) return table[LINE_FEED] === 1 ? null : true;
    if (!overlaps(table, next)) return true;
    if (!isWithin(next, table)) return null;
  }
  return false;
}

const LINE_FEED = 10;

/**
 * `units* tail?`: units end where nothing of the text has gone by, the tail where something has. Of the places within a text
 * that has begun at most one is followed by what follows, or `exitsOf` would not know: so their order does not matter.
 */
function written(watched: readonly Table[], all: Table, exits: readonly boolean[], mode: Repeat["mode"]): Node {
  const first = tableAt(watched, 0);
  const begun = sequence([char(first), { ...ANY_TIMES, body: again(watched, 1) }]);
  const unit: Node = {
    kind: "choice",
    branches: [char(without(all, first)), sequence([begun, lost(watched, all, 1)])],
  };
  const tail = sequence([begun, ending(watched, exits, 1)]);
  return sequence([{ ...ANY_TIMES, body: unit, mode }, perhaps(tail)]);
}

const ANY_TIMES = { kind: "repeat", min: 0, max: Infinity, mode: "greedy" } as const;

function perhaps(node: Node): Node {
  return { kind: "repeat", body: { kind: "choice", branches: [node] }, min: 0, max: 1, mode: "greedy" };
}

/** From "`gone` characters have gone by" on, until the text has begun anew. */
function again(watched: readonly Table[], gone: number): Node {
  const [first, next] = [tableAt(watched, 0), tableAt(watched, gone)];
  return orOn(char(without(first, next)), watched, gone, () => again(watched, gone + 1));
}

/** The same, until it is none. */
function lost(watched: readonly Table[], all: Table, gone: number): Node {
  const [first, next] = [tableAt(watched, 0), tableAt(watched, gone)];
  return orOn(char(without(without(all, next), first)), watched, gone, () => lost(watched, all, gone + 1));
}

/** Either what leads away here, or the next character of the watched text, but for its last one, and on from there. */
function orOn(away: Node, watched: readonly Table[], gone: number, on: () => Node): Node {
  if (gone === watched.length - 1) return away;
  return { kind: "choice", branches: [away, sequence([char(tableAt(watched, gone)), on()])] };
}

/** The loop's last characters: as many of the watched text as may have gone by at its end. */
function ending(watched: readonly Table[], exits: readonly boolean[], gone: number): Node {
  if (gone === watched.length - 1) return exits[gone] === true ? NOTHING : NEVER;
  const more = sequence([char(tableAt(watched, gone)), ending(watched, exits, gone + 1)]);
  return exits[gone] === true ? perhaps(more) : more;
}

function tableAt(watched: readonly Table[], at: number): Table {
  return watched[at] ?? new Uint8Array(128);
}

function char(ascii: Table): Node {
  return { kind: "char", set: { ascii, wide: () => false, narrow: true, only: -1 }, place: { from: 0, to: 0 } };
}

/** No character at all. */
const NEVER = char(new Uint8Array(128));

function overlaps(a: Table, b: Table): boolean {
  return a.some((entry, at) => entry === 1 && b[at] === 1);
}

function isWithin(part: Table, whole: Table): boolean {
  return part.every((entry, at) => entry === 0 || whole[at] === 1);
}

function without(whole: Table, part: Table): Table {
  return whole.map((entry, at) => (part[at] === 1 ? 0 : entry));
}
