/** How far a long file has been read: one line on standard error, where that is a terminal. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Io } from "../io.ts";

/** Milliseconds between two lines; the first comes after as many. */
const EVERY = 500;

export interface Progress {
  /** Lines that were cut off. */
  cut: number;
  /** @param done from 0 to 1, null where it is not known; now and then gives others a turn */
  step(done: number | null, lines: number): Promise<void>;
  end(): void;
}

export function progressOn(io: Io): Progress {
  const shown = process.stderr.isTTY;
  let last = performance.now();
  let isOn = false;
  return {
    cut: 0,
    async step(done, lines) {
      const now = performance.now();
      if (now - last < EVERY) return;
      last = now;
      if (shown) {
        isOn = true;
        const percent = done === null ? "" : `${Math.floor(done * 100)} %, `;
        io.err(`\r${percent}${lines} lines\x1b[K`);
      }
      await nextTurn();
    },
    end() {
      if (isOn) io.err("\r\x1b[K");
    },
  };
}
