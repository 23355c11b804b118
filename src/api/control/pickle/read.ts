/**
 * Pickle (protocols 0–5) → plain data. Knows data only: it can neither import nor call anything.
 *
 * In a request, every name but that of the text type (`builtins.str`, by which addresses travel) is refused where it stands, before the rest is
 * read. In a reply, calls of names are kept as names with arguments, so that a client can say which exception came (config-cli.md §5.3).
 */
import { Float, type Plain } from "../../../base/index.ts";
import { Cursor, quoted, rawUnicode, utf8 } from "./cursor.ts";
import { PICKLE_LIMITS, PickleError, type PickleLimits } from "./limits.ts";
import { Stack } from "./stack.ts";
import { Call, Group, Name, plainOf, type Item } from "./item.ts";
import { Raised } from "./value.ts";

/** What a server sent, as far as a client tells it apart. */
export type Reply =
  | { readonly is: "value"; readonly value: Plain }
  | { readonly is: "error"; readonly error: Raised }
  /** Neither: `"ERROR: …"` for what could not be read, `['SHUTDOWN']` from a server that stops. */
  | { readonly is: "other"; readonly value: Plain };

/** @returns what a client asks. @throws PickleError for what is broken, too large, or more than data. */
export function readRequest(bytes: Buffer, limits: PickleLimits = PICKLE_LIMITS): Plain {
  return plainOf(read(bytes, limits, false), limits);
}

/** @returns what a server answered. @throws PickleError for what is broken or too large. */
export function readReply(bytes: Buffer, limits: PickleLimits = PICKLE_LIMITS): Reply {
  const item = read(bytes, limits, true);
  const [code, value] = item instanceof Group && item.items.length === 2 ? item.items : [];
  if (typeof code !== "number" || value === undefined) return { is: "other", value: plainOf(item, limits) };
  if (code === 0) return { is: "value", value: plainOf(value, limits) };
  if (!(value instanceof Call))
    return { is: "error", error: new Raised("builtins", "Exception", [plainOf(value, limits)]) };
  const args = value.args.map((arg) => plainOf(arg, limits));
  return { is: "error", error: new Raised(value.callee.module, value.callee.name, args) };
}

/** Everything an opcode may touch. */
interface Machine {
  readonly cursor: Cursor;
  readonly stack: Stack;
  readonly memo: Map<number, Item>;
  /** Names other than the text type's may stand in it. */
  readonly opaque: boolean;
}

function read(bytes: Buffer, limits: PickleLimits, opaque: boolean): Item {
  const machine: Machine = { cursor: new Cursor(bytes), stack: new Stack(limits.items), memo: new Map(), opaque };
  for (;;) {
    const opcode = machine.cursor.opcode();
    if (opcode === STOP) return machine.stack.pop();
    const step = OPCODES[opcode];
    if (step === undefined)
      throw new PickleError(
        `invalid load key, '${opcode < 0x7f && opcode > 0x1f ? String.fromCharCode(opcode) : `\\x${opcode.toString(16).padStart(2, "0")}`}'.`,
      );
    step(machine);
  }
}

const STOP = 0x2e;
/** The newest protocol there is. */
const NEWEST = 5;

type Step = (machine: Machine) => void;

const push =
  (value: (cursor: Cursor) => Item): Step =>
  (machine) =>
    machine.stack.push(value(machine.cursor));

const tuple =
  (count: number): Step =>
  ({ stack }) =>
    stack.push(new Group(stack.popMany(count)));

const recall =
  (index: (cursor: Cursor) => number): Step =>
  ({ cursor, memo, stack }) => {
    const at = index(cursor);
    const item = memo.get(at);
    if (item === undefined) throw new PickleError(`Memo value not found at index ${at}`);
    stack.push(item);
  };

const keep =
  (index: (cursor: Cursor) => number): Step =>
  ({ cursor, memo, stack }) => {
    memo.set(index(cursor), stack.top());
  };

const name = (machine: Machine, module: string, called: string): Name => {
  const isText = MODULES_OF_TEXT.has(module) && (called === "str" || called === "unicode");
  if (!machine.opaque && !isText) throw new PickleError(`global '${module}.${called}' is forbidden`);
  return new Name(module, called);
};

const MODULES_OF_TEXT: ReadonlySet<string> = new Set(["builtins", "__builtin__"]);

/** A call, kept as such; the text type's is its argument. */
const call = (machine: Machine, callee: Item, args: Item): Item => {
  if (!(callee instanceof Name) || !(args instanceof Group)) throw new PickleError("call of something that is no name");
  const [text] = args.items;
  const isText = MODULES_OF_TEXT.has(callee.module) && (callee.name === "str" || callee.name === "unicode");
  if (isText && args.items.length === 1 && typeof text === "string") return text;
  if (!machine.opaque)
    throw new PickleError(`call of '${callee.module}.${callee.name}' with more than a text is forbidden`);
  return new Call(callee, args.items);
};

const reduce: Step = (machine) => {
  const args = machine.stack.pop();
  machine.stack.push(call(machine, machine.stack.pop(), args));
};

const float = (cursor: Cursor): Item => {
  const text = cursor.word();
  const value = Number(text.replace(/^([-+]?)inf$/i, "$1Infinity"));
  if (text === "" || (Number.isNaN(value) && !/^nan$/i.test(text)))
    throw new PickleError("could not convert string to float");
  return new Float(value);
};

/** One line an opcode; opcodes that would build objects of classes (`i`, `o`, NEWOBJ) are calls like any other. */
const OPCODES: Readonly<Record<number, Step>> = {
  0x28: ({ stack }) => stack.mark(),
  0x30: ({ stack }) => stack.drop(),
  0x31: ({ stack }) => void stack.popMark(),
  0x32: ({ stack }) => stack.push(stack.top()),
  0x4e: push(() => null),
  0x88: push(() => true),
  0x89: push(() => false),
  0x49: push((cursor) => cursor.integer()),
  0x4c: push((cursor) => cursor.decimal()),
  0x4a: push((cursor) => cursor.i32()),
  0x4b: push((cursor) => cursor.u8()),
  0x4d: push((cursor) => cursor.u16()),
  0x8a: push((cursor) => cursor.long(cursor.u8())),
  0x8b: push((cursor) => cursor.long(cursor.i32())),
  0x46: push(float),
  0x47: push((cursor) => new Float(cursor.double())),
  0x53: push((cursor) => quoted(cursor.line())),
  0x54: push((cursor) => utf8(cursor.take(cursor.i32()))),
  0x55: push((cursor) => utf8(cursor.take(cursor.u8()))),
  0x56: push((cursor) => rawUnicode(cursor.line())),
  0x58: push((cursor) => utf8(cursor.take(cursor.u32()))),
  0x8c: push((cursor) => utf8(cursor.take(cursor.u8()))),
  0x8d: push((cursor) => utf8(cursor.take(cursor.u64()))),
  0x42: push((cursor) => utf8(cursor.take(cursor.u32()))),
  0x43: push((cursor) => utf8(cursor.take(cursor.u8()))),
  0x8e: push((cursor) => utf8(cursor.take(cursor.u64()))),
  0x96: push((cursor) => utf8(cursor.take(cursor.u64()))),
  0x5d: push(() => []),
  0x8f: push(() => []),
  0x7d: push(() => new Map()),
  0x29: push(() => new Group([])),
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  0x74: ({ stack }) => stack.push(new Group(stack.popMark())),
  0x6c: ({ stack }) => stack.push(stack.popMark()),
  0x91: ({ stack }) => stack.push(stack.popMark()),
  0x64: ({ stack }) => {
    const items = stack.popMark();
    stack.push(new Map());
    stack.fill(items);
  },
  0x61: ({ stack }) => stack.extend([stack.pop()]),
  0x65: ({ stack }) => stack.extend(stack.popMark()),
  0x90: ({ stack }) => stack.extend(stack.popMark()),
  0x73: ({ stack }) => stack.fill(stack.popMany(2)),
  0x75: ({ stack }) => stack.fill(stack.popMark()),
  0x67: recall((cursor) => cursor.decimal()),
  0x68: recall((cursor) => cursor.u8()),
  0x6a: recall((cursor) => cursor.u32()),
  0x70: keep((cursor) => cursor.decimal()),
  0x71: keep((cursor) => cursor.u8()),
  0x72: keep((cursor) => cursor.u32()),
  0x94: ({ memo, stack }) => void memo.set(memo.size, stack.top()),
  0x80: ({ cursor }) => {
    const protocol = cursor.u8();
    if (protocol > NEWEST) throw new PickleError(`unsupported pickle protocol: ${protocol}`);
  },
  0x95: ({ cursor }) => void cursor.u64(),
  0x63: (machine) => machine.stack.push(name(machine, machine.cursor.word(), machine.cursor.word())),
  0x93: (machine) => {
    const [module, called] = machine.stack.popMany(2);
    if (typeof module !== "string" || typeof called !== "string") throw new PickleError("STACK_GLOBAL requires str");
    machine.stack.push(name(machine, module, called));
  },
  0x52: reduce,
  0x81: reduce,
  0x92: (machine) => {
    machine.stack.drop();
    reduce(machine);
  },
  0x69: (machine) => {
    const callee = name(machine, machine.cursor.word(), machine.cursor.word());
    machine.stack.push(call(machine, callee, new Group(machine.stack.popMark())));
  },
  0x6f: (machine) => {
    const [callee, ...args] = machine.stack.popMark();
    machine.stack.push(call(machine, callee ?? null, new Group(args)));
  },
  0x62: ({ stack }) => stack.drop(),
};
