/**
 * Lengths of time as people write them (`10m`, `1d12h`, `1w + 2*3600`) and as the log prints them (config-cli.md §4, engine.md §3.10).
 *
 * A small evaluator of sums and products with units; nothing else that Python would evaluate here is taken.
 */
import { Float, type Plain } from "./plain.ts";
import type { Span } from "./time.ts";

export type ReadSpan =
  | {
      readonly ok: true;
      readonly seconds: Span;
      /** Python would give a float: months, years, fractions. */ readonly isFloat: boolean;
    }
  | { readonly ok: false; readonly kind: "SyntaxError" | "NameError" | "ValueError"; readonly message: string };

/** A longer text is refused: no duration needs it. */
const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;

/** In the order in which they are replaced; spellings are tried whole. */
const UNITS: readonly (readonly [spelling: string, seconds: string])[] = [
  ["days?|da|dd?", "86400"],
  ["weeks?|wee?|ww?", "604800"],
  ["months?|mon?", "2629800.0"],
  ["years?|yea?|yy?", "31557600.0"],
  ["seconds?|sec?|ss?", "1"],
  ["minutes?|min?|mm?", "60"],
  ["hours?|hou?|hh?", "3600"],
];
const REPLACEMENTS = UNITS.map(([spelling, seconds]) => ({
  unit: new RegExp(`(?<=[\\d\\s])(?:${spelling})\\b`, "gi"),
  factor: `*${seconds}`,
}));

/** @param text as in the files and in commands; white space and a trailing `# comment` are allowed */
export function readSpan(text: string): ReadSpan {
  if (text.length > MAX_LENGTH)
    return { ok: false, kind: "ValueError", message: `a duration has at most ${MAX_LENGTH} characters` };
  let rewritten = text.replace(/([a-z])(\d)/gi, "$1 $2");
  for (const { unit, factor } of REPLACEMENTS) rewritten = rewritten.replace(unit, factor);
  rewritten = rewritten.replace(/(\d)\s+(\d)/g, "$1+$2");
  const source = withoutBlankLines(rewritten.replace(/#[^\n]*/g, ""));
  if (source === "" || /^[ \t\f]/.test(source))
    return { ok: false, kind: "SyntaxError", message: "invalid syntax (<string>, line 0)" };
  const reading: Reading = { source, at: 0, depth: 0, name: null };
  const value = sum(reading);
  if ("problem" in value) return { ok: false, kind: "SyntaxError", message: `${value.problem} (<string>, line 1)` };
  skip(reading);
  if (reading.at < source.length)
    return { ok: false, kind: "SyntaxError", message: "invalid syntax (<string>, line 1)" };
  if (reading.name !== null) return { ok: false, kind: "NameError", message: `name '${reading.name}' is not defined` };
  if (Number.isNaN(value.value)) return { ok: false, kind: "ValueError", message: "division by zero" };
  if (Math.abs(value.value) > Number.MAX_SAFE_INTEGER)
    return { ok: false, kind: "ValueError", message: "the duration is too long" };
  return { ok: true, seconds: value.value, isFloat: value.isFloat };
}

/** Blanks before and behind are nothing, as are blank lines; a blank at the beginning of another line is an indentation, and stays. */
function withoutBlankLines(text: string): string {
  const begun = text.replace(/^[ \t\f]+/, "").replace(/^(?:[ \t\f]*\n)+/, "");
  return begun.replace(/(?:[ \t\f]*\n)+$/, "").replace(/(?<![\n \t\f])[ \t\f]+$/, "");
}

/** The same as data for a reply: a float stays one. */
export function plainSpan(span: { readonly seconds: Span; readonly isFloat: boolean }): Plain {
  return span.isFloat ? new Float(span.seconds) : span.seconds;
}

const DAY = 86_400;
/** From so many seconds on: rounded to multiples of `step` seconds, and told in these units. */
const SCALES: readonly {
  readonly from: number;
  readonly step: number;
  readonly units: readonly (readonly [string, number])[];
}[] = [
  {
    from: 365 * DAY,
    step: DAY,
    units: [
      ["y", 365 * DAY],
      ["w", 7 * DAY],
      ["d", DAY],
    ],
  },
  {
    from: 7 * DAY,
    step: 3600,
    units: [
      ["w", 7 * DAY],
      ["d", DAY],
      ["h", 3600],
    ],
  },
  {
    from: DAY,
    step: 60,
    units: [
      ["d", DAY],
      ["h", 3600],
      ["m", 60],
    ],
  },
  {
    from: 3595,
    step: 10,
    units: [
      ["h", 3600],
      ["m", 60],
    ],
  },
  {
    from: 60,
    step: 1,
    units: [
      ["m", 60],
      ["s", 1],
    ],
  },
];

/** Seconds for people, in at most three units: `1y 3w 4d`, `2d 7h 15m`, `59s`, `0`. */
export function printSpan(seconds: Span): string {
  const scale = SCALES.find(({ from }) => seconds >= from);
  if (scale === undefined) return seconds === 0 ? "0" : `${Number(seconds.toFixed(3))}s`;
  let rest = halfEven(seconds / scale.step) * scale.step;
  const parts: string[] = [];
  for (const [unit, size] of scale.units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(" ");
}

/** Python's `round`: halves go to the even neighbour. */
function halfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

interface Reading {
  readonly source: string;
  at: number;
  depth: number;
  /** The first name met: it makes a NameError, but only once the whole text is well-formed. */
  name: string | null;
}

type Value = { readonly value: number; readonly isFloat: boolean };
type Step = Value | { readonly problem: string };

const OPERATORS: readonly {
  readonly word: string;
  readonly level: "sum" | "product";
  readonly apply: (a: number, b: number) => number;
}[] = [
  { word: "+", level: "sum", apply: (a, b) => a + b },
  { word: "-", level: "sum", apply: (a, b) => a - b },
  { word: "//", level: "product", apply: (a, b) => (b === 0 ? NaN : Math.floor(a / b)) },
  { word: "*", level: "product", apply: (a, b) => a * b },
  { word: "/", level: "product", apply: (a, b) => (b === 0 ? NaN : a / b) },
];

function sum(reading: Reading): Step {
  return chain(reading, "sum", product);
}

function product(reading: Reading): Step {
  return chain(reading, "product", signed);
}

function chain(reading: Reading, level: "sum" | "product", next: (reading: Reading) => Step): Step {
  let left = next(reading);
  for (;;) {
    if ("problem" in left) return left;
    skip(reading);
    const operator = OPERATORS.find((one) => one.level === level && reading.source.startsWith(one.word, reading.at));
    if (operator === undefined || (operator.word === "*" && reading.source[reading.at + 1] === "*")) return left;
    reading.at += operator.word.length;
    const right = next(reading);
    if ("problem" in right) return right;
    left = {
      value: operator.apply(left.value, right.value),
      isFloat: left.isFloat || right.isFloat || operator.word === "/",
    };
  }
}

function signed(reading: Reading): Step {
  let sign = 1;
  for (skip(reading); ; skip(reading)) {
    const char = reading.source[reading.at];
    if (char !== "-" && char !== "+") break;
    if (char === "-") sign = -sign;
    reading.at += 1;
  }
  const value = operand(reading);
  if ("problem" in value) return value;
  return {
    value: sign < 0 && (value.isFloat || value.value !== 0) ? -value.value : value.value,
    isFloat: value.isFloat,
  };
}

const DIGITS = "\\d(?:_?\\d)*";
const NUMBER = new RegExp(
  `(?:${DIGITS})(?:\\.(?:${DIGITS})?)?(?:[eE][+-]?${DIGITS})?|\\.${DIGITS}(?:[eE][+-]?${DIGITS})?`,
  "y",
);

function operand(reading: Reading): Step {
  const { source } = reading;
  if (source[reading.at] === "(") return bracket(reading);
  NUMBER.lastIndex = reading.at;
  const number = NUMBER.exec(source)?.[0];
  if (number !== undefined) return numberOf(reading, number);
  const word = /[\p{L}_][\p{L}\p{N}_]*/uy; // made here: a Unicode class takes a quarter of a millisecond of every start
  word.lastIndex = reading.at;
  const name = word.exec(source)?.[0];
  if (name === undefined) return { problem: "invalid syntax" };
  reading.at += name.length;
  reading.name ??= name;
  return { value: 0, isFloat: false };
}

function numberOf(reading: Reading, text: string): Step {
  reading.at += text.length;
  const after = reading.source[reading.at] ?? "";
  if (/^0[xX]/.test(text + after)) return { problem: "invalid hexadecimal literal" };
  if (/[\p{L}_]/u.test(after)) return { problem: "invalid decimal literal" };
  const isFloat = /[.eE]/.test(text);
  if (!isFloat && /^0[0_]*[1-9]/.test(text))
    return { problem: "leading zeros in decimal integer literals are not permitted" };
  return { value: Number(text.replaceAll("_", "")), isFloat };
}

function bracket(reading: Reading): Step {
  reading.at += 1;
  reading.depth += 1;
  if (reading.depth > MAX_DEPTH) return { problem: "too many nested parentheses" };
  const value = sum(reading);
  if ("problem" in value) return value;
  skip(reading);
  if (reading.source[reading.at] !== ")") return { problem: "invalid syntax" };
  reading.at += 1;
  reading.depth -= 1;
  return value;
}

/** A line end parts two statements, unless it stands in brackets. */
function skip(reading: Reading): void {
  const blank = reading.depth > 0 ? " \t\f\n\r" : " \t\f";
  while (reading.at < reading.source.length && blank.includes(reading.source[reading.at] ?? "")) reading.at += 1;
}
