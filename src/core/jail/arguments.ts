/** Arguments of commands → values, with fail2ban's refusals (config-cli.md §5.3, §6.5). */
import { readSpan, Refusal, trimBlanks, textRepr, type Plain, type ReadSpan } from "../../base/index.ts";

/** @throws Refusal IndexError when there is no such argument */
export function argument(args: readonly Plain[], at: number): Plain {
  const value = args[at];
  if (value === undefined) throw new Refusal("IndexError", "list index out of range");
  return value;
}

/** Python's `int()`. */
export function integerArgument(value: Plain): number {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string")
    throw new Refusal(
      "TypeError",
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  const text = trimBlanks(value);
  const number = /^[+-]?\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll("_", "")) : NaN;
  if (!Number.isSafeInteger(number))
    throw new Refusal("ValueError", `invalid literal for int() with base 10: ${textRepr(value)}`);
  return number + 0;
}

export function booleanArgument(value: Plain): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value === 1;
  return typeof value === "string" && ["1", "on", "true", "yes"].includes(value.toLowerCase());
}

/** What a text option takes: numbers and booleans as Python prints them. */
export function textArgument(value: Plain): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  throw new Refusal("TypeError", `expected string or bytes-like object, got '${typeName(value)}'`);
}

/** A duration; numbers pass. */
export function spanArgument(value: Plain): Extract<ReadSpan, { ok: true }> {
  if (typeof value === "number") return { ok: true, seconds: value, isFloat: !Number.isInteger(value) };
  const read = readSpan(textArgument(value));
  if (!read.ok) throw new Refusal(read.kind, read.message);
  return read;
}

function typeName(value: Plain): string {
  if (value === null) return "NoneType";
  return Array.isArray(value)
    ? "list"
    : typeof value === "boolean"
      ? "bool"
      : typeof value === "object"
        ? "dict"
        : "str";
}
