/** The file that holds the server's process number. Not being able to write it is said and does no harm. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Said } from "../base/index.ts";

export function writePidFile(path: string, pid: number, tell: (said: Said) => void): void {
  try {
    mkdirSync(dirname(path), { recursive: false });
  } catch {
    // It is there already, or the next step says what is wrong.
  }
  try {
    writeFileSync(path, `${pid}\n`, { mode: 0o600 });
  } catch (cause) {
    tell({
      level: "ERROR",
      logger: "server",
      text: `Unable to create PID file: ${cause instanceof Error ? cause.message : String(cause)}`,
    });
  }
}

/** Removes it, if it is still ours. */
export function removePidFile(path: string, pid: number): void {
  try {
    if (readFileSync(path, "utf8").trim() === String(pid)) rmSync(path);
  } catch {
    // Somebody else has removed it.
  }
}
