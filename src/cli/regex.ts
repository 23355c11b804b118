/** fail2ban-regex: tries expressions on lines (config-cli.md §8). */
import { setFlagsFromString } from "node:v8";
import { VERSION } from "../base/index.ts";
import { prepareEngine } from "../core/pattern/index.ts";
import type { Io } from "./io.ts";
import { readRegexOptions } from "./regex/commandline.ts";
import { printTo } from "./regex/print.ts";
import { regexUsage, SYNTAX } from "./regex/usage.ts";

/** Words or options that cannot be used; an expression or a filter that cannot. */
const FAILED = 255;
const UNKNOWN_OPTION = 2;

/** What lives at once is little, however long the log: V8 would let the garbage of millions of lines grow to several times of it. */
const FRUGAL = ["--heap-growing-percent=20", "--no-memory-pool", "--no-incremental-marking", "--no-parallel-scavenge"];

/** @returns the exit status: 0 whatever was found; 255, 2, 1 for what config-cli.md §8.1 says. */
export async function runRegexProgram(argv: readonly string[], io: Io): Promise<number> {
  const options = readRegexOptions(argv, VERSION);
  if (!("end" in options)) {
    // Stays to the end: what was written last may fail only later.
    if (!process.stdout.listeners("error").includes(endWithReader)) process.stdout.on("error", endWithReader);
    for (const flag of FRUGAL) setFlagsFromString(flag);
    prepareEngine(setFlagsFromString);
    const { tryOut } = await import("./regex/run.ts");
    return tryOut(options, io, printTo(io));
  }
  switch (options.end) {
    case "help":
      io.out(`${regexUsage()}\n`);
      return 0;
    case "version":
      io.out(`${options.text}\n`);
      return 0;
    case "unknown":
      io.err(`${SYNTAX}\n\nfail2ban-regex: error: ${options.message}\n`);
      return UNKNOWN_OPTION;
    case "wrong":
      io.out(`${regexUsage()}\n`);
      io.err(`\nERROR: ${options.message}\n`);
      return FAILED;
  }
}

/** Who reads our output may have seen enough: `fail2ban-regex … | head`. */
function endWithReader(cause: unknown): void {
  if (cause instanceof Error && "code" in cause && cause.code === "EPIPE") process.exit(0);
  throw cause;
}
