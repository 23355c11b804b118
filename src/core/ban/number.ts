/**
 * Python's numbers for ban formulas (engine.md §5.7): whole numbers without end (here: up to a limit), doubles, and what
 * the operators make of a mixture of them. Knows nothing of names or syntax.
 */

/** An int is a bigint, a float is a number; True and False count as 1 and 0. */
export type Numeric = bigint | number | boolean;

/** Why a formula has no value, with the name of Python's exception. */
export class Fault extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.name = "Fault";
    this.kind = kind;
  }
}

/** Bits of the largest whole number that a formula may reach; beyond it the formula fails. Times need 50. */
export const MAX_BITS = 4096;

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "<<" | ">>" | "&" | "|" | "^";

/** Whole numbers, then floats (undefined: only defined for whole numbers). */
const operators: Readonly<
  Record<
    BinaryOperator,
    readonly [ints: (a: bigint, b: bigint) => bigint | number, floats?: (a: number, b: number) => number]
  >
> = {
  "+": [(a, b) => a + b, (a, b) => a + b],
  "-": [(a, b) => a - b, (a, b) => a - b],
  "*": [(a, b) => a * b, (a, b) => a * b],
  "/": [ratio, (a, b) => divideFloats(a, b)],
  "//": [(a, b) => floorDivide(a, b)[0], (a, b) => floorDivideFloats(a, b)[0]],
  "%": [(a, b) => floorDivide(a, b)[1], (a, b) => floorDivideFloats(a, b)[1]],
  "**": [powerOfInts, powerOfFloats],
  "<<": [shiftLeft],
  ">>": [shiftRight],
  "&": [(a, b) => a & b],
  "|": [(a, b) => a | b],
  "^": [(a, b) => a ^ b],
};

/** A logarithm, also of whole numbers that no double can hold. */
export function logarithm(value: Numeric, log: (x: number) => number): number {
  const x = plain(value);
  if (x <= 0) throw new Fault("ValueError", "math domain error");
  const shift = typeof x === "bigint" ? Math.max(0, bitsOf(x) - 1000) : 0;
  return typeof x === "bigint" ? log(Number(x >> BigInt(shift))) + shift * log(2) : log(x);
}

/** Of two truth values these make a truth value. */
const logical: ReadonlySet<BinaryOperator> = new Set(["&", "|", "^"]);

/** What a two-sided operator makes of two numbers: whole of two whole ones, a float as soon as one is a float. */
export function calculate(operator: BinaryOperator, left: Numeric, right: Numeric): Numeric {
  const [ints, floats] = operators[operator];
  const a = plain(left);
  const b = plain(right);
  if (typeof a === "bigint" && typeof b === "bigint") {
    const result = bounded(ints(a, b));
    return logical.has(operator) && typeof left === "boolean" && typeof right === "boolean" ? result === 1n : result;
  }
  if (floats === undefined)
    throw new Fault("TypeError", `unsupported operand type(s) for ${operator}: whole numbers only`);
  return floats(toFloat(a), toFloat(b));
}

/** The double nearest to it; a whole number beyond the doubles is a fault. */
export function toFloat(value: Numeric): number {
  const x = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(x))
    throw new Fault("OverflowError", "int too large to convert to float");
  return x;
}

/** Without its fraction. */
export function toInt(value: Numeric): bigint {
  if (typeof value !== "number") return BigInt(value);
  if (!Number.isFinite(value))
    throw new Fault(Number.isNaN(value) ? "ValueError" : "OverflowError", `cannot convert float ${value} to integer`);
  return BigInt(Math.trunc(value));
}

/** True and False as whole numbers. */
export function plain(value: Numeric): bigint | number {
  return typeof value === "boolean" ? (value ? 1n : 0n) : value;
}

/**
 * Python's round(): halves to the even neighbour, of the exact value.
 * @param digits places behind the point (negative: before it), or null for a whole number
 */
export function round(value: Numeric, digits: bigint | null): bigint | number {
  const x = plain(value);
  if (typeof x === "bigint")
    return digits === null || digits >= 0n ? x : roundRatio(x, power10(-digits)) * power10(-digits);
  if (!Number.isFinite(x)) return digits === null ? toInt(x) : x;
  const [top, bottom] = fraction(x);
  if (digits === null) return roundRatio(top, bottom);
  if (digits > 330n) return x;
  if (digits < 0n) return toFloat(roundRatio(top, bottom * power10(-digits)) * power10(-digits));
  return quotient(roundRatio(top * 10n ** digits, bottom), 10n ** digits);
}

function bounded(value: bigint | number): bigint | number {
  if (typeof value === "bigint" && bitsOf(value) > MAX_BITS) throw tooLarge();
  return value;
}

function tooLarge(): Fault {
  return new Fault("OverflowError", `a whole number of more than ${MAX_BITS} bits`);
}

/** Bits of the magnitude, within four. */
function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function power10(digits: bigint): bigint {
  if (digits > 1000n) throw tooLarge();
  return 10n ** digits;
}

function shiftLeft(a: bigint, by: bigint): bigint {
  if (by < 0n) throw new Fault("ValueError", "negative shift count");
  if (a !== 0n && by > BigInt(MAX_BITS)) throw tooLarge();
  return a === 0n ? a : a << by;
}

function shiftRight(a: bigint, by: bigint): bigint {
  if (by < 0n) throw new Fault("ValueError", "negative shift count");
  return a >> (by > BigInt(MAX_BITS) ? BigInt(MAX_BITS) : by);
}

function powerOfInts(a: bigint, b: bigint): bigint | number {
  if (b < 0n) return powerOfFloats(toFloat(a), toFloat(b));
  const small = a >= -1n && a <= 1n;
  if (!small && b * BigInt(magnitude(a).toString(2).length - 1) > BigInt(MAX_BITS)) throw tooLarge();
  return small ? a ** (b % 2n === 0n && b > 0n ? 2n : b === 0n ? 0n : 1n) : a ** b;
}

/** `math.pow`: as `**` of floats, with the complaints of a mathematical function. */
export function mathPower(a: number, b: number): number {
  if (
    (a === 0 && b < 0 && b !== -Infinity) ||
    (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
  )
    throw new Fault("ValueError", "math domain error");
  return a === 0 && b === -Infinity ? Infinity : powerOfFloats(a, b);
}

function powerOfFloats(a: number, b: number): number {
  if (a === 0 && b < 0) throw new Fault("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  if (a === 1) return 1;
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    throw new Fault("ValueError", "a negative number to a fractional power is no real number");
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw new Fault("OverflowError", "Numerical result out of range");
  return result;
}

function ratio(a: bigint, b: bigint): number {
  if (b === 0n) throw new Fault("ZeroDivisionError", "division by zero");
  return quotient(a, b);
}

function divideFloats(a: number, b: number): number {
  if (b === 0) throw new Fault("ZeroDivisionError", "float division by zero");
  return a / b;
}

function floorDivide(a: bigint, b: bigint): readonly [quotient: bigint, rest: bigint] {
  if (b === 0n) throw new Fault("ZeroDivisionError", "integer division or modulo by zero");
  const rest = a % b;
  const same = rest === 0n || rest < 0n === b < 0n;
  return same ? [a / b, rest] : [a / b - 1n, rest + b];
}

function floorDivideFloats(a: number, b: number): readonly [quotient: number, rest: number] {
  if (b === 0) throw new Fault("ZeroDivisionError", "float modulo or floor division by zero");
  const rest = a % b;
  if (rest === 0) return [Math.round((a - rest) / b), b < 0 ? -0 : 0];
  const turned = rest < 0 !== b < 0;
  const whole = (a - rest) / b - (turned ? 1 : 0);
  const floor = Math.floor(whole);
  return [whole - floor > 0.5 ? floor + 1 : floor, turned ? rest + b : rest];
}

/** A finite double as an exact fraction. */
function fraction(x: number): readonly [top: bigint, bottom: bigint] {
  let value = x;
  let bottom = 1n;
  while (!Number.isInteger(value)) {
    value *= 2;
    bottom *= 2n;
  }
  return [BigInt(value), bottom];
}

/** Nearest whole number to top ÷ bottom (bottom > 0), halves to even. */
function roundRatio(top: bigint, bottom: bigint): bigint {
  const [floor, rest] = floorDivide(top, bottom);
  const twice = rest * 2n;
  if (twice === bottom) return floor % 2n === 0n ? floor : floor + 1n;
  return twice > bottom ? floor + 1n : floor;
}

/** The double nearest to a ÷ b. */
function quotient(a: bigint, b: bigint): number {
  const exact = 2n ** 53n;
  if (magnitude(a) <= exact && magnitude(b) <= exact) return Number(a) / Number(b);
  const shift = Math.max(0, bitsOf(b) - bitsOf(a) + 70);
  const top = magnitude(a) << BigInt(shift);
  const whole = top / magnitude(b);
  const sticky = top % magnitude(b) === 0n ? whole : whole | 1n;
  const half = Math.floor(shift / 2);
  const result = toFloat(sticky) * 2 ** -half * 2 ** -(shift - half);
  return a < 0n === b < 0n ? result : -result;
}
