/**
 * Programs that stand ready for their next orders: started while nothing is to be done, they have loaded their libraries and wait
 * for their standard input when a ban comes. Starting one takes three times as long as what it does then.
 *
 * Only programs of which it is known that they do nothing, and ask for nothing, before their input has come to its end or its first
 * line; and only what the shell ran well before. Decides nothing about jobs: `run.ts` feeds them. One that dies while it waits is forgotten.
 */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";

/** Programs that stand ready at the same time; beyond it the one that has waited longest is let go. */
const READY_MAX = 4;

/** A plain command without anything that a shell would have to do. Both read first and open their transaction for what they have read. */
const WAITS_FOR_INPUT = /^(?:\/[\w./-]*\/)?(?:nft -f -|ipset(?: -exist| -!)? restore)$/;

export class ReadyPrograms {
  readonly #options: SpawnOptions;
  readonly #waiting = new Map<string, ChildProcess>();

  /** @param options as for a job that is fed */
  constructor(options: SpawnOptions) {
    this.#options = options;
  }

  /** Starts one for the next job of this text, if it is one of those that can wait. */
  prepare(text: string): void {
    const command = text.trim();
    if (!WAITS_FOR_INPUT.test(command) || this.#waiting.has(command)) return;
    const [program = "", ...words] = command.split(" ");
    const child = spawn(program, words, this.#options);
    const forget = (): void => {
      if (this.#waiting.get(command) === child) this.#waiting.delete(command);
    };
    child.once("error", forget);
    child.once("exit", forget);
    child.stdin?.on("error", () => {});
    if (child.pid === undefined) return;
    this.#waiting.set(command, child);
    holdLoop(child, false);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > READY_MAX && oldest !== undefined) void this.#letGo(oldest);
  }

  /** @returns one that waits to be fed, the caller's from then on; null: there is none. */
  take(text: string): ChildProcess | null {
    const command = text.trim();
    const child = this.#waiting.get(command);
    if (child === undefined) return null;
    this.#waiting.delete(command);
    holdLoop(child, true);
    return child;
  }

  /** Ends them all; resolves when they are gone. What waits for its input has nothing to lose. */
  async close(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((command) => this.#letGo(command)));
  }

  async #letGo(command: string): Promise<void> {
    const child = this.take(command);
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** One that only waits keeps no program of ours alive: it ends with us, because its input does. */
function holdLoop(child: ChildProcess, holds: boolean): void {
  const handles = [child, ...child.stdio.filter((stream) => stream instanceof Socket)];
  for (const handle of handles) {
    if (holds) handle.ref();
    else handle.unref();
  }
}
