/**
 * Ban formulas against Python's own eval, on seeded random expressions. FAIL2BAN_SEED=n repeats a run; without it each
 * run takes another seed and prints it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nextLength } from "../../../src/core/ban/index.ts";
import { parseFormula } from "../../../src/core/ban/formula.ts";
import { note } from "../../ledger.ts";
import { without } from "../../skips.ts";
import { askPython } from "./ask.ts";
import { randomOf } from "./random.ts";

const SEED = Number(process.env["FAIL2BAN_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const NAMES = { time: 600, count: 3, factor: 2 } as const;

type Answer = { readonly error?: string; readonly bool?: boolean; readonly int?: string; readonly float?: string };

const leaves = [
  "0",
  "1",
  "2",
  "3",
  "7",
  "20",
  "1.5",
  "0.5",
  ".25",
  "1e3",
  "600",
  "0x1f",
  "True",
  "False",
  "ban.Time",
  "ban.Count",
  "banFactor",
  "math.e",
  "math.pi",
  "1_000",
  "12345678901234567890",
  "0.1",
  "foo",
  "-1",
  "-7",
] as const;
const operators = [
  "+",
  "-",
  "*",
  "/",
  "//",
  "%",
  "&",
  "|",
  "^",
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "!=",
  "and",
  "or",
] as const;
/** To the right of these stands something small: Python would compute for hours. */
const growing = ["**", "<<", ">>"] as const;
const small = ["0", "1", "2", "3", "ban.Count", "20", "-1", "0.5", "(-2)", "True"] as const;
const calls = [
  "int",
  "float",
  "abs",
  "round",
  "math.exp",
  "math.log",
  "math.log2",
  "math.log10",
  "math.sqrt",
  "math.floor",
  "math.ceil",
] as const;

/** A random expression; brackets are left out often, so that binding is tested. */
function expression(random: () => number, depth: number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] ?? (from[0] as T);
  const inner = (): string => expression(random, depth - 1);
  if (depth === 0 || random() < 0.15) return pick(leaves);
  const kind = random();
  if (kind < 0.12) return `(${inner()} ${pick(growing)} ${pick(small)})`;
  if (kind < 0.55) return `${inner()} ${pick(operators)} ${inner()}`;
  if (kind < 0.65) return `(${inner()})`;
  if (kind < 0.73) return `${pick(["-", "+", "~", "not ", "--"])}${inner()}`.replace(/^not /, "not ");
  if (kind < 0.83) return `${pick(calls)}(${inner()})`;
  if (kind < 0.9) return `(${inner()} if ${inner()} else ${inner()})`;
  return pick([
    `min(${inner()}, ${inner()})`,
    `max([${inner()}, ${inner()}])`,
    `sum((${inner()}, ${inner()}))`,
    `round(${inner()}, 2)`,
    `pow(${inner()}, ${pick(small)})`,
    `math.pow(${inner()}, ${inner()})`,
    `[${inner()}, ${inner()}][${pick(["0", "1", "-1"])}]`,
  ]);
}

function ours(text: string): Answer {
  const formula = parseFormula(text);
  if (!formula.ok) return { error: "SyntaxError" };
  const result = formula.evaluate({ ...NAMES, factor: BigInt(NAMES.factor), random: () => 0 });
  if (!result.ok) return { error: result.message.split(":")[0] ?? "" };
  if (typeof result.value === "boolean") return { bool: result.value };
  return typeof result.value === "bigint" ? { int: String(result.value) } : { float: String(result.value) };
}

/** Python prints `inf`, `nan`, `1e+22`. */
function toNumber(text: string): number {
  return Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
}

function agree(mine: Answer, theirs: Answer): boolean {
  if (mine.error !== undefined || theirs.error !== undefined) return mine.error === theirs.error;
  if (mine.float === undefined || theirs.float === undefined)
    return mine.int === theirs.int && mine.bool === theirs.bool;
  const [a, b] = [toNumber(mine.float), toNumber(theirs.float)];
  // exp, log and pow of the two mathematical libraries differ in the last bit.
  return Object.is(a, b) || Math.abs(a - b) <= Math.abs(b) * 1e-12;
}

/** What the limit on whole numbers forbids, and powers that are complex in Python. */
function isListed(message: string): boolean {
  return message.includes("4096 bits") || message.includes("to a fractional power");
}

/** A last bit that differs between the mathematical libraries, made visible by an operation that jumps. */
function isMagnified(text: string): boolean {
  return /math\.(exp|log|pow)|\*\*|pow\(/.test(text) && /%|\/\/|int\(|floor|ceil|round|[<>=!&|]/.test(text);
}

test(`random formulas give what Python's eval gives (seed ${SEED})`, { skip: without("python3", "oracle") }, () => {
  const random = randomOf(SEED);
  const texts = Array.from({ length: 4000 }, () => expression(random, 4)).filter((text) => text.length < 400);
  const answers = askPython({ do: "eval", texts, names: NAMES }) as readonly Answer[];
  assert.equal(answers.length, texts.length);
  let values = 0;
  let magnified = 0;
  texts.forEach((text, i) => {
    const theirs = answers[i] ?? {};
    const mine = ours(text);
    if (agree(mine, theirs)) {
      if (theirs.error === undefined) values += 1;
      return;
    }
    if (mine.error === undefined && theirs.error === undefined && isMagnified(text)) {
      note("normalised", "a last bit of math.exp, math.log or a power, magnified by a rounding");
      magnified += 1;
      return;
    }
    const formula = parseFormula(text);
    const result = formula.ok ? formula.evaluate({ ...NAMES, factor: BigInt(NAMES.factor), random: () => 0 }) : formula;
    assert.ok(
      isListed(result.ok ? "" : result.message),
      `${text}\nours: ${JSON.stringify(result, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v))}\ntheirs: ${JSON.stringify(theirs)}`,
    );
    note("difference", "a formula's whole numbers end at 4096 bits, and it has no complex ones");
  });
  assert.ok(magnified < 20, `${magnified} of ${texts.length} differ by more than a last bit`);
  assert.ok(values > 1000, `only ${values} of ${texts.length} have a value`);
});

test("the two stock formulas agree to the last bit of their seconds", { skip: without("python3", "oracle") }, () => {
  const stock = [
    "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor",
    "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)",
  ];
  for (let count = 1; count <= 25; count += 1) {
    const answers = askPython({
      do: "eval",
      texts: stock,
      names: { time: 600, count, factor: 2 / 2.885385 },
    }) as readonly Answer[];
    stock.forEach((formula, i) => {
      const settings = {
        bantime: 600,
        increment: true,
        factor: "2.0 / 2.885385",
        formula,
        multipliers: null,
        maxtime: null,
        rndtime: null,
        overalljails: false,
        other: new Map<string, string>(),
      };
      const theirs = Number(answers[i]?.float);
      const { lasts } = nextLength(settings, 600, count, () => 0);
      assert.ok(Math.abs(lasts - theirs) <= theirs * 1e-14, `${formula} for ${count}: ${lasts} instead of ${theirs}`);
    });
  }
});
