/**
 * A journal entry's fields → its text, date and place in the journal (engine.md §7.6).
 *
 * Takes what `journalctl -o json` prints. Does not run it, and does not choose entries.
 */
import { printLocal, type Entry, type Zone } from "../../base/index.ts";
import { decode, isFaulty, type Encoding } from "./encoding.ts";
import { LINE_LIMIT } from "./split.ts";

/** Fields by name; each value is bytes as latin1 where journald had bytes that are not printable UTF-8, else text. */
export type JournalFields = ReadonlyMap<string, readonly FieldText[]>;
export type FieldText = string | { readonly bytes: string };

/** The fields that rendering needs; those of the matches come in addition. */
export const RENDERED_FIELDS: readonly string[] = [
  "_HOSTNAME",
  "SYSLOG_IDENTIFIER",
  "_COMM",
  "SYSLOG_PID",
  "_PID",
  "MESSAGE",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_SOURCE_MONOTONIC_TIMESTAMP",
];

/** @returns the fields of one line that journalctl printed, or null when it is no such line. */
export function parseFields(json: string): JournalFields | null {
  let record: unknown;
  try {
    record = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof record !== "object" || record === null || Array.isArray(record)) return null;
  const fields = new Map<string, readonly FieldText[]>();
  for (const [name, value] of Object.entries(record)) {
    const texts = fieldTexts(value);
    if (texts.length > 0) fields.set(name, texts);
  }
  return fields;
}

/** Renders the entry as fail2ban's journal filters expect it; text over the line limit is cut. */
export function renderEntry(fields: JournalFields, encoding: Encoding, zone: Zone): Entry {
  const first = (name: string): string => {
    const value = fields.get(name)?.[0];
    return value === undefined ? "" : plainText(value, encoding);
  };
  const micros = Number(first("_SOURCE_REALTIME_TIMESTAMP")) || Number(first("__REALTIME_TIMESTAMP"));
  const parts: string[] = [];
  const host = first("_HOSTNAME");
  if (host !== "") parts.push(host);
  const identifier = first("SYSLOG_IDENTIFIER") || first("_COMM");
  if (identifier !== "") {
    const pid = pidText(first("SYSLOG_PID")) || pidText(first("_PID"));
    const name = pid === "" ? `${identifier}:` : `${identifier}[${pid}]:`;
    parts.push(name);
    if (name === "kernel:")
      parts.push(monotonic(Number(first("_SOURCE_MONOTONIC_TIMESTAMP")) || Number(first("__MONOTONIC_TIMESTAMP"))));
  }
  parts.push((fields.get("MESSAGE") ?? []).map((value) => plainText(value, encoding)).join(" "));
  const text = parts.join(" ").slice(0, LINE_LIMIT).replaceAll("\n", "\\n");
  return { at: micros / 1e6, stamp: `${isoTime(micros, zone)} `, text };
}

/** Local time as Python's isoformat prints it: no zone, six digits of a second or none. */
export function isoTime(micros: number, zone: Zone): string {
  const whole = Math.floor(micros / 1e6);
  const rest = micros - whole * 1e6;
  const local = printLocal(zone, whole).replace(" ", "T");
  return rest === 0 ? local : `${local}.${String(rest).padStart(6, "0")}`;
}

function fieldTexts(value: unknown): readonly FieldText[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (!Array.isArray(value) || value.length === 0) return [];
  if (value.every((item): item is number => typeof item === "number"))
    return [{ bytes: Buffer.from(value).toString("latin1") }];
  return value.flatMap(fieldTexts);
}

/** Bytes that journalctl does not print as text are mostly UTF-8 with a control character; else `logencoding` decides. */
function plainText(value: FieldText, encoding: Encoding): string {
  if (typeof value === "string") return value;
  const utf8: Encoding = { name: "utf-8", codec: "utf8", kind: "ascii", lineEnd: "\n" };
  const text = decode(value.bytes, utf8);
  return isFaulty(value.bytes, text, utf8) ? decode(value.bytes, encoding) : text;
}

/** Integers, also as `0x1f`, in decimal; 0 counts as no number at all; other text as it is. */
function pidText(text: string): string {
  const bare = text.trim();
  if (/^[+-]?\d+(_\d+)*$/.test(bare)) {
    const number = Number(bare.replaceAll("_", ""));
    return number === 0 ? "" : Number.isSafeInteger(number) ? String(number) : bare;
  }
  return /^0x[0-9a-f]+$|^0o[0-7]+$|^0b[01]+$/i.test(bare) ? String(Number(bare)) : text;
}

function monotonic(micros: number): string {
  return `[${(micros / 1e6).toFixed(6).padStart(12)}]`;
}
