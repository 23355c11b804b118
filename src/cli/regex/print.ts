/** Standard output of fail2ban-regex: gathered into large pieces, and harmless to a terminal. */
import type { Io } from "../io.ts";

/** Characters gathered before they are written. */
const PIECE = 65_536;
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export interface Print {
  /** One line; on a terminal control characters are shown as escapes, for attackers write into logs. */
  readonly line: (text: string) => void;
  readonly flush: () => void;
}

export function printTo(io: Pick<Io, "out" | "terminal">): Print {
  let piece = "";
  const flush = (): void => {
    if (piece !== "") io.out(piece);
    piece = "";
  };
  return {
    line: (text) => {
      piece += io.terminal ? `${harmless(text)}\n` : `${text}\n`;
      if (piece.length >= PIECE) flush();
    },
    flush,
  };
}

export function harmless(text: string): string {
  return text.replace(CONTROLS, (char) => {
    const code = char.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}
