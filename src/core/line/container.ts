/**
 * A line of a container's `json-file` log → the line that the container printed.
 *
 * Docker writes `{"log":"text\n","stream":"stderr","time":"2026-11-22T08:53:10.123456789Z"}` and splits what is longer
 * than 16 KiB into several; the parts are joined again here, for each stream. Reads no files.
 */
import type { Instant } from "../../base/index.ts";
import { LINE_LIMIT } from "./split.ts";

export interface Printed {
  readonly text: string;
  /** When Docker received it; null when it does not say so in a form we know. */
  readonly at: Instant | null;
}

/** Streams whose unfinished lines are kept; Docker has two. */
const STREAMS_LIMIT = 4;

export class ContainerLines {
  readonly #begun = new Map<string, string>();

  /** @returns the finished line; "begun": only a part of one so far; null: no such record. A line over the limit is cut. */
  read(raw: string): Printed | "begun" | null {
    const record = parseRecord(raw);
    if (record === null) return null;
    const text = ((this.#begun.get(record.stream) ?? "") + record.log).slice(0, LINE_LIMIT);
    if (!record.log.endsWith("\n") && (this.#begun.size < STREAMS_LIMIT || this.#begun.has(record.stream))) {
      this.#begun.set(record.stream, text);
      return "begun";
    }
    this.#begun.delete(record.stream);
    return { text: text.replace(/[\r\n]+$/, ""), at: readTime(record.time) };
  }
}

function parseRecord(raw: string): { log: string; stream: string; time: string } | null {
  if (!raw.startsWith("{")) return null;
  let record: unknown;
  try {
    record = JSON.parse(raw);
  } catch {
    return null;
  }
  if (typeof record !== "object" || record === null || !("log" in record) || typeof record.log !== "string")
    return null;
  const stream = "stream" in record && typeof record.stream === "string" ? record.stream : "";
  const time = "time" in record && typeof record.time === "string" ? record.time : "";
  return { log: record.log, stream, time };
}

/** RFC 3339 with up to nine digits of a second → seconds. */
function readTime(text: string): Instant | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const ahead = Number(parts[9] ?? 0) * 3600 + Number(parts[10] ?? 0) * 60;
  const local = daysBefore(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return local - (parts[8] === "-" ? -ahead : ahead) + Number(parts[7] ?? "0");
}

/** Days from 1970-01-01 to a date of the Gregorian calendar; the year is counted from March, so that the leap day is its last. */
function daysBefore(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + dayOfYear - 719_468;
}
