/** Values as Python prints them inside debug tags and log lines: `['a', "b'c"]`, `{'user': 'root'}` (config-cli.md §3.4). */
import type { FieldValue } from "../../base/index.ts";

export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\p{C}\p{Zl}\p{Zp}]|'/gu, (c) => (c === "'" ? (quote === "'" ? "\\'" : c) : escapeCharacter(c)));
  return quote + inner + quote;
}

export function reprValue(value: FieldValue | readonly FieldValue[]): string {
  if (typeof value === "string") return reprText(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  return `[${value.map((item) => reprValue(item)).join(", ")}]`;
}

export function reprFields(fields: Readonly<Record<string, FieldValue | readonly FieldValue[]>>): string {
  return `{${Object.entries(fields)
    .map(([name, value]) => `${reprText(name)}: ${reprValue(value)}`)
    .join(", ")}}`;
}

/** As Python's `str()` shows a value that is inserted as text: tuples print as `('a', 'b')`. */
export function textOf(value: FieldValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  return value.length === 1 ? `(${reprValue(value[0] ?? "")},)` : `(${value.map((item) => reprText(item)).join(", ")})`;
}

const NAMED: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(c: string): string {
  const named = NAMED[c];
  if (named !== undefined) return named;
  const code = c.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
