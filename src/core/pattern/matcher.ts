// tidy: one loop over the instructions of a machine; taking it apart would cost a call for each instruction
/**
 * The matcher: runs a program on a text by trying and going back, exactly as Python's `re` does, with its own stack and
 * with a limit on its steps. It is what the other evaluators are measured by, and the engine for what JavaScript cannot
 * express. After some thousand steps it looks ahead (`prospects.ts`), from when on it leaves out ways that lead nowhere; if
 * that does not help it begins to remember where which choice failed. Together these make all expressions linear in the
 * text that have no back-references, conditions, or loops that must be counted (rounds that may be empty, large bounds
 * around more than one character).
 */
import { backBy, before, isEdge, isInside, repeatsAt, sizeAt } from "./at.ts";
import { classOf } from "./first.ts";
import { NO_LIMIT, OP, type Program, ROUTE_CLASSES, ROUTE_SIZE, RUN_SIZE } from "./instructions.ts";
import { type Prospects, prospectsOf } from "./prospects.ts";

/**
 * Steps for one search, where a step is an instruction or eight characters of a run: some tens of milliseconds. At the
 * limit the answer is not known.
 */
export const MAX_STEPS = 2_000_000;
/** Numbers on the stack of choices (16 MB); at the limit the answer is not known, as for steps. */
const MAX_STACK = 1 << 22;
/** A stack that grew above this is given back after the search. */
const KEPT_STACK = 1 << 16;
/** Steps before it looks ahead (`prospects.ts`): most searches end earlier. */
const LOOK_AHEAD_AFTER = 10_000;
/** Texts above are long: in these it looks ahead early, for going through them once costs as much. */
const LONG_TEXT = 4096;
const LOOK_AHEAD_EARLY = 500;
/** A run of so many characters in a long text is begun anew, with a look ahead. */
const LONG_RUN = 256;
/** Steps from there on before it begins to remember: with what is known then, most searches end without. */
const REMEMBER_AFTER = 100_000;
/** Bits of the memory: positions × choices. Above, nothing is remembered and only the step limit helps. */
const MAX_MEMORY = 1 << 26;

/** Hears where a try failed: the position and the address of the instruction. */
export type Watcher = (at: number, address: number, start: number) => void;

/** Kinds of stack entries, of four numbers each. */
const CHOICE = 0;
const SLOT = 1;
const REGISTER = 2;
const LONGER = 3;
const SHORTER = 4;
const FAILED = 5;
const FAILED_RUN = 6;
const LOOK_FAILED = 7;

/** The one stack that all searches use in turn: it grows to what the hardest needed. */
let stack = new Int32Array(4096);

export interface Search {
  readonly text: string;
  readonly from: number;
  /** Only a match that begins at `from` counts. */
  readonly anchored: boolean;
  readonly steps: number;
  readonly watcher: Watcher | null;
  /** Looks ahead and remembers from the first step on, for tests. */
  readonly eager?: boolean;
}

/** @returns the slots (start and end of each group, -1 where it took no part), null for no match, or "gave up". */
export function runProgram(program: Program, search: Search): Int32Array | null | "gave up" {
  const { text, from, watcher } = search;
  const { code, sets, tables } = program;
  const length = text.length;
  if (stack.length > KEPT_STACK) stack = new Int32Array(4096);
  const slots = new Int32Array(program.slots).fill(-1);
  const registers = new Int32Array(program.registers).fill(-1);
  const last = search.anchored || (program.anchored && from === 0) ? from : program.anchored ? -1 : length;
  const first = program.first < 0 || watcher !== null ? null : (tables[program.first] ?? null);
  let memory: Uint8Array | null = null;
  let steps = 0;
  const isEager = search.eager === true;
  const isLong = watcher === null && length > LONG_TEXT;
  let pause = isEager ? 0 : Math.min(isLong ? LOOK_AHEAD_EARLY : LOOK_AHEAD_AFTER, search.steps);
  let prospects: Prospects | null = null;
  /** The step at which that began. */
  let lookedAt = -1;
  let top = 0;

  const push = (kind: number, a: number, b: number, c: number): void => {
    if (top + 4 > stack.length) {
      if (stack.length >= MAX_STACK) {
        steps = Infinity;
        return;
      }
      const larger = new Int32Array(stack.length * 2);
      larger.set(stack);
      stack = larger;
    }
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    top += 4;
  };
  const setRegister = (register: number, value: number): void => {
    push(REGISTER, register, registers[register] ?? -1, 0);
    registers[register] = value;
  };
  const remembered = (number: number, at: number): boolean => {
    if (memory === null || number < 0) return false;
    const bit = number * (length + 1) + at;
    return ((memory[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
  const remember = (number: number, at: number): void => {
    if (memory === null) return;
    const bit = number * (length + 1) + at;
    memory[bit >> 3] = (memory[bit >> 3] ?? 0) | (1 << (bit & 7));
  };
  const rememberAll = (number: number, begin: number, end: number): void => {
    steps += (end - begin) >> 5;
    for (let at = begin; at <= end; at++) {
      const byte = (number * (length + 1) + at) >> 3;
      // whole bytes at once
      const bits = ((number * (length + 1) + at) & 7) === 0 ? (end - at + 1) >> 3 : 0;
      if (bits > 0 && memory !== null) {
        memory.fill(0xff, byte, byte + bits);
        at += bits * 8 - 1;
      } else remember(number, at);
    }
  };
  /** Whether the character at `at` may be the next on a way with this table. */
  const fits = (number: number, at: number): boolean => {
    const table = number < 0 ? undefined : tables[number];
    if (table === undefined) return true;
    return at < length && table[classOf(text.charCodeAt(at))] === 1;
  };
  /** Whether a way on from the instruction at `address` may end in a match at all. */
  const may = (address: number, at: number): boolean => prospects === null || prospects.may(address, at);
  /** Takes entries back down to `height`; slots and registers get their old values. */
  const undo = (height: number): void => {
    while (top > height) {
      top -= 4;
      const kind = stack[top];
      if (kind === SLOT) slots[stack[top + 1] ?? 0] = stack[top + 2] ?? -1;
      else if (kind === REGISTER) registers[stack[top + 1] ?? 0] = stack[top + 2] ?? -1;
    }
  };
  /** Forgets the choices above `height`, but keeps what is needed to undo slots and registers. */
  const shut = (height: number): void => {
    let to = height;
    for (let at = height; at < top; at += 4) {
      const kind = stack[at];
      if (kind !== SLOT && kind !== REGISTER) continue;
      stack.copyWithin(to, at, at + 4);
      to += 4;
    }
    steps += (top - height) >> 5;
    top = to;
  };

  for (let start = from; start <= last; start++) {
    if (prospects !== null && !prospects.may(0, start)) {
      start = prospects.nextStart(start, last) - 1;
      continue;
    }
    if (first !== null && (start === length || first[classOf(text.charCodeAt(start))] === 0)) continue;
    if (start > from && isInside(text, start)) continue;
    let pc = 0;
    let at = start;
    steps++;
    for (;;) {
      if (steps >= pause) {
        if (steps >= search.steps) return "gave up";
        if (prospects === null && watcher === null) {
          prospects = prospectsOf(program, text);
          steps += prospects.steps;
          lookedAt = steps + 1;
          pause = isEager ? 0 : Math.min(steps + REMEMBER_AFTER, search.steps);
        } else {
          pause = search.steps;
          const bits = program.memories * (length + 1);
          if (bits > 0 && bits <= MAX_MEMORY) memory = new Uint8Array((bits >> 3) + 1);
        }
      }
      steps++;
      let failed = steps === lookedAt && !may(pc, at);
      switch (failed ? NOTHING : (code[pc] ?? OP.MATCH)) {
        case OP.CHAR: {
          const size = sizeAt(sets, code[pc + 1] ?? 0, text, at);
          if (size === 0) failed = true;
          else {
            at += size;
            pc += 2;
          }
          break;
        }
        case OP.FORK: {
          const number = code[pc + 3] ?? -1;
          if (memory !== null && number >= 0) {
            if (remembered(number, at)) {
              failed = true;
              break;
            }
            push(FAILED, number, at, 0);
          }
          const one = code[pc + 1] ?? 0;
          const two = code[pc + 2] ?? 0;
          if (!fits(code[pc + 4] ?? -1, at) || !may(one, at)) {
            if (watcher !== null) watcher(at, one, start);
            else if (!fits(code[pc + 5] ?? -1, at) || !may(two, at)) failed = true;
            pc = two;
            break;
          }
          if (watcher !== null || (fits(code[pc + 5] ?? -1, at) && may(two, at))) push(CHOICE, two, at, 0);
          pc = one;
          break;
        }
        case OP.ROUTE: {
          const routes = program.routes[code[pc + 1] ?? 0];
          const number = code[pc + 3] ?? -1;
          if (routes === undefined || remembered(number, at)) {
            failed = true;
            break;
          }
          if (memory !== null && number >= 0) push(FAILED, number, at, 0);
          const kind = at < length ? classOf(text.charCodeAt(at)) : ROUTE_CLASSES - 1;
          const wanted = code[pc + 2] ?? 0;
          const next = (from: number): number => {
            if (watcher !== null) return from;
            let to = routes.next[from * ROUTE_CLASSES + kind] ?? routes.branches;
            while (to < routes.branches && !may((routes.addresses[to] ?? 0) + ROUTE_SIZE, at))
              to = routes.next[(to + 1) * ROUTE_CLASSES + kind] ?? routes.branches;
            return to;
          };
          const branch = next(wanted);
          if (branch >= routes.branches) {
            failed = true;
            break;
          }
          const other = next(branch + 1);
          if (other < routes.branches) push(CHOICE, routes.addresses[other] ?? 0, at, 0);
          pc = (routes.addresses[branch] ?? 0) + ROUTE_SIZE;
          break;
        }
        case OP.JUMP:
          pc = code[pc + 1] ?? 0;
          break;
        case OP.MARK: {
          const slot = code[pc + 1] ?? 0;
          push(SLOT, slot, slots[slot] ?? -1, 0);
          slots[slot] = at;
          pc += 2;
          break;
        }
        case OP.EDGE:
          if (isEdge(code[pc + 1] ?? 0, text, at)) pc += 2;
          else failed = true;
          break;
        case OP.BACKREF: {
          const group = code[pc + 1] ?? 0;
          const begin = slots[2 * group] ?? -1;
          const end = slots[2 * group + 1] ?? -1;
          const size = begin < 0 || end < begin ? -1 : repeatsAt(text, begin, end, at, code[pc + 2] ?? 0);
          steps += (end - begin) >> 3;
          if (size < 0) failed = true;
          else {
            at += size;
            pc += 3;
          }
          break;
        }
        case OP.CONDITION: {
          const group = code[pc + 1] ?? 0;
          const took = (slots[2 * group] ?? -1) >= 0 && (slots[2 * group + 1] ?? -1) >= 0;
          pc = took ? pc + 3 : (code[pc + 2] ?? 0);
          break;
        }
        case OP.RUN: {
          const set = code[pc + 1] ?? 0;
          const min = code[pc + 2] ?? 0;
          const max = code[pc + 3] ?? 0;
          const mode = code[pc + 4] ?? 0;
          const number = code[pc + 5] ?? -1;
          const begin = at;
          let count = 0;
          let size = 1;
          while (count < min && (size = sizeAt(sets, set, text, at)) > 0) {
            at += size;
            count++;
          }
          if (count < min || remembered(number, at)) {
            failed = true;
            break;
          }
          if (mode === 1) {
            push(LONGER, pc, at, at);
            // the number of characters that may still follow stands in an entry of its own
            push(LONGER, -1, max === NO_LIMIT ? NO_LIMIT : max - count, 0);
            pc += RUN_SIZE;
            break;
          }
          const least = at;
          const known = memory !== null && number >= 0;
          const ascii = sets[set]?.ascii ?? NO_TABLE;
          while (count < max && at < length) {
            const unit = text.charCodeAt(at);
            if (unit < 128) {
              if (ascii[unit] === 0) break;
              size = 1;
            } else {
              size = sizeAt(sets, set, text, at);
              if (size === 0) break;
            }
            if (known && remembered(number, at + size)) break;
            at += size;
            count++;
          }
          if (watcher !== null && count < max) watcher(at, pc, start);
          steps += (at - begin) >> 3;
          if (isLong && prospects === null && at - begin > LONG_RUN) {
            at = begin;
            pause = Math.min(steps, search.steps);
            continue;
          }
          if (mode === 0) {
            if (known) push(FAILED_RUN, number, least, at);
            const end = at;
            const table = watcher === null ? (code[pc + 6] ?? -1) : -1;
            while (at > least && !(fits(table, at) && may(pc + RUN_SIZE, at))) at = before(text, at);
            steps += (end - at) >> 3;
            if (at > least) push(SHORTER, pc, at, least);
          }
          pc += RUN_SIZE;
          break;
        }
        case OP.LOOP: {
          const register = code[pc + 1] ?? 0;
          // rounds so far: none, not even the one that begins now
          setRegister(register, -1);
          setRegister(register + 1, -1);
          pc += 2;
          break;
        }
        case OP.ROUND: {
          const register = code[pc + 1] ?? 0;
          const count = (registers[register] ?? -1) + 1;
          const body = code[pc + 5] ?? 0;
          const min = code[pc + 2] ?? 0;
          setRegister(register, count);
          if (count < min) {
            pc = body;
            break;
          }
          // a round that took nothing is the last
          const again = count < (code[pc + 3] ?? 0) && registers[register + 1] !== at;
          if (!again) {
            pc += 6;
            break;
          }
          if (code[pc + 4] === 1) {
            push(CHOICE, pc, at, 1);
            pc += 6;
            break;
          }
          push(CHOICE, pc + 6, at, 0);
          setRegister(register + 1, at);
          pc = body;
          break;
        }
        case OP.LOOK: {
          const register = code[pc + 1] ?? 0;
          const negative = code[pc + 2] === 1;
          const back = backBy(text, at, code[pc + 3] ?? 0);
          const end = code[pc + 4] ?? 0;
          if (back < 0) {
            if (negative) pc = end;
            else failed = true;
            break;
          }
          setRegister(register, top);
          setRegister(register + 1, at);
          registers[register] = top;
          if (negative) push(LOOK_FAILED, end, at, 0);
          at = back;
          pc += 5;
          break;
        }
        case OP.LOOK_END: {
          const register = code[pc + 1] ?? 0;
          const height = registers[register] ?? 0;
          at = registers[register + 1] ?? 0;
          if (code[pc + 2] === 1) {
            undo(height);
            failed = true;
            break;
          }
          shut(height);
          pc += 3;
          break;
        }
        case OP.SHUT: {
          const register = code[pc + 1] ?? 0;
          setRegister(register, top);
          registers[register] = top;
          pc += 2;
          break;
        }
        case OP.SHUT_END:
          shut(registers[code[pc + 1] ?? 0] ?? 0);
          pc += 2;
          break;
        case OP.MATCH:
          slots[0] = start;
          slots[1] = at;
          return slots;
      }
      if (!failed) continue;
      if (watcher !== null) watcher(at, pc, start);
      for (;;) {
        if (top === 0) break;
        top -= 4;
        const kind = stack[top];
        const a = stack[top + 1] ?? 0;
        const b = stack[top + 2] ?? 0;
        const c = stack[top + 3] ?? 0;
        if (kind === SLOT) slots[a] = b;
        else if (kind === REGISTER) registers[a] = b;
        else if (kind === FAILED) remember(a, b);
        else if (kind === FAILED_RUN) {
          if (memory !== null) rememberAll(a, b, c);
        } else if (kind === CHOICE) {
          if (!may(a, b)) continue;
          pc = a;
          at = b;
          if (c === 1) {
            // a lazy loop that counts: now another round
            const register = code[pc + 1] ?? 0;
            setRegister(register + 1, at);
            pc = code[pc + 5] ?? 0;
          }
          failed = false;
          break;
        } else if (kind === LOOK_FAILED) {
          pc = a;
          at = b;
          failed = false;
          break;
        } else if (kind === SHORTER) {
          const table = watcher === null ? (code[a + 6] ?? -1) : -1;
          at = before(text, b);
          while (at > c && !(fits(table, at) && may(a + RUN_SIZE, at))) at = before(text, at);
          steps += (b - at) >> 3;
          if (at > c) push(SHORTER, a, at, c);
          pc = a + RUN_SIZE;
          failed = false;
          break;
        } else {
          // LONGER: the lower entry holds the run, its position, and where it began
          top -= 4;
          const run = stack[top + 1] ?? 0;
          const begin = stack[top + 3] ?? 0;
          const number = code[run + 5] ?? -1;
          const table = watcher === null ? (code[run + 6] ?? -1) : -1;
          let left = b;
          let size = 0;
          at = stack[top + 2] ?? 0;
          const from = at;
          do {
            size = left > 0 ? sizeAt(sets, code[run + 1] ?? 0, text, at) : 0;
            if (size === 0 || remembered(number, at + size)) {
              size = 0;
              break;
            }
            at += size;
            if (left !== NO_LIMIT) left--;
          } while (!(fits(table, at) && may(run + RUN_SIZE, at)));
          steps += (at - from) >> 3;
          if (size === 0) {
            if (memory !== null && number >= 0) rememberAll(number, begin, at);
            if (watcher !== null) watcher(at, run, start);
            continue;
          }
          push(LONGER, run, at, begin);
          push(LONGER, -1, left, 0);
          pc = run + RUN_SIZE;
          failed = false;
          break;
        }
      }
      if (failed) break;
    }
  }
  return null;
}

/** No instruction. */
const NOTHING = -1;
const NO_TABLE = new Uint8Array(128);
