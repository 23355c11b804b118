/** What a command prints: always drained, so that it never blocks; kept up to a limit, for the log. */
import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";

/** Bytes kept of each of the two outputs; the rest is read, counted and dropped. */
export const OUTPUT_MAX = 32_768;

export interface Output {
  /** Bytes seen so far. */
  size(): number;
  ended(): boolean;
  /** As text; bytes that are no UTF-8 as `\xff`. */
  text(): string;
  /** Bytes that were dropped. */
  lost(): number;
}

export function collect(stream: Readable | null): Output {
  const kept: Buffer[] = [];
  let size = 0;
  let length = 0;
  let ended = stream === null;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (length >= OUTPUT_MAX) return;
    kept.push(chunk.subarray(0, OUTPUT_MAX - length));
    length += Math.min(chunk.length, OUTPUT_MAX - length);
  });
  stream?.on("close", () => {
    ended = true;
  });
  stream?.on("error", () => {
    ended = true;
  });
  return { size: () => size, ended: () => ended, lost: () => size - length, text: () => decode(Buffer.concat(kept)) };
}

/** Bytes as text; what is no UTF-8 as `\xff`. */
export function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  return bytes.toString("latin1").replaceAll(/[\u0080-\u00ff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
}
