/** A hand that touches nothing: for a server without rights over the firewall, which then only watches and says what it would do. */
import type { Job, Log, Ran, Runner } from "./job.ts";
import { showScript } from "./report.ts";

/** Jobs remembered; older ones are forgotten. */
const REMEMBERED_MAX = 1000;

export interface WatchOnly extends Runner {
  readonly jobs: readonly Job[];
}

export function watchOnlyRunner(log: Log): WatchOnly {
  const jobs: Job[] = [];
  const ran: Ran = { ok: true, status: 0, timedOut: false, stdout: "", stderr: "" };
  return {
    jobs,
    run(job) {
      jobs.push(job);
      if (jobs.length > REMEMBERED_MAX) jobs.shift();
      // What is asked every few seconds, whether all still stands, would fill the log.
      const level = job.quiet ? "DEBUG" : "INFO";
      log({ level, logger: "utils", text: `only watching, not run: ${showScript(job.script)}` });
      return Promise.resolve(ran);
    },
  };
}
