/**
 * Bytes → lines (engine.md §1.1).
 *
 * Takes whole lines as a source cuts them and gives texts, each with exactly one line feed behind it: that is what expressions
 * are asked about, and in plain logs it is a slice of the chunk. Text that is all ASCII is never decoded a second time. Does not
 * read files, and does not know which lines matter.
 */
import { detach } from "../../base/index.ts";
import { decode, isFaulty, type Encoding } from "./encoding.ts";

/** Longest line in bytes, its end not counted. The source cuts the rest off, counts the line and says so. */
export const LINE_LIMIT = 65_536;

export interface Lines {
  /** In order, CR and LF at the end replaced by one LF. They may be slices of the chunk: see `base/detach.ts`. */
  readonly texts: readonly string[];
  /** All of them are surely ASCII. */
  readonly ascii: boolean;
  /** Bytes of the first line that could not be decoded strictly; null when all could. */
  readonly faulty: string | null;
}

const HIGH = /[\u0080-\u00ff]/;

/**
 * Whether all of a chunk is ASCII and means itself: then its lines may be looked at where they stand.
 *
 * @param ascii whether it is all ASCII: who has read it from a file can tell faster
 */
export function isPlain(bytes: string, encoding: Encoding, ascii: boolean | null = null): boolean {
  return encoding.kind === "ascii" && (ascii ?? !HIGH.test(bytes));
}

/**
 * @param bytes whole lines as latin1; a last one without line end was cut at the limit and its broken last character is no fault
 * @param plain what `isPlain` says
 */
export function splitChunk(bytes: string, encoding: Encoding, plain = isPlain(bytes, encoding)): Lines {
  if (encoding.kind === "wide") return splitWide(bytes, encoding);
  if (plain) return { texts: splitPlain(bytes), ascii: true, faulty: null };
  const texts: string[] = [];
  let faulty: string | null = null;
  for (let at = 0; at < bytes.length;) {
    const end = endOfLine(bytes, at);
    const raw = bytes.slice(at, end);
    if (encoding.kind === "ascii" && !HIGH.test(raw)) texts.push(lineOf(raw));
    else {
      const text = decode(raw, encoding);
      if (faulty === null && raw.endsWith("\n") && isFaulty(raw, text, encoding)) faulty = raw;
      texts.push(lineOf(text));
    }
    at = end;
  }
  return { texts, ascii: false, faulty };
}

/** One line's bytes → its text without end, for those who look at single lines (the search by date). */
export function readLine(raw: string, encoding: Encoding): string {
  return stripEnd(encoding.kind === "ascii" && !HIGH.test(raw) ? raw : decode(raw, encoding));
}

function splitPlain(bytes: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = endOfLine(bytes, at);
    texts.push(lineOf(bytes, at, end));
    at = end;
  }
  return texts;
}

/** Wide text has its line ends only after decoding: half of another character may look like one. */
function splitWide(bytes: string, encoding: Encoding): Lines {
  const text = decode(bytes, encoding);
  const whole = text.endsWith("\n");
  const faulty = whole && isFaulty(bytes, text, encoding) ? bytes : null;
  return { texts: splitPlain(text.startsWith("\uFEFF") ? text.slice(1) : text), ascii: false, faulty };
}

/** Behind the line's end. */
export function endOfLine(bytes: string, at: number): number {
  const found = bytes.indexOf("\n", at);
  return found < 0 ? bytes.length : found + 1;
}

/** Any number of CR and LF, in any mix, becomes one LF; mostly there is just that one. */
export function lineOf(text: string, from = 0, to = text.length): string {
  const end = endOfText(text, from, to);
  return end === to - 1 && text.charCodeAt(end) === 10 ? text.slice(from, to) : `${text.slice(from, end)}\n`;
}

/**
 * The same as a text of its own: of a chunk of which few lines are looked at, what is remembered of them must not keep all of it.
 */
export function ownLineOf(text: string, from: number, to: number): string {
  return detach(lineOf(text, from, to));
}

function stripEnd(text: string): string {
  return text.slice(0, endOfText(text, 0, text.length));
}

/** Where the text of the line between two places ends: before its CR and LF. */
export function endOfText(text: string, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const code = text.charCodeAt(end - 1);
    if (code !== 10 && code !== 13) break;
    end -= 1;
  }
  return end;
}
