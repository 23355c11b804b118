/**
 * Start of the programs in a package. V8 would take longer to compile the client than that takes to do its work, so the
 * build keeps beside each script what V8 made of it (`scripts/build.ts`). V8 itself refuses that for another version, other switches or another
 * script, and compiles. What the script does not do is the whole program's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, Script } from "node:vm";
import type * as daemonScript from "./daemon-script.ts";
import type * as serverScript from "./server-script.ts";

/** What one script may ask another for. */
interface Scripts {
  readonly server: typeof serverScript;
  readonly daemon: typeof daemonScript;
}

/** Runs another script of the package. @returns what it exports; each call makes it anew, and nothing here keeps it. */
export type Load = <Name extends keyof Scripts>(name: Name) => Scripts[Name];

interface Program {
  /** @returns whether it does what the words ask for. */
  begin?(argv: readonly string[], entry: string, load: Load): boolean;
}

const [, entry = "", program = "", ...argv] = process.argv;
const whole = "./main.mjs";
const load: Load = (name) => runScript(name) as Scripts[typeof name];

if ((runScript(program) as Program).begin?.(argv, entry, load) !== true) void import(whole);

/** @returns what it exports */
function runScript(name: string): object {
  const filename = join(__dirname, `${name}.js`);
  const script = new Script(readFileSync(filename, "latin1"), {
    filename,
    cachedData: codeOf(filename),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER, // for modules of Node that are asked for late
  });
  const exported = {};
  (script.runInThisContext() as (require: NodeJS.Require, exports: object) => void)(require, exported);
  return exported;
}

/** Made for one kind of processor; without it, all is as it is but slower. */
function codeOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path.replace(/js$/, `${process.arch}.code`));
  } catch {
    return undefined;
  }
}
