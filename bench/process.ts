/** A whole process under measurement: from its start to its end, with the most memory that it ever had. */
import { spawn } from "node:child_process";
import { cpuOf, peakOf } from "./server.ts";

export interface Ended {
  readonly seconds: number;
  /** Megabytes, and processor seconds, as last seen before its end: at most 20 ms are missing. */
  readonly peak: number;
  readonly cpu: number;
  readonly output: string;
  /** Null: it was ended because it took too long. */
  readonly status: number | null;
}

const LOOK = 20;

/** @param limit seconds after which it is ended */
export function runProcess(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  limit = 600,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const [program = "", ...rest] = words;
    const child = spawn(program, rest, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    const pieces: Buffer[] = [];
    let [peak, cpu] = [0, 0];
    const look = setInterval(() => {
      const pid = child.pid ?? 0;
      try {
        [peak, cpu] = [Math.max(peak, peakOf(pid)), Math.max(cpu, cpuOf(pid))];
      } catch {
        // It has just ended.
      }
    }, LOOK);
    const timer = setTimeout(() => child.kill("SIGKILL"), limit * 1000);
    const done = (): void => {
      clearInterval(look);
      clearTimeout(timer);
    };
    child.stdout.on("data", (piece: Buffer) => void pieces.push(piece));
    child.stderr.on("data", (piece: Buffer) => void pieces.push(piece));
    child.once("error", (cause) => {
      done();
      reject(cause);
    });
    child.once("close", (status) => {
      done();
      const seconds = (performance.now() - began) / 1000;
      resolve({ seconds, peak, cpu, output: Buffer.concat(pieces).toString(), status });
    });
  });
}
