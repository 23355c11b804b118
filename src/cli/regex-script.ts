/** fail2ban-regex as a package runs it: bundled as a script of its own, begun by `loader.ts`. */
import { processIo } from "./io.ts";
import { runRegexProgram } from "./regex.ts";

/** As `programs.ts` has it. */
const UNFINISHED = 255;

/** @returns true: it does whatever the words ask for. */
export function begin(argv: readonly string[]): boolean {
  process.exitCode = UNFINISHED;
  void runRegexProgram(argv, processIo()).then((status) => (process.exitCode = status));
  return true;
}
