/**
 * What a command is: one record says its words, its help, what it does and how its answer is printed. Parser, help, completion, man page, rights and
 * `--json` all derive from these records.
 */
import { Float, pythonRepr, Refusal, Tuple, type Plain } from "../../../base/index.ts";
import type { Desk } from "../desk.ts";
import type { Answer } from "../pickle/index.ts";

/** Headings of the help, in its order. */
export const SECTIONS = [
  "BASIC",
  "LOGGING",
  "DATABASE",
  "JAIL CONTROL",
  "JAIL CONFIGURATION",
  "COMMAND ACTION CONFIGURATION",
  "GENERAL ACTION CONFIGURATION",
  "JAIL INFORMATION",
  "COMMAND ACTION INFORMATION",
  "GENERAL ACTION INFORMATION",
] as const;

export type Section = (typeof SECTIONS)[number];

export interface Command {
  /** Words by which it is found; `<JAIL>` stands for any word, which becomes the first argument; a final `*` for the rest of a word, likewise. */
  readonly words: string;
  /** What follows the words in the help. */
  readonly usage?: string;
  /** The whole line of the help, where words and usage do not make it. */
  readonly syntax?: string;
  /** Null: it works and is not listed. */
  readonly help: string | null;
  readonly section: Section;
  /** Fewest arguments, the jail among them; with fewer the client is told that the command is invalid. */
  readonly needs?: number;
  /** It changes nothing and shows no secrets: the read-only socket answers it. */
  readonly asks?: true;
  /** Absent where the client does it all, or another record of the same first word does. */
  readonly run?: (desk: Desk, args: readonly Plain[]) => Answer | Promise<Answer>;
  /** What the client prints; absent: the value as Python's `str` gives it. */
  readonly show?: (value: Plain, args: readonly string[], view: View) => string;
  /** What `--json` gives as `value`; absent: the value's own structure. */
  readonly json?: ((value: Plain, args: readonly string[]) => Json) | undefined;
}

/** What printing needs to know of where it prints. */
export interface View {
  /** Box characters may be drawn. */
  readonly unicode: boolean;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** As Python's `str`: texts as they are, everything else as `repr`. */
export function plainText(value: Plain): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** A list, or nothing where something else came: printing never fails on a strange server's answer. */
export function listOf(value: Plain | undefined): readonly Plain[] {
  if (value instanceof Tuple) return value.items;
  return isList(value) ? value : [];
}

export function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

export function isMap(value: Plain | undefined): value is ReadonlyMap<string, Plain> {
  return value instanceof Map;
}

/** The same structure in JSON: tuples become arrays, dictionaries objects. */
export function jsonOf(value: Plain): Json {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Float) return value.value;
  if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key, jsonOf(item)]));
  return listOf(value).map(jsonOf);
}

/** Arguments as texts: what a client sends that is no text counts as what Python's `str` makes of it. */
export function texts(args: readonly Plain[]): readonly string[] {
  return args.map(plainText);
}

/** As Python's `int()`: a number, or its digits with blanks around and single underscores between. @throws Refusal ValueError, TypeError. */
export function readInt(value: Plain | undefined): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Float) return Math.trunc(value.value);
  if (typeof value !== "string") {
    const type = value === null || value === undefined ? "NoneType" : isMap(value) ? "dict" : "list";
    throw new Refusal(
      "TypeError",
      `int() argument must be a string, a bytes-like object or a real number, not '${type}'`,
    );
  }
  const text = value.trim();
  if (!/^[-+]?\d+(?:_\d+)*$/.test(text))
    throw new Refusal("ValueError", `invalid literal for int() with base 10: ${pythonRepr(value)}`);
  return Number(text.replaceAll("_", ""));
}

/** As Python's `float()`, of finite numbers. @throws Refusal ValueError. */
export function readFloat(value: Plain | undefined): number {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  const text = typeof value === "string" ? value.trim().replaceAll(/(?<=\d)_(?=\d)/g, "") : "";
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text))
    throw new Refusal("ValueError", `could not convert string to float: ${pythonRepr(value ?? null)}`);
  return Number(text);
}
