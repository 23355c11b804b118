/**
 * fail2ban-server as a package runs it: bundled as a script of its own, begun by `loader.ts`. It is everything but the server itself, which is
 * another script: what reads the configuration and the command line is let go of when it is done.
 */
import type { Startup } from "../daemon/index.ts";
import type { Reading } from "../io/config/index.ts";
import { readAgain } from "./foreground.ts";
import { processIo } from "./io.ts";
import type { Load } from "./loader.ts";
import { runServerProgram } from "./server.ts";

/** As `programs.ts` has it. */
const UNFINISHED = 255;

/** @param entry the file that runs `server`, when called with that word. @returns true: it does whatever the words ask for. */
export function begin(argv: readonly string[], entry: string, load: Load): boolean {
  process.exitCode = UNFINISHED;
  const io = processIo(entry, (start) => load("daemon").serve(start, load));
  void runServerProgram(argv, io).then((end) => {
    if (typeof end === "number") process.exitCode = end;
    else void io.serve(end); // nothing of here waits for it, or all of here would be kept
  });
  return true;
}

/** For a server that is told to read its configuration again. */
export function read(options: Startup): Reading {
  return readAgain(options);
}
