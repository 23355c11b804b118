/**
 * What each instruction of a program hopes for, for `prospects.ts`: what must be hopeful besides, at the same position or at the
 * next one, that a match may be completed from there.
 */
import { type CharSet } from "./chars.ts";
import { ASCII_EDGE, EDGES, OP, type Program, SIZES } from "./instructions.ts";

/** What a bit is made of; `here` are bits of the same position, `there` of the next, `a` and `b` what stands in the plan. */
export const HOPE = {
  ALWAYS: 0,
  /** here(a) */
  LIKE: 1,
  /** here(a) or here(b) */
  EITHER: 2,
  /** here(a) and here(b) */
  BOTH: 3,
  /** the set b has the character, and there(a) */
  TAKE: 4,
  /** here(a), or the set b has the character and there(own) */
  LOOP: 5,
  /** here(a) or there(own): anything may lie between */
  LATER: 6,
  /** the edge b is here, and here(a) */
  AT_EDGE: 7,
  /** here(a), and not here(b), which is known for sure in a text of ASCII */
  UNLESS: 8,
} as const;

/** The hopes of a program, one bit each: first those of its instructions, by `numbers`, then others. */
export interface Plan {
  readonly kinds: Uint8Array;
  readonly a: Int32Array;
  /** The other bit, the set, or the edge. */
  readonly b: Int32Array;
  /** Address of an instruction → its bit. */
  readonly numbers: Int32Array;
  /** How many belong to instructions. */
  readonly count: number;
  /** Bits of the same position that are made of earlier ones. */
  readonly backward: readonly number[];
  /** Class of a character → a class of characters that no set of the program tells apart. */
  readonly kindOf: Uint8Array;
  /** For each of these and each set: whether the set may have the character. */
  readonly fits: readonly Uint8Array[];
}

const plans = new WeakMap<Program, Plan>();

export function planOf(program: Program): Plan {
  const known = plans.get(program);
  if (known !== undefined) return known;
  const plan = makePlan(program);
  plans.set(program, plan);
  return plan;
}

/** Edges that are told from the character behind them and the text's ends; all others count as present. */
const TOLD: readonly number[] = (["start", "end", "veryEnd", "lineEnd"] as const).map((edge) => EDGES.indexOf(edge));
const LINE_FEED = 10;
/** ASCII, and one class for all others. */
const CLASSES = 129;

type Hope = readonly [kind: number, a: number, b: number];

function makePlan(program: Program): Plan {
  const { code } = program;
  const { numbers, count } = numbersOf(program);
  const hopes: Hope[] = [];
  const rests: Hope[] = [];
  for (let pc = 0; pc < code.length; pc += sizeOf(code, pc)) {
    const hope = hopeOf(program, pc, (address) => numbers[address] ?? 0);
    if (code[pc] !== OP.RUN || code[pc + 2] === 0) hopes.push(hope);
    // one character surely, then as many as there are
    else hopes.push([HOPE.TAKE, count + rests.push(hope) - 1, hope[2]]);
  }
  const all = [...hopes, ...rests];
  return {
    kinds: Uint8Array.from(all, ([kind]) => kind),
    a: Int32Array.from(all, ([, a]) => a),
    b: Int32Array.from(all, ([, , b]) => b),
    numbers,
    count,
    backward: hopes.flatMap(([kind, a, b], own) => (isBackward(kind, own, a, b) ? [own] : [])),
    ...kindsOf(program.sets),
  };
}

/** @param at the bit of the instruction at an address */
function hopeOf({ code, routes }: Program, pc: number, at: (address: number) => number): Hope {
  const operand = (index: number): number => code[pc + index] ?? 0;
  const next = at(pc + sizeOf(code, pc));
  switch (code[pc]) {
    case OP.CHAR:
      return [HOPE.TAKE, next, operand(1)];
    case OP.RUN:
      return [HOPE.LOOP, next, operand(1)];
    case OP.FORK:
      return [HOPE.EITHER, at(operand(1)), at(operand(2))];
    case OP.ROUTE: {
      const other = routes[operand(1)]?.addresses[operand(2) + 1];
      return other === undefined ? [HOPE.LIKE, next, 0] : [HOPE.EITHER, next, at(other)];
    }
    case OP.ROUND:
      return [HOPE.EITHER, at(operand(5)), next];
    case OP.CONDITION:
      return [HOPE.EITHER, next, at(operand(2))];
    case OP.JUMP:
      return [HOPE.LIKE, at(operand(1)), 0];
    case OP.EDGE: {
      const edge = operand(1) % ASCII_EDGE;
      return [TOLD.includes(edge) ? HOPE.AT_EDGE : HOPE.LIKE, next, edge];
    }
    case OP.BACKREF:
      return [HOPE.LATER, next, 0];
    case OP.LOOK: {
      const after = at(operand(4));
      const isAhead = operand(3) === 0;
      if (isAhead && operand(2) === 0) return [HOPE.BOTH, next, after];
      return isAhead && isPlain(code, pc + sizeOf(code, pc)) ? [HOPE.UNLESS, after, next] : [HOPE.LIKE, after, 0];
    }
    case OP.LOOK_END:
    case OP.SHUT_END:
    case OP.MATCH:
      return [HOPE.ALWAYS, 0, 0];
    default:
      return [HOPE.LIKE, next, 0];
  }
}

/** Whether the inside of look-around is characters one after the other, of which is known for sure where they stand. */
function isPlain(code: Int32Array, from: number): boolean {
  let pc = from;
  while (code[pc] === OP.CHAR) pc += sizeOf(code, pc);
  return code[pc] === OP.LOOK_END && pc > from;
}

function isBackward(kind: number, own: number, a: number, b: number): boolean {
  if (kind === HOPE.ALWAYS || kind === HOPE.TAKE) return false;
  return a <= own || ((kind === HOPE.EITHER || kind === HOPE.BOTH) && b <= own);
}

function numbersOf({ code }: Program): { readonly numbers: Int32Array; readonly count: number } {
  const numbers = new Int32Array(code.length).fill(-1);
  let count = 0;
  for (let pc = 0; pc < code.length; pc += sizeOf(code, pc)) numbers[pc] = count++;
  return { numbers, count };
}

function sizeOf(code: Int32Array, pc: number): number {
  return SIZES[code[pc] ?? OP.MATCH] ?? 1;
}

/** Characters that all sets take or leave alike are one kind; the line feed is one of its own. */
function kindsOf(sets: readonly CharSet[]): Pick<Plan, "kindOf" | "fits"> {
  const kindOf = new Uint8Array(CLASSES);
  const fits: Uint8Array[] = [];
  const known = new Map<string, number>();
  for (let char = 0; char < CLASSES; char++) {
    const row = Uint8Array.from(sets, (set) => (char < 128 ? (set.ascii[char] ?? 0) : set.narrow ? 0 : 1));
    const key = char === LINE_FEED ? "line feed" : row.join("");
    const kind = known.get(key) ?? fits.push(row) - 1;
    known.set(key, kind);
    kindOf[char] = kind;
  }
  return { kindOf, fits };
}
