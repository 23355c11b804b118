/** How the text of an option becomes a value of its type (config-cli.md §2.2): booleans never fail, a bad integer becomes none. */
import { trimBlanks } from "../../base/index.ts";

const TRUE = new Set(["1", "on", "true", "yes"]);
const INTEGER = /^[+-]?[0-9]+(?:_[0-9]+)*$/;

export function booleanOf(text: string): boolean {
  return TRUE.has(text.toLowerCase());
}

/** @returns null for a text that is no integer, or one too large to be exact (beyond 2^53) */
export function integerOf(text: string): number | null {
  const plain = trimBlanks(text);
  if (!INTEGER.test(plain)) return null;
  const value = Number(plain.replaceAll("_", ""));
  return Number.isSafeInteger(value) ? value + 0 : null;
}

/** Lines of a value that is a list of lines, with their index among all lines; empty ones are dropped. */
export function linesOf(text: string): { readonly text: string; readonly index: number }[] {
  return text
    .split("\n")
    .map((line, index) => ({ text: line, index }))
    .filter((line) => line.text !== "");
}
