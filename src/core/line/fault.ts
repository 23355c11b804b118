/**
 * What is said about a line that could not be decoded (engine.md §1.1): in full once a day for each file, in a whisper
 * otherwise. Says nothing itself; gives the two lines to be said.
 */
import type { Instant, Said } from "../../base/index.ts";

/** Files remembered as already complained about; beyond it the oldest is forgotten and may be complained about again. */
const FILES_LIMIT = 1000;
const DAY = 86_400;
/** Bytes of a bad line that are shown. */
const SHOWN_LIMIT = 4096;

export class Faults {
  readonly #said = new Map<string, Instant>();

  /** @returns the two things to say, in order. */
  report(file: string, encoding: string, raw: string, now: Instant): readonly Said[] {
    const level = this.#isDue(file, now) ? "WARNING" : "TRACE";
    return [
      { level, logger: "filter", text: `Error decoding line from '${file}' with '${encoding}'.` },
      {
        level,
        logger: "filter",
        text: `Consider setting logencoding to appropriate encoding for this jail. Continuing to process line ignoring invalid characters: ${printBytes(raw)}`,
      },
    ];
  }

  #isDue(file: string, now: Instant): boolean {
    const last = this.#said.get(file);
    if (last !== undefined && now - last < DAY) return false;
    this.#said.delete(file);
    const oldest = this.#said.keys().next();
    if (this.#said.size >= FILES_LIMIT && oldest.done !== true) this.#said.delete(oldest.value);
    this.#said.set(file, now);
    return true;
  }
}

/** Bytes as Python's repr prints them: `b'caf\xe9\n'`. */
export function printBytes(raw: string): string {
  const shown = raw.slice(0, SHOWN_LIMIT);
  const quote = shown.includes("'") && !shown.includes('"') ? '"' : "'";
  let text = "";
  for (let i = 0; i < shown.length; i += 1) text += printByte(shown.charCodeAt(i), quote);
  return `b${quote}${text}${quote}${raw.length > SHOWN_LIMIT ? "…" : ""}`;
}

function printByte(code: number, quote: string): string {
  if (code === 10) return "\\n";
  if (code === 13) return "\\r";
  if (code === 9) return "\\t";
  const char = String.fromCharCode(code);
  if (char === quote || char === "\\") return `\\${char}`;
  return code < 0x20 || code > 0x7e ? `\\x${code.toString(16).padStart(2, "0")}` : char;
}
