/**
 * What `bantime.formula` and `bantime.factor` compute (engine.md §5.7): a small language of numbers with Python's
 * meaning and a closed list of names. Nothing in it can reach the program or the machine.
 */
import { calculate, Fault, logarithm, mathPower, plain, round, toFloat, toInt, type Numeric } from "./number.ts";
import { parseExpression, type Comparison, type Node } from "./syntax.ts";

/** What a formula may look at. */
export interface FormulaNames {
  /** `ban.Time`: base length in seconds. */
  readonly time: number;
  /** `ban.Count`: bans of this offender before this one. */
  readonly count: number;
  /** `banFactor`. */
  readonly factor: Numeric;
  /** A number in [0, 1), fresh at each call. */
  readonly random: () => number;
}

export type Formula =
  | { readonly ok: true; readonly evaluate: (names: FormulaNames) => Evaluated }
  | { readonly ok: false; readonly message: string };
export type Evaluated =
  | { readonly ok: true; readonly value: Numeric }
  | { readonly ok: false; readonly message: string };

type Value = Numeric | readonly Value[] | Space | Callable;
interface Space {
  readonly is: "space";
  readonly name: string;
  readonly members: ReadonlyMap<string, Value>;
}
interface Callable {
  readonly is: "function";
  readonly name: string;
  readonly call: (given: readonly Value[], random: () => number) => Value;
}

/**
 * Reads a formula. Unknown names are no error yet: they are one when it is evaluated.
 * @returns a function of the names, or what is wrong with the text
 */
export function parseFormula(text: string): Formula {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed;
  return { ok: true, evaluate: (names) => evaluate(parsed.tree, names) };
}

function evaluate(tree: Node, names: FormulaNames): Evaluated {
  try {
    return { ok: true, value: number(valueOf(tree, { names, known: knownTo(names) })) };
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, message: `${cause.kind}: ${cause.message}` };
    throw cause;
  }
}

interface Scope {
  readonly names: FormulaNames;
  readonly known: ReadonlyMap<string, Value>;
}

function valueOf(node: Node, scope: Scope): Value {
  switch (node.is) {
    case "number":
      return node.value;
    case "name":
      return scope.known.get(node.name) ?? fault("NameError", `name '${node.name}' is not defined`);
    case "member":
      return memberOf(valueOf(node.of, scope), node.name);
    case "index":
      return itemOf(valueOf(node.of, scope), valueOf(node.at, scope));
    case "call":
      return callOf(
        valueOf(node.of, scope),
        node.given.map((given) => valueOf(given, scope)),
        scope,
      );
    case "list":
      return node.items.map((item) => valueOf(item, scope));
    case "sign":
      return signed(node.sign, valueOf(node.of, scope));
    case "binary":
      return calculate(node.operator, number(valueOf(node.left, scope)), number(valueOf(node.right, scope)));
    case "logic": {
      const left = valueOf(node.left, scope);
      return truth(left) === (node.operator === "or") ? left : valueOf(node.right, scope);
    }
    case "compare":
      return compared(node.first, node.rest, scope);
    case "choice":
      return valueOf(truth(valueOf(node.test, scope)) ? node.yes : node.no, scope);
    default:
      return node satisfies never;
  }
}

function signed(sign: "+" | "-" | "~" | "not", value: Value): Value {
  if (sign === "not") return !truth(value);
  const x = plain(number(value));
  if (sign === "+") return x;
  if (sign === "-") return -x;
  return typeof x === "bigint" ? ~x : fault("TypeError", "bad operand type for unary ~: 'float'");
}

const comparison: Readonly<Record<Comparison, (a: bigint | number, b: bigint | number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": same,
  "!=": (a, b) => !same(a, b),
};

/** Equal across whole numbers and floats; NaN equals nothing. */
function same(a: bigint | number, b: bigint | number): boolean {
  if (a < b) return false;
  if (a > b) return false;
  return !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
}

function compared(first: Node, rest: readonly (readonly [Comparison, Node])[], scope: Scope): boolean {
  let left = plain(number(valueOf(first, scope)));
  for (const [operator, node] of rest) {
    const right = plain(number(valueOf(node, scope)));
    if (!comparison[operator](left, right)) return false;
    left = right;
  }
  return true;
}

function callOf(callee: Value, given: readonly Value[], scope: Scope): Value {
  return isCallable(callee) ? callee.call(given, scope.names.random) : fault("TypeError", "object is not callable");
}

function memberOf(value: Value, name: string): Value {
  if (!isSpace(value)) return fault("AttributeError", `a number has no attribute '${name}' here`);
  return value.members.get(name) ?? fault("AttributeError", `'${value.name}' has no attribute '${name}'`);
}

function itemOf(list: Value, at: Value): Value {
  if (!isList(list)) return fault("TypeError", "only a list has items");
  const place = plain(number(at));
  if (typeof place !== "bigint") return fault("TypeError", "list indices must be integers");
  return list.at(Number(BigInt.asIntN(53, place))) ?? fault("IndexError", "list index out of range");
}

function truth(value: Value): boolean {
  return isList(value) ? value.length > 0 : typeof value === "object" ? true : Boolean(value);
}

function number(value: Value): Numeric {
  return typeof value === "object" ? fault("TypeError", "a number is needed") : value;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isSpace(value: Value): value is Space {
  return typeof value === "object" && !isList(value) && value.is === "space";
}

function isCallable(value: Value): value is Callable {
  return typeof value === "object" && !isList(value) && value.is === "function";
}

function fault(kind: string, message: string): never {
  throw new Fault(kind, message);
}

/** A function that takes from `least` to `most` numbers. */
function ofNumbers(
  name: string,
  least: number,
  most: number,
  run: (given: readonly Numeric[], random: () => number) => Value,
): readonly [string, Callable] {
  const call: Callable["call"] = (given, random) => {
    if (given.length < least || given.length > most)
      return fault(
        "TypeError",
        `${name}() takes ${least === most ? least : `${least} to ${most}`} arguments (${given.length} given)`,
      );
    return run(given.map(number), random);
  };
  return [name, { is: "function", name, call }];
}

/** A function of one float; `fails` tells for which there is none. */
function ofFloat(
  name: string,
  run: (x: number) => number,
  fails: (x: number) => boolean = () => false,
): readonly [string, Callable] {
  return ofNumbers(name, 1, 1, ([value = 0]) => {
    const x = toFloat(value);
    if (fails(x)) return fault("ValueError", "math domain error");
    return inRange(run(x), Number.isFinite(x));
  });
}

function inRange(result: number, wasFinite: boolean): number {
  return wasFinite && !Number.isFinite(result) ? fault("OverflowError", "math range error") : result;
}

/** The largest or smallest of several, or of one list; `better` compares a candidate with the best so far. */
function extreme(
  name: string,
  better: (a: bigint | number, b: bigint | number) => boolean,
): readonly [string, Callable] {
  const call = (given: readonly Value[]): Value => {
    const [first] = given;
    const all = given.length === 1 && first !== undefined && isList(first) ? first : given;
    if (all.length < (all === given ? 2 : 1)) return fault("TypeError", `${name}() needs something to choose from`);
    return all.map(number).reduce((best, candidate) => (better(plain(candidate), plain(best)) ? candidate : best));
  };
  return [name, { is: "function", name, call }];
}

function sum(given: readonly Value[]): Value {
  const [list, start = 0n] = given;
  if (list === undefined || !isList(list) || given.length > 2) return fault("TypeError", "sum() takes a list");
  return list.map(number).reduce((total, item) => calculate("+", total, item), number(start));
}

function logarithmTo(value: Numeric, base: Numeric): number {
  const [top, bottom] = [logarithm(value, Math.log), logarithm(base, Math.log)];
  return bottom === 0 ? fault("ZeroDivisionError", "float division by zero") : top / bottom;
}

function whole(value: Numeric, to: (x: number) => number): bigint {
  return typeof value === "number" ? toInt(Number.isFinite(value) ? to(value) : value) : toInt(value);
}

function space(name: string, members: readonly (readonly [string, Value])[]): readonly [string, Space] {
  return [name, { is: "space", name, members: new Map(members) }];
}

/** The names that are the same for every ban. */
const fixed: readonly (readonly [string, Value])[] = [
  ofNumbers("int", 1, 1, ([x = 0]) => toInt(x)),
  ofNumbers("float", 1, 1, ([x = 0]) => toFloat(x)),
  ofNumbers("abs", 1, 1, ([x = 0]) => {
    const value = plain(x);
    return value < 0 ? -value : value;
  }),
  ofNumbers("round", 1, 2, ([x = 0, digits]) =>
    round(
      x,
      digits === undefined
        ? null
        : typeof digits === "number"
          ? fault("TypeError", "round() takes whole digits")
          : toInt(digits),
    ),
  ),
  ofNumbers("pow", 2, 2, ([a = 0, b = 0]) => calculate("**", a, b)),
  extreme("min", (a, b) => a < b),
  extreme("max", (a, b) => a > b),
  ["sum", { is: "function", name: "sum", call: sum }],
  space("math", [
    ["e", Math.E],
    ["pi", Math.PI],
    ["inf", Infinity],
    ofFloat("exp", Math.exp),
    ofNumbers("log2", 1, 1, ([x = 0]) => logarithm(x, Math.log2)),
    ofNumbers("log10", 1, 1, ([x = 0]) => logarithm(x, Math.log10)),
    ofFloat("sqrt", Math.sqrt, (x) => x < 0),
    ofNumbers("log", 1, 2, ([x = 0, base]) => (base === undefined ? logarithm(x, Math.log) : logarithmTo(x, base))),
    ofNumbers("pow", 2, 2, ([a = 0, b = 0]) => mathPower(toFloat(a), toFloat(b))),
    ofNumbers("floor", 1, 1, ([x = 0]) => whole(x, Math.floor)),
    ofNumbers("ceil", 1, 1, ([x = 0]) => whole(x, Math.ceil)),
  ]),
  space("random", [
    ofNumbers("random", 0, 0, (_, random) => random()),
    ofNumbers("uniform", 2, 2, ([a = 0, b = 0], random) => toFloat(a) + (toFloat(b) - toFloat(a)) * random()),
    ofNumbers("randint", 2, 2, ([a = 0, b = 0], random) => {
      const [low, high] = [toInt(a), toInt(b)];
      if (high < low) return fault("ValueError", "empty range for randint()");
      return low + toInt(Math.floor(random() * toFloat(high - low + 1n)));
    }),
  ]),
];

function knownTo(names: FormulaNames): ReadonlyMap<string, Value> {
  const asPython = (x: number): Numeric => (Number.isInteger(x) ? BigInt(x) : x);
  const ban = space("ban", [
    ["Time", asPython(names.time)],
    ["Count", asPython(names.count)],
  ]);
  return new Map<string, Value>([...fixed, ban, ["banFactor", names.factor]]);
}
