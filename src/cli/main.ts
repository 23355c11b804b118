/** The programs: which one is the first word, `client`, `server` or `regex`. Loads only what that one needs. */
import { processIo } from "./io.ts";

const [program = "", ...argv] = process.argv.slice(2);

const PROGRAMS: Readonly<Record<string, () => Promise<number>>> = {
  client: async () => (await import("./client.ts")).runClient(argv, processIo(import.meta.filename)),
  server: async () => (await import("./server.ts")).runServerProgram(argv, processIo(import.meta.filename)),
};

const run = PROGRAMS[program];
if (run === undefined) {
  process.stderr.write(`unknown program '${program}': one of ${Object.keys(PROGRAMS).join(", ")}\n`);
  process.exitCode = 2;
} else process.exitCode = await run();
