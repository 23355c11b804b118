/** The quick part of fail2ban-client as a package runs it: bundled as a script of its own, begun by `loader.ts`. */
import { processIo } from "./io.ts";
import { readCommandLine } from "./options.ts";
import { isQuick, runQuickly } from "./quick.ts";

/** As `client.ts` has it, which would bring along the rest. */
const FAILED = 255;

/** @returns false where the words ask for more: then nothing has been done. */
export function begin(argv: readonly string[]): boolean {
  const line = readCommandLine(argv);
  if ("end" in line || !isQuick(line)) return false;
  process.exitCode = FAILED;
  const io = processIo();
  void runQuickly(line, io).then((passed) => io.leave(passed ? 0 : FAILED));
  return true;
}
