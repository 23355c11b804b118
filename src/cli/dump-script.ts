/** `fail2ban-client -d` as a package runs it: bundled as a script of its own, begun by `loader.ts`. */
import { isDump, runDump } from "./dump.ts";
import { processIo } from "./io.ts";
import { readCommandLine } from "./options.ts";

/** As `client.ts` has it, which would bring along the rest. */
const FAILED = 255;

/** @returns false where the words ask for something else: then nothing has been done. */
export function begin(argv: readonly string[]): boolean {
  const line = readCommandLine(argv);
  if ("end" in line || !isDump(line)) return false;
  process.exitCode = FAILED;
  const io = processIo();
  io.leave(runDump(line, io) ? 0 : FAILED);
  return true;
}
