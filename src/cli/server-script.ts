/** fail2ban-server as a package runs it: bundled as a script of its own, begun by `loader.ts`. */
import { processIo } from "./io.ts";
import { runServerProgram } from "./server.ts";

/** As `programs.ts` has it. */
const UNFINISHED = 255;

/** @param entry the file that runs `server`, when called with that word. @returns true: it does whatever the words ask for. */
export function begin(argv: readonly string[], entry: string): boolean {
  process.exitCode = UNFINISHED;
  void runServerProgram(argv, processIo(entry)).then((status) => (process.exitCode = status));
  return true;
}
