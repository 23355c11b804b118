/**
 * The instructions of the matcher, with their operands, and the program that they make up. What they do stands in
 * `matcher.ts`, how they are made in `program.ts`.
 */
import { type CharSet } from "./chars.ts";
import { type Edge, type Place } from "./tree.ts";

export const OP = {
  /** set */
  CHAR: 0,
  /** first choice, second choice, memory, table of the first, table of the second */
  FORK: 1,
  /** target */
  JUMP: 2,
  /** slot */
  MARK: 3,
  /** edge */
  EDGE: 4,
  /** group, 1 ignoring case | 2 ASCII */
  BACKREF: 5,
  /** group, where to go if it took no part */
  CONDITION: 6,
  /** set, min, max, mode, memory, table of what follows: repeats one character */
  RUN: 7,
  /** register: begins a loop that counts */
  LOOP: 8,
  /** register, min, max, mode, body: another round of it, or on */
  ROUND: 9,
  /** register, 1 negative, characters back, end */
  LOOK: 10,
  /** register, 1 negative */
  LOOK_END: 11,
  /** register */
  SHUT: 12,
  /** register: forgets the choices since SHUT */
  SHUT_END: 13,
  MATCH: 14,
  /** choice, branch, memory: the first branch from this one on that the next character allows */
  ROUTE: 15,
} as const;

export const MODES = ["greedy", "lazy", "possessive"] as const;
export const EDGES: readonly Edge["edge"][] = ["start", "lineStart", "end", "lineEnd", "veryEnd", "word", "notWord"];
/** Added to the number of an edge that knows ASCII words only. */
export const ASCII_EDGE = 16;
export const NO_LIMIT = 0x7fff_ffff;
/** How many numbers each takes, operands included. */
export const SIZES: Readonly<Record<number, number>> = {
  [OP.CHAR]: 2,
  [OP.FORK]: 6,
  [OP.JUMP]: 2,
  [OP.MARK]: 2,
  [OP.EDGE]: 2,
  [OP.BACKREF]: 3,
  [OP.CONDITION]: 3,
  [OP.RUN]: 7,
  [OP.LOOP]: 2,
  [OP.ROUND]: 6,
  [OP.LOOK]: 5,
  [OP.LOOK_END]: 3,
  [OP.SHUT]: 2,
  [OP.SHUT_END]: 2,
  [OP.MATCH]: 1,
  [OP.ROUTE]: 4,
};
export const FORK_SIZE = 6;
export const RUN_SIZE = 7;
export const ROUTE_SIZE = 4;

/** A choice of many branches: for each branch and class of character the next branch that may begin with it. */
export interface Routes {
  readonly branches: number;
  readonly addresses: readonly number[];
  readonly next: Uint16Array;
}
/** Classes of a route: those of `classOf`, and the end of the text. */
export const ROUTE_CLASSES = 130;

export interface Program {
  readonly code: Int32Array;
  readonly sets: readonly CharSet[];
  /** Slots: two for each group, from group 0 on. */
  readonly slots: number;
  readonly registers: number;
  /** How many instructions may remember that they failed at a position; 0 where failing depends on more than the position. */
  readonly memories: number;
  /** Which characters may come next on a way, by `classOf`: a choice whose next character cannot fit need not be tried. */
  readonly tables: readonly Uint8Array[];
  readonly routes: readonly Routes[];
  /** Table of what a match begins with, or -1. */
  readonly first: number;
  /** Matches begin at the text's start only. */
  readonly anchored: boolean;
  /** What the instruction at an address came from, for explanations. */
  readonly places: ReadonlyMap<number, Place>;
}
