/** The server in this very process: a daemon with what is this process's. */
import { runServer } from "../daemon/index.ts";
import type { Reading } from "../io/config/index.ts";
import type { Start } from "./foreground.ts";
import { processIo } from "./io.ts";

/** @param read reads the configuration again @returns the exit status, when the server has ended. */
export function serveHere({ options, reading }: Start, read: () => Reading): Promise<number> {
  const { out, err } = processIo();
  return runServer({ ...options, out, err, read }, reading);
}
