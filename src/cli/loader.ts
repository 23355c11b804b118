/**
 * Start of the programs in a package. V8 would take longer to compile the client than that takes to do its work, so the
 * build keeps beside each script what V8 made of it (`scripts/build.ts`). V8 itself refuses that for another version, other switches or another
 * script, and compiles. What the script does not do is the whole program's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, Script } from "node:vm";

/** @returns whether it does what the words ask for. */
type Begin = (argv: readonly string[], entry: string) => boolean;
type Run = (require: NodeJS.Require, exports: { begin?: Begin }) => void;

const [, entry = "", program = "", ...argv] = process.argv;
const whole = "./main.mjs";

const filename = join(__dirname, `${program}.js`);
const script = new Script(readFileSync(filename, "latin1"), {
  filename,
  cachedData: codeOf(filename),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER, // for modules of Node that are asked for late
});
const exported: Parameters<Run>[1] = {};
(script.runInThisContext() as Run)(require, exported);
if (exported.begin?.(argv, entry) !== true) void import(whole);

/** Made for one kind of processor; without it, all is as it is but slower. */
function codeOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path.replace(/js$/, `${process.arch}.code`));
  } catch {
    return undefined;
  }
}
