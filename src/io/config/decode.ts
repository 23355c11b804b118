/** The bytes of a configuration file as text: UTF-8 and nothing else. */
import type { FileText } from "./files.ts";

export function decode(bytes: Uint8Array): FileText {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const bad = text.includes(REPLACED) ? firstBadByte(bytes) : null;
  return bad === null ? { ok: true, text } : { ok: false, reason: "not text", ...bad };
}

/** What a decoder puts in the place of bytes that are no UTF-8; a file may also have it. */
export const REPLACED = "\ufffd";

/** The first line that does not decode alone holds the mistake: no character spans a line end. Null where all is well. */
function firstBadByte(bytes: Uint8Array): { readonly line: number; readonly byte: number } | null {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    const wrong = badByteOf(part);
    if (wrong !== null) return { line, byte: wrong };
    from = end < 0 ? bytes.length : end + 1;
  }
  return null;
}

/** Up to the first mistake, each character stands for the bytes that it encodes to. */
function badByteOf(part: Uint8Array): number | null {
  const encoder = new TextEncoder();
  const mark = encoder.encode(REPLACED);
  const pieces = new TextDecoder("utf-8", { ignoreBOM: true }).decode(part).split(REPLACED);
  let at = 0;
  for (const piece of pieces.slice(0, -1)) {
    at += encoder.encode(piece).length;
    if (mark.some((byte, index) => byte !== part[at + index])) return part[at] ?? 0;
    at += mark.length;
  }
  return null;
}
