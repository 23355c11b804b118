/** The programs: which one is the first word, `client`, `server` or `regex`. Loads only what that one needs. */
import { enableCompileCache } from "node:module";
import { resolve } from "node:path";
import { processIo } from "./io.ts";

// From a clone there is a hundred files of TypeScript to strip at each start; a package carries one bundle, and no folder that we may write to.
if (import.meta.filename.endsWith(".ts")) enableCompileCache(resolve(import.meta.dirname, "../../.cache/compile"));

const [program = "", ...argv] = process.argv.slice(2);

const PROGRAMS: Readonly<Record<string, () => Promise<number>>> = {
  client: async () => (await import("./client.ts")).runClient(argv, processIo(import.meta.filename)),
  server: async () => (await import("./server.ts")).runServerProgram(argv, processIo(import.meta.filename)),
  regex: async () => (await import("./regex.ts")).runRegexProgram(argv, processIo(import.meta.filename)),
};

const run = PROGRAMS[program];
if (run === undefined) {
  process.stderr.write(`unknown program '${program}': one of ${Object.keys(PROGRAMS).join(", ")}\n`);
  process.exitCode = 2;
} else process.exitCode = await run();
