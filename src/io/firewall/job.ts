/** What the firewall room is asked to run, and what came of it. */
import type { Said, Span } from "../../base/index.ts";
import type { Script } from "../../core/action/index.ts";

export interface Job {
  readonly script: Script;
  /** Fed to the standard input; null: it is empty. */
  readonly input: string | null;
  readonly timeout: Span;
  /** A failure is an answer: nothing is logged above DEBUG. */
  readonly quiet: boolean;
  /** Exit statuses that count as success; 0 when absent. An ignorecommand says no with 1. */
  readonly accept?: readonly number[];
}

export interface Ran {
  readonly ok: boolean;
  /** Exit status; negative: ended by that signal; null: it could not be started. */
  readonly status: number | null;
  readonly timedOut: boolean;
  /** At most OUTPUT_MAX bytes of each. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything that changes the firewall goes through this door. */
export interface Runner {
  run(job: Job): Promise<Ran>;
}

export type Log = (said: Said) => void;
