/** Tree → program of the matcher: a flat list of instructions (`instructions.ts`). */
import { type CharSet } from "./chars.ts";
import { ANYTHING, type First, firstOf, isAnchored, orFirst, thenFirst } from "./first.ts";
import {
  ASCII_EDGE,
  EDGES,
  FORK_SIZE,
  MODES,
  NO_LIMIT,
  OP,
  type Program,
  ROUTE_CLASSES,
  type Routes,
} from "./instructions.ts";
import { type Node, type Place, type Repeat, some, type Tree } from "./tree.ts";
import { widthOf } from "./width.ts";

/** Fewer branches are tried one after the other. */
const MIN_ROUTES = 6;

/** Loops of more than one character are written out up to so many instructions, so that they need no counting. */
const MAX_UNROLLED = 600;
/** Instructions of one program; larger expressions count instead of being written out. */
const MAX_PROGRAM = 20_000;

interface Draft {
  readonly code: number[];
  readonly sets: CharSet[];
  readonly places: Map<number, Place>;
  readonly tables: Uint8Array[];
  readonly routes: Routes[];
  registers: number;
  memories: number;
  /** Inside of a loop that counts, failing depends on the count. */
  counted: number;
  readonly remembers: boolean;
}

export function compile(tree: Tree): Program {
  const remembers = !some(tree.root, (node) => node.kind === "backref" || node.kind === "condition");
  const draft: Draft = {
    code: [],
    sets: [],
    places: new Map(),
    tables: [],
    routes: [],
    registers: 0,
    memories: 0,
    counted: 0,
    remembers,
  };
  emit(tree.root, draft, ANYTHING);
  draft.code.push(OP.MATCH);
  const { code, sets, registers, memories, places, tables, routes } = draft;
  const first = tableOf(firstOf(tree.root), draft);
  const anchored = isAnchored(tree.root);
  const slots = 2 * (tree.groups + 1);
  return { code: Int32Array.from(code), sets, slots, registers, memories, tables, routes, first, anchored, places };
}

/** @returns -1 where nothing can be said: the way may end before the next character. */
function tableOf(first: First, draft: Draft): number {
  return first.empty ? -1 : draft.tables.push(first.table) - 1;
}

/** @param follow what comes after the part, on every way on. */
function emit(node: Node, draft: Draft, follow: First): void {
  const { code } = draft;
  switch (node.kind) {
    case "char":
      draft.places.set(code.length, node.place);
      code.push(OP.CHAR, setOf(node.set, draft));
      return;
    case "sequence":
      return emitSequence(node.items, draft, follow);
    case "choice":
      return emitChoice(node.branches, draft, follow);
    case "group":
      code.push(OP.MARK, 2 * node.index);
      emit(node.body, draft, follow);
      code.push(OP.MARK, 2 * node.index + 1);
      return;
    case "repeat":
      return emitRepeat(node, draft, follow);
    case "atomic":
      return emitShut(node.body, draft);
    case "look": {
      draft.places.set(code.length, node.place);
      const register = takeRegisters(draft);
      const negative = node.negative ? 1 : 0;
      const end = code.push(OP.LOOK, register, negative, node.width, 0) - 1;
      emit(node.body, draft, ANYTHING);
      code.push(OP.LOOK_END, register, negative);
      code[end] = code.length;
      return;
    }
    case "edge":
      draft.places.set(code.length, node.place);
      code.push(OP.EDGE, EDGES.indexOf(node.edge) + (node.ascii ? ASCII_EDGE : 0));
      return;
    case "backref":
      draft.places.set(code.length, node.place);
      code.push(OP.BACKREF, node.index, (node.ignoreCase ? 1 : 0) + (node.ascii ? 2 : 0));
      return;
    case "condition": {
      const no = code.push(OP.CONDITION, node.index, 0) - 1;
      emit(node.yes, draft, follow);
      const end = code.push(OP.JUMP, 0) - 1;
      code[no] = code.length;
      emit(node.no, draft, follow);
      code[end] = code.length;
    }
  }
}

function emitSequence(items: readonly Node[], draft: Draft, follow: First): void {
  const follows = [follow];
  for (let at = items.length - 1; at > 0; at--) {
    const item = items[at];
    const rest = follows[0];
    if (item !== undefined && rest !== undefined) follows.unshift(thenFirst(firstOf(item), rest));
  }
  items.forEach((item, at) => emit(item, draft, follows[at] ?? ANYTHING));
}

function setOf(set: CharSet, draft: Draft): number {
  const known = draft.sets.indexOf(set);
  return known >= 0 ? known : draft.sets.push(set) - 1;
}

function takeRegisters(draft: Draft): number {
  draft.registers += 2;
  return draft.registers - 2;
}

function takeMemory(draft: Draft): number {
  return draft.remembers && draft.counted === 0 ? draft.memories++ : -1;
}

/** @returns the address of the second choice, to be filled in. */
function emitFork(draft: Draft, first: First, second: First): number {
  const { code } = draft;
  const tables = [tableOf(first, draft), tableOf(second, draft)];
  return code.push(OP.FORK, code.length + FORK_SIZE, 0, takeMemory(draft), ...tables) - 4;
}

function emitChoice(branches: readonly Node[], draft: Draft, follow: First): void {
  const ends: number[] = [];
  const firsts = branches.map((branch) => thenFirst(firstOf(branch), follow));
  if (branches.length >= MIN_ROUTES && branches.length < 0xffff) return emitRoutes(branches, firsts, draft, follow);
  branches.forEach((branch, at) => {
    const last = at === branches.length - 1;
    const others = firsts.slice(at + 1).reduce(orFirst, firsts.at(-1) ?? ANYTHING);
    const second = last ? -1 : emitFork(draft, firsts[at] ?? ANYTHING, others);
    emit(branch, draft, follow);
    if (last) return;
    ends.push(draft.code.push(OP.JUMP, 0) - 1);
    draft.code[second] = draft.code.length;
  });
  for (const end of ends) draft.code[end] = draft.code.length;
}

function emitRoutes(branches: readonly Node[], firsts: readonly First[], draft: Draft, follow: First): void {
  const { code } = draft;
  const addresses: number[] = [];
  const number = draft.routes.push({ branches: branches.length, addresses, next: nextBranches(firsts) }) - 1;
  const ends = branches.map((branch, at) => {
    addresses.push(code.length);
    code.push(OP.ROUTE, number, at, at === 0 ? takeMemory(draft) : -1);
    emit(branch, draft, follow);
    return code.push(OP.JUMP, 0) - 1;
  });
  for (const end of ends) code[end] = code.length;
}

function nextBranches(firsts: readonly First[]): Uint16Array {
  const next = new Uint16Array((firsts.length + 1) * ROUTE_CLASSES).fill(firsts.length);
  for (let branch = firsts.length - 1; branch >= 0; branch--) {
    const first = firsts[branch] ?? ANYTHING;
    for (let kind = 0; kind < ROUTE_CLASSES; kind++) {
      const able = first.empty || first.table[kind] === 1;
      next[branch * ROUTE_CLASSES + kind] = able ? branch : (next[(branch + 1) * ROUTE_CLASSES + kind] ?? 0);
    }
  }
  return next;
}

/** Inside, what follows must not be looked at: the way is chosen without it. */
function emitShut(body: Node, draft: Draft): void {
  const register = takeRegisters(draft);
  draft.code.push(OP.SHUT, register);
  emit(body, draft, ANYTHING);
  draft.code.push(OP.SHUT_END, register);
}

function emitRepeat(node: Repeat, draft: Draft, follow: First): void {
  const { body, min, max, mode } = node;
  if (max === 0) return;
  if (body.kind === "char") {
    draft.places.set(draft.code.length, body.place);
    const most = max === Infinity ? NO_LIMIT : max;
    const memory = max === Infinity && mode !== "possessive" ? takeMemory(draft) : -1;
    const table = mode === "possessive" ? -1 : tableOf(follow, draft);
    draft.code.push(OP.RUN, setOf(body.set, draft), min, most, MODES.indexOf(mode), memory, table);
    return;
  }
  if (mode === "possessive") return emitShut({ ...node, mode: "greedy" }, draft);
  if (max === 1 && min === 0) return emitOptional(node, draft, follow, follow, () => {});
  const rounds = max === Infinity ? min + 1 : max;
  const fits = rounds === 1 || (draft.code.length < MAX_PROGRAM && sizeOf(body) * rounds <= MAX_UNROLLED);
  if (fits && (min === max || widthOf(body).min > 0)) return emitRounds(node, draft, follow);
  emitCounted(node, draft, follow);
}

/** Written out: `min` times, then as many as may follow; every round takes something, or all are wanted. */
function emitRounds(node: Repeat, draft: Draft, follow: First): void {
  const { body, min, max } = node;
  const first = firstOf(body);
  const onward = max > min ? orFirst(thenFirst(first, follow), follow) : follow;
  for (let round = 1; round <= min; round++) emit(body, draft, round < min ? thenFirst(first, onward) : onward);
  if (max === Infinity) {
    const again = draft.code.length;
    emitOptional(node, draft, onward, follow, () => draft.code.push(OP.JUMP, again));
    return;
  }
  const nest = (left: number): void => {
    if (left > 0) emitOptional(node, draft, left > 1 ? onward : follow, follow, () => nest(left - 1));
  };
  nest(max - min);
}

/** The body and `after`, or neither. */
function emitOptional(node: Repeat, draft: Draft, onward: First, follow: First, after: () => void): void {
  const { code } = draft;
  const lazy = node.mode === "lazy";
  const at = code.length;
  const into = thenFirst(firstOf(node.body), onward);
  emitFork(draft, lazy ? follow : into, lazy ? into : follow);
  emit(node.body, draft, onward);
  after();
  code[at + 1] = lazy ? code.length : at + FORK_SIZE;
  code[at + 2] = lazy ? at + FORK_SIZE : code.length;
}

function emitCounted(node: Repeat, draft: Draft, follow: First): void {
  const { code } = draft;
  const register = takeRegisters(draft);
  const most = node.max === Infinity ? NO_LIMIT : node.max;
  code.push(OP.LOOP, register);
  const toRound = code.push(OP.JUMP, 0) - 1;
  const body = code.length;
  draft.counted++;
  emit(node.body, draft, orFirst(firstOf(node.body), follow));
  draft.counted--;
  code[toRound] = code.length;
  code.push(OP.ROUND, register, node.min, most, MODES.indexOf(node.mode), body);
}

/** Roughly how many instructions a part takes. */
function sizeOf(node: Node): number {
  switch (node.kind) {
    case "char":
    case "edge":
    case "backref":
      return 2;
    case "sequence":
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case "choice":
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch) + 6, 0);
    case "repeat": {
      if (node.body.kind === "char") return 6;
      const rounds = node.max === Infinity ? node.min + 1 : node.max;
      return sizeOf(node.body) * Math.max(1, rounds) + 6;
    }
    case "group":
    case "atomic":
    case "look":
      return sizeOf(node.body) + 8;
    case "condition":
      return sizeOf(node.yes) + sizeOf(node.no) + 6;
  }
}
