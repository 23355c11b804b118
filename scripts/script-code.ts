/**
 * Program: writes what V8 made of a script into a file (src/cli/loader.ts takes it up).
 *
 *     node --random-seed=1 scripts/script-code.ts client.js client.code [words]
 *
 * With words, what V8 has when the script has done what they ask for, which is less and comes sooner into use; without, all of its functions,
 * those too that are compiled only when they are called first.
 *
 * A process of its own, because V8 accepts the code only under the switches under which it was made; with a seed, the same script gives the
 * same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { setFlagsFromString } from "node:v8";
import { constants, Script } from "node:vm";

const [, , path = "", target = "", ...words] = process.argv;
const source = readFileSync(path, "latin1");
// The name is kept with the code.
const options = { filename: basename(path), importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };

if (words.length === 0) {
  setFlagsFromString("--no-lazy");
  const script = new Script(source, options);
  // Back before V8 notes which switches are set.
  setFlagsFromString("--lazy");
  writeFileSync(target, script.createCachedData());
} else {
  const script = new Script(source, options);
  process.once("exit", () => writeFileSync(target, script.createCachedData()));
  const exported: { begin?: (argv: readonly string[], entry: string, load: () => object) => boolean } = {};
  (script.runInThisContext() as (require: NodeJS.Require, exports: object) => void)(createRequire(path), exported);
  if (exported.begin?.(words, "", () => ({})) !== true) throw new Error(`${path} does not do ${words.join(" ")}`);
}
