/**
 * Program: compiles a script, all of its functions, and writes what V8 made of it to standard output (src/cli/loader.ts takes it up).
 *
 *     node --random-seed=1 scripts/script-code.ts client.js
 *
 * A process of its own, because V8 accepts the code only under the switches under which it was made; with a seed, the same script gives the
 * same bytes. Functions that are compiled only when they are called first would not be in it: hence the switch, and back before V8 notes which are set.
 */
import { readFileSync, writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const source = readFileSync(process.argv[2] ?? "", "latin1");
setFlagsFromString("--no-lazy");
const script = new Script(source);
setFlagsFromString("--lazy");
const code = script.createCachedData();
for (let at = 0; at < code.length;) at += writeSync(1, code, at);
