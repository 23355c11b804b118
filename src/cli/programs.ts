/**
 * The programs: which one is the first word, `client`, `server` or `regex`; `dump` is the client, called with `-d`. The client comes along at
 * once, so that a simple command loads one file of the bundle; the others load what they need.
 */
import { runClient } from "./client.ts";
import type { Start } from "./foreground.ts";
import { processIo } from "./io.ts";

const [, entry = "", program = "", ...argv] = process.argv;

const client = (): Promise<number> => runClient(argv, processIo(entry, serve));

const PROGRAMS: Readonly<Record<string, () => Promise<number>>> = {
  client,
  dump: client,
  server: async () => {
    const end = await (await import("./server.ts")).runServerProgram(argv, processIo(entry, serve));
    return typeof end === "number" ? end : serve(end);
  },
  regex: async () => (await import("./regex.ts")).runRegexProgram(argv, processIo(entry)),
};

async function serve(start: Start): Promise<number> {
  const [{ serveHere }, { readAgain }] = await Promise.all([import("./serve.ts"), import("./foreground.ts")]);
  return serveHere(start, () => readAgain(start.options));
}

// No `await` here: the other files of the bundle import this one, and would wait for its end.
const run = PROGRAMS[program];
if (run === undefined) {
  process.stderr.write(`unknown program '${program}': one of ${Object.keys(PROGRAMS).join(", ")}\n`);
  process.exitCode = 2;
} else {
  // Whatever ends the program before it has said how it went: it did not go well.
  process.exitCode = 255;
  void run().then((status) => (process.exitCode = status));
}
