/** The reading of a configuration with all that can be said about it: for `-t`, start and reload. */
import { doubtsOf } from "./doubts.ts";
import type { Files } from "./files.ts";
import { readPlainly } from "./reading.ts";
import type { Reading, Wanted } from "./stream.ts";

/** As `readPlainly`, and looks for what is accepted and surely a mistake. */
export function readConfiguration(files: Files, base: string, wanted: Wanted): Reading {
  return readPlainly(files, base, wanted, doubtsOf);
}
