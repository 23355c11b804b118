/**
 * Where a command's two outputs go. Mostly sockets, as Node makes them, which a script cannot open by name: one that says
 * `> /dev/stderr` would fail. Such a script gets files without a name instead, read when it has ended.
 */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect, decode, type Output, OUTPUT_MAX } from "./output.ts";

const OPENS_BY_NAME = /\/dev\/(?:stdout|stderr|fd\/)|\/proc\/self\/fd\//;

export interface Outputs {
  /** For `spawn`. */
  readonly stdout: "pipe" | number;
  readonly stderr: "pipe" | number;
  /** Called with the child, or null when there is none. */
  collect(child: ChildProcess | null): { readonly stdout: Output; readonly stderr: Output };
  close(): void;
}

export function outputsFor(text: string): Outputs {
  if (!OPENS_BY_NAME.test(text))
    return {
      stdout: "pipe",
      stderr: "pipe",
      collect: (child) => ({ stdout: collect(child?.stdout ?? null), stderr: collect(child?.stderr ?? null) }),
      close() {},
    };
  const [stdout, stderr] = [namelessFile(), namelessFile()];
  return {
    stdout,
    stderr,
    collect: () => ({ stdout: fileOutput(stdout), stderr: fileOutput(stderr) }),
    close() {
      closeSync(stdout);
      closeSync(stderr);
    },
  };
}

/** In a folder of our own, made for it and gone before the command begins: nobody can have put a link there. */
function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-output-"));
  try {
    return openSync(join(folder, "output"), "ax+", 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fileOutput(file: number): Output {
  const size = (): number => fstatSync(file).size;
  return {
    size,
    ended: () => true,
    lost: () => Math.max(0, size() - OUTPUT_MAX),
    text() {
      const bytes = Buffer.alloc(Math.min(size(), OUTPUT_MAX));
      return decode(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)));
    },
  };
}
