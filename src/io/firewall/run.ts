/**
 * Runs one script with `/bin/sh -c`, in a session of its own (engine.md §6.7). Its values travel as positional parameters, its
 * output is drained and bounded; at the timeout the whole process group gets SIGTERM and, KILL_DELAY later, SIGKILL. A child that
 * stays behind in the background and keeps the outputs open does not delay the answer.
 */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { constants } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import type { Job, Log, Ran, Runner } from "./job.ts";
import type { Output } from "./output.ts";
import { type Outputs, outputsFor } from "./outputs.ts";
import { ReadyPrograms } from "./ready.ts";
import { reportEnding, reportTimeout } from "./report.ts";

/** Milliseconds between SIGTERM and SIGKILL. */
const KILL_DELAY = 200;

/** Turns of the event loop without new output, after which what an ended command left in its pipes counts as read. */
const QUIET_TURNS = 3;

/** Times longer than setTimeout can count (24 days) are taken for this. */
const TIMEOUT_MAX = 2_147_483;

export interface ShellOptions {
  readonly log: Log;
  /** The daemon's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly shell?: string;
  /** Between two jobs that are fed, the program of the next one stands ready, without a shell (ready.ts); never with a `shell` given. */
  readonly keepsReady?: boolean;
}

export interface ShellRunner extends Runner {
  /** Ends the programs that stand ready, and those only; resolves when they are gone. */
  close(): Promise<void>;
}

export function shellRunner(options: ShellOptions): ShellRunner {
  let count = 0;
  let isClosed = false;
  const isWanted = options.keepsReady === true && options.shell === undefined; // that one may do more than a shell does
  const ready = isWanted ? new ReadyPrograms(spawningOf("pipe", outputsFor(""), options)) : null;
  return {
    async run(job) {
      count += 1;
      const canWait = ready !== null && job.input !== null && job.script.values.length === 0;
      const child = canWait ? ready.take(job.script.text) : null;
      const ran = await runJob(job, (0x7f0000000000 + count * 16).toString(16), options, child);
      // Only what the shell can run as well: where it cannot, its own words say why.
      if (canWait && ran.ok && !isClosed) ready.prepare(job.script.text);
      return ran;
    },
    async close() {
      isClosed = true;
      await ready?.close();
    },
  };
}

async function runJob(job: Job, id: string, options: ShellOptions, ready: ChildProcess | null): Promise<Ran> {
  const { script } = job;
  const outputs = outputsFor(script.text);
  const begun = ready === null ? begin(job, outputs, options) : { child: ready, error: null };
  const { child } = begun;
  const { stdout, stderr } = outputs.collect(child);
  const end =
    child === null ? { status: null, timedOut: false, error: begun.error } : await ended(child, job, id, options.log);
  if (child !== null) await drain(child, stdout, stderr);
  const ok = !end.timedOut && end.status !== null && (job.accept ?? [0]).includes(end.status);
  const ran: Ran = { ok, status: end.status, timedOut: end.timedOut, stdout: stdout.text(), stderr: stderr.text() };
  reportEnding(options.log, { id, script, ran, quiet: job.quiet, stdout, stderr, error: end.error });
  outputs.close();
  return ran;
}

function begin(
  job: Job,
  outputs: Outputs,
  options: ShellOptions,
): { readonly child: ChildProcess | null; readonly error: string | null } {
  const spawning = spawningOf(job.input === null ? "ignore" : "pipe", outputs, options);
  const words = [job.script.text, ...job.script.values].map((text) => text.replaceAll("\0", ""));
  try {
    return { child: spawn(options.shell ?? "/bin/sh", ["-c", ...words], spawning), error: null };
  } catch (cause) {
    return { child: null, error: String(cause) }; // arguments beyond the system's limit, for one
  }
}

function spawningOf(stdin: "ignore" | "pipe", outputs: Outputs, options: ShellOptions): SpawnOptions {
  const spawning: SpawnOptions = { detached: true, stdio: [stdin, outputs.stdout, outputs.stderr] };
  if (options.env !== undefined) spawning.env = options.env;
  if (options.cwd !== undefined) spawning.cwd = options.cwd;
  return spawning;
}

interface End {
  readonly status: number | null;
  readonly timedOut: boolean;
  readonly error: string | null;
}

function ended(child: ChildProcess, job: Job, id: string, log: Log): Promise<End> {
  return new Promise((resolve) => {
    let timedOut = false;
    let killed = false;
    let end: Pick<End, "status" | "error"> | null = null;
    const settle = (): void => {
      if (end !== null && (killed || !timedOut)) resolve({ ...end, timedOut });
    };
    const expire = (): void => {
      timedOut = true;
      reportTimeout(log, id, job.script, job.timeout);
      signalGroup(child, "SIGTERM");
      setTimeout(() => {
        signalGroup(child, "SIGKILL"); // always: the leader may be gone and leave others behind
        killed = true;
        settle();
      }, KILL_DELAY);
    };
    const alarm = setTimeout(expire, Math.min(job.timeout, TIMEOUT_MAX) * 1000);
    const finish = (status: number | null, error: string | null): void => {
      clearTimeout(alarm);
      end ??= { status, error };
      settle();
    };
    child.once("error", (cause) => finish(null, String(cause)));
    child.once("exit", (code, signal) => finish(code ?? -(signal === null ? 0 : constants.signals[signal]), null));
    child.stdin?.on("error", () => {}); // it may end without reading all
    if (job.input !== null) child.stdin?.end(job.input);
  });
}

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // nobody of the group is left
  }
}

/** Reads what is still in the pipes, then lets go of them, whoever else may hold them. */
async function drain(child: ChildProcess, stdout: Output, stderr: Output): Promise<void> {
  let before = -1;
  for (let quiet = 0; quiet < QUIET_TURNS && !(stdout.ended() && stderr.ended()); quiet += 1) {
    const size = stdout.size() + stderr.size();
    if (size !== before) quiet = 0;
    before = size;
    await turn();
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.destroy();
}
