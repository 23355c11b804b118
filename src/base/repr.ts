/**
 * Plain data as Python prints it (`repr`, `pprint.pformat`): the form of `-d`, `--dp`, and of lists in the client's answers (config-cli.md §3.4).
 *
 * Only the kinds that travel in commands and replies; reads nothing back.
 */
import { Float, isList, Tuple, type Plain } from "./plain.ts";

const NEEDS_CARE = /[^ -&(-[\]-~]/;
/** What is left to escape when backslashes and line feeds, by far the most, are escaped and quotes are seen to. */
const RARE = /[^ -~]/;
const RARE_ONES = /[\ud800-\udbff][\udc00-\udfff]|[^ -~]/g;
/** What JSON escapes otherwise. */
const STRANGE = /[^\n -~]/;
const BACKSLASH = /\\/g;
const BACKSLASH_OR_QUOTE = /[\\']/g;

/** @returns the text that Python's `repr` gives: `['set', 'sshd', 'findtime', '10m']`, `None`, `2629800.0`, `{'stacksize': 64}`. */
export function pythonRepr(value: Plain): string {
  if (typeof value === "string") return textRepr(value);
  if (isList(value)) return `[${itemsRepr(value)}]`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return integerRepr(value);
  if (value instanceof Float) return floatRepr(value.value);
  if (value instanceof Tuple) return `(${itemsRepr(value.items)}${value.items.length === 1 ? "," : ""})`;
  return `{${[...value].map(([key, item]) => `${textRepr(key)}: ${pythonRepr(item)}`).join(", ")}}`;
}

function itemsRepr(items: readonly Plain[]): string {
  let out = "";
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at] ?? null;
    // Plain words are by far the most.
    if (typeof item === "string" && !NEEDS_CARE.test(item)) out += at === 0 ? `'${item}'` : `, '${item}'`;
    else out += at === 0 ? pythonRepr(item) : `, ${pythonRepr(item)}`;
  }
  return out;
}

/** A text in Python's quotes: single ones, unless the text has single and no double quotes. */
export function textRepr(text: string): string {
  if (!NEEDS_CARE.test(text)) return `'${text}'`;
  const isQuoted = text.includes("'");
  const isDoubly = text.includes('"');
  if (!isDoubly && !STRANGE.test(text)) {
    // JSON escapes backslashes and line feeds as Python does, at once.
    const json = JSON.stringify(text);
    return isQuoted ? json : `'${json.slice(1, -1)}'`;
  }
  const quote = isQuoted && !isDoubly ? '"' : "'";
  const common = text.replace(quote === "'" ? BACKSLASH_OR_QUOTE : BACKSLASH, "\\$&").replaceAll("\n", "\\n");
  return quote + (RARE.test(common) ? common.replace(RARE_ONES, charRepr) : common) + quote;
}

/** A float as Python's `repr`: always with a point or an exponent, the exponent from 1e16 on and below 1e-4. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa = "0", exponent = "+0"] = value.toExponential().split("e");
    return `${mantissa}e${exponent[0] ?? "+"}${exponent.slice(1).padStart(2, "0")}`;
  }
  const text = String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

function integerRepr(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "0" : String(value);
  return Number.isInteger(value) ? BigInt(value).toString() : floatRepr(value);
}

const ESCAPES: Readonly<Record<string, string>> = { "\r": "\\r", "\t": "\\t" };

function charRepr(char: string): string {
  const escape = ESCAPES[char];
  if (escape !== undefined) return escape;
  const code = char.codePointAt(0) ?? 0;
  if (!isUnprintable(char, code)) return char;
  if (code < 256) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 65536 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Made when it is needed: Unicode classes take most of a millisecond, which a start of the client need not pay. */
let unprintable: RegExp | null = null;

/** What Python's `repr` escapes: everything that is not printable, but for the blank. Unpaired surrogates are of the class `C` too. */
function isUnprintable(char: string, code: number): boolean {
  if (code < 256) return code <= 160 || code === 173;
  if (isLetter(char, code)) return false;
  unprintable ??= new RegExp("[\\p{C}\\p{Zl}\\p{Zp}\\p{Zs}]", "u");
  return unprintable.test(char);
}

/** Surely one: what has two cases, and the kana and ideographs that are all given. */
function isLetter(char: string, code: number): boolean {
  return (
    (code >= 0x4e00 && code < 0xa000) || (code >= 0x3041 && code < 0x3097) || char.toLowerCase() !== char.toUpperCase()
  );
}
