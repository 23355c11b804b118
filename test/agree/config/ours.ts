/** Our answers, in the form in which the original gives its own. */
import { disk, printStream, readConfiguration, readEarly } from "../../../src/io/config/index.ts";
import type { Answer } from "./oracle.ts";

/** The original dies of endless includes; ours says that there are too many. */
const ENDLESS = /RecursionError|maximum recursion depth|more than \d+ files are included.*/s;

/** What `-d` prints, or why it prints nothing. */
export interface Dump {
  /** The stream; null when the reading was given up. */
  readonly stream: string | null;
  /** Why it was given up. */
  readonly reason: string | null;
  readonly ok: boolean;
}

export function ourDump(base: string, pretty = false): Dump {
  const early = readEarly(disk, base);
  if (!early.ok) return { stream: null, reason: early.message, ok: false };
  const reading = readConfiguration(disk, base, { version: "1.0.2", allowNoLogs: true });
  if (reading.fatal !== null) return { stream: null, reason: plainReason(reading.fatal), ok: false };
  return { stream: printStream(reading.commands, pretty), reason: null, ok: reading.usable };
}

const GIVEN_UP = "ERROR: The configuration stream failed because of the invalid syntax.\n";

export function theirDump({ out, log, ok }: Answer): Dump {
  const early = /^ERROR: ((?!The configuration stream).*)\n$/s.exec(out)?.[1];
  if (early !== undefined) return { stream: null, reason: early, ok: false };
  if (out !== GIVEN_UP) return { stream: out, reason: null, ok };
  return {
    stream: null,
    reason: plainReason(/Failed during configuration: (.*?)\n(?:\d{4}-\d\d-\d\d |$)/s.exec(log)?.[1] ?? log),
    ok: false,
  };
}

function plainReason(text: string): string {
  return ENDLESS.test(text) ? "endless includes" : text;
}
