/** Bans as rows: the `data` column (config-cli.md §9.1) and columns that another program may have filled with anything. */
import type { Ban, Fields, FieldValue, Match } from "../../base/index.ts";

export interface Data {
  readonly matches: readonly Match[];
  readonly failures: number;
  readonly fields: Fields;
}

const NOTHING: Data = { matches: [], failures: 0, fields: {} };

/** UTF-8 JSON: the last `maxmatches` lines, attempts, then the fields in their order. Half surrogates become U+FFFD. */
export function encodeData(ban: Pick<Ban, "matches" | "failures" | "fields">, maxmatches: number): Uint8Array {
  const { fields, failures } = ban;
  const matches = maxmatches > 0 ? ban.matches.slice(-maxmatches) : [];
  const data: Record<string, unknown> = { matches, failures, ...fields };
  data["matches"] = matches; // a field may have that name
  data["failures"] = failures;
  const json = JSON.stringify(data);
  return Buffer.from(HALF.test(json) ? JSON.stringify(data, wellFormed) : json, "utf8");
}

/** As JSON has half a surrogate, or a backslash and these letters: asked for each value, it takes several times as long. */
const HALF = /\\ud/;

function wellFormed(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** Reads a `data` column, TEXT or BLOB; what cannot be read counts as nothing. */
export function decodeData(column: unknown): Data {
  return decodeText(dataText(column));
}

/** What stands in a `data` column, as text. */
export function dataText(column: unknown): string {
  if (typeof column === "string") return column;
  if (!(column instanceof Uint8Array)) return "";
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString("utf8");
}

export function decodeText(text: string): Data {
  const data = parse(text);
  if (data === null) return NOTHING;
  const { matches, failures, ...rest } = data;
  return {
    matches: Array.isArray(matches) ? matches.map(readMatch) : [],
    failures: typeof failures === "number" && Number.isFinite(failures) ? failures : 0,
    fields: Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) => (isFieldValue(value) ? [[name, value]] : [])),
    ),
  };
}

/** A column that should hold a number. */
export function numberOf(column: unknown, otherwise: number): number {
  const value = Number(column);
  return (typeof column === "number" || typeof column === "bigint" || typeof column === "string") &&
    Number.isFinite(value)
    ? value
    : otherwise;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function readMatch(match: unknown): Match {
  if (!Array.isArray(match)) return String(match);
  const [before = "", date = "", after = "", ...more] = match.map(String);
  return match.length === 3 ? [before, date, after] : [before, date, after, ...more].join("");
}

function isFieldValue(value: unknown): value is FieldValue {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
