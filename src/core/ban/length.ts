/**
 * How long the next ban of a known offender lasts (engine.md §5.6), and how much sooner he is banned (§5.5).
 * Does not know where the history comes from.
 */
import { FOREVER, type Span } from "../../base/index.ts";
import { parseFormula, type FormulaNames } from "./formula.ts";
import { toFloat, type Numeric } from "./number.ts";
import type { BanSettings } from "./settings.ts";

/** What doubles each ban, up to the twentieth. */
export const DEFAULT_FORMULA = "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor";

/** Four million years: longer bans are cut to it, because their end could not be written any more. */
export const LONGEST: Span = 0x7fff_ffff_ffff;

export interface Length {
  readonly lasts: Span;
  /** Why the length could not be worked out; `lasts` is then the base. */
  readonly trouble: string | null;
}

/**
 * @param settings of the jail, with `increment` on
 * @param base the jail's ban time, seconds or FOREVER
 * @param previous how often this offender has been banned before
 * @param random a number in [0, 1), fresh at each call
 * @returns seconds, with a fraction where the formula makes one
 */
export function nextLength(settings: BanSettings, base: Span, previous: number, random: () => number): Length {
  if (base === FOREVER || previous <= 0) return { lasts: base, trouble: null };
  const grown =
    settings.multipliers !== null && settings.multipliers.length > 0
      ? multiplied(settings, base, previous, random)
      : computed(settings, base, previous, random);
  if (typeof grown === "string") return { lasts: base, trouble: grown };
  const capped = settings.maxtime === null ? grown : Math.min(grown, settings.maxtime);
  const spread = settings.rndtime === null ? capped : capped + random() * settings.rndtime;
  return { lasts: Math.min(spread, LONGEST), trouble: null };
}

/** What is wrong with the text of a formula or factor; null when it can be evaluated, names apart. */
export function checkFormula(text: string): string | null {
  const formula = parseFormula(text);
  return formula.ok ? null : formula.message;
}

/**
 * Reads `bantime.multipliers`: whole numbers with exactly one blank between them.
 * @returns the numbers, or Python's complaint about the first that is none
 */
export function parseMultipliers(
  text: string,
): { readonly ok: true; readonly values: readonly number[] } | { readonly ok: false; readonly message: string } {
  const words = text.split(" ");
  const wrong = words.find((word) => !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(word));
  if (wrong !== undefined) return { ok: false, message: `invalid literal for int() with base 10: '${wrong}'` };
  return { ok: true, values: words.map((word) => Number(word.replaceAll("_", ""))) };
}

/**
 * How many failures one failure of a known offender counts for.
 * @param previous how often he has been banned in this jail
 */
export function retryBoost(previous: number, maxretry: number): number {
  return previous <= 0 ? 1 : Math.min(2 ** (Math.min(previous, 20) - 1) + 1, maxretry);
}

/** @returns the length, or why there is none. */
function multiplied(settings: BanSettings, base: Span, previous: number, random: () => number): Span | string {
  const factor = factorOf(settings, base, previous, random);
  const list = settings.multipliers ?? [];
  return typeof factor === "string"
    ? factor
    : finite(base * toFloat(factor) * (list[Math.min(previous, list.length - 1)] ?? 1));
}

function computed(settings: BanSettings, base: Span, previous: number, random: () => number): Span | string {
  const factor = factorOf(settings, base, previous, random);
  if (typeof factor === "string") return factor;
  const value = valueOf("bantime.formula", settings.formula ?? DEFAULT_FORMULA, {
    time: base,
    count: previous,
    factor,
    random,
  });
  return typeof value === "string" ? value : finite(Math.max(base, Number(value)));
}

function factorOf(settings: BanSettings, base: Span, previous: number, random: () => number): Numeric | string {
  return settings.factor === null
    ? 1n
    : valueOf("bantime.factor", settings.factor, { time: base, count: previous, factor: 1n, random });
}

function valueOf(option: string, text: string, names: FormulaNames): Numeric | string {
  const formula = parseFormula(text);
  const value = formula.ok ? formula.evaluate(names) : formula;
  return value.ok ? value.value : `${option} = ${text}: ${value.message}`;
}

function finite(length: number): Span | string {
  return Number.isNaN(length) ? "the length is not a number" : length;
}
