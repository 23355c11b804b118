/**
 * `logencoding` → how a log's bytes are read (engine.md §1.1).
 *
 * Knows names and decodes text; cuts no lines. `utf-16` and `utf-32` without an order are read as little-endian, as
 * Python does on every machine that Debian runs fail2ban on; a byte order mark is dropped.
 */
import iconv from "iconv-lite";
import { ALIASES, NOT_TEXT, STATEFUL, WIDE } from "./codecs.ts";

export interface Encoding {
  /** As asked for; `auto` has become the locale's name. */
  readonly name: string;
  /** iconv-lite's name. */
  readonly codec: string;
  /** ascii: only bytes ≥ 0x80 need decoding; every: each line does; wide: a line's end is more than one byte. */
  readonly kind: "ascii" | "every" | "wide";
  /** The bytes that end a line, as latin1. */
  readonly lineEnd: string;
  /** A byte order mark at a line's begin is no part of it: `utf-8-sig`. */
  readonly dropsMark?: boolean;
}

const UNICODE = /^(?:utf|gb18030)/;

/** The encodings of nearly all logs. The library is not asked for these: for its first answer it makes all of its tables. */
const USUAL: ReadonlySet<string> = new Set(["utf8", "ascii"]);

/**
 * @param name what `logencoding` says; `auto` in any case of letters means `locale`
 * @param locale the machine's preferred encoding, as its name is to be shown
 * @returns null when no such encoding exists (the caller refuses: LookupError, `unknown encoding: <name>`)
 */
export function encodingOf(name: string, locale: string): Encoding | null {
  const shown = name.toLowerCase() === "auto" ? locale : name;
  const folded = shown.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (folded === "" || NOT_TEXT.includes(folded)) return null;
  const codec = ALIASES[folded] ?? folded;
  if (!USUAL.has(codec) && !iconv.encodingExists(codec)) return null;
  const lineEnd = WIDE[codec];
  if (lineEnd !== undefined) return { name: shown, codec, kind: "wide", lineEnd };
  const kind = STATEFUL.includes(codec) ? "every" : "ascii";
  return { name: shown, codec, kind, lineEnd: "\n", ...(folded === "utf8sig" ? { dropsMark: true } : {}) };
}

/** Bytes (as latin1) → text; each invalid sequence becomes U+FFFD. */
export function decode(bytes: string, encoding: Encoding): string {
  const raw = Buffer.from(bytes, "latin1");
  if (encoding.codec === "utf8") {
    const text = raw.toString("utf8");
    return encoding.dropsMark === true && text.startsWith("\ufeff") ? text.slice(1) : text;
  }
  const text = iconv.decode(raw, encoding.codec, { stripBOM: false });
  return encoding.kind === "wide" ? text.toWellFormed() : text;
}

/** Whether `text` came out of `bytes` only by replacing something; cheap where nothing was replaced. */
export function isFaulty(bytes: string, text: string, encoding: Encoding): boolean {
  if (!text.includes("\uFFFD")) return false;
  // Only Unicode has U+FFFD itself.
  if (!UNICODE.test(encoding.codec)) return true;
  const again = encoding.codec === "utf8" ? Buffer.from(text) : iconv.encode(text, encoding.codec, { addBOM: false });
  return again.toString("latin1") !== bytes;
}
