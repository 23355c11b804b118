/**
 * One client of the control socket: its requests one after the other, their answers in the same order (config-cli.md §5.2).
 *
 * While a request is being answered, others of this client wait, those of other clients do not. Knows pickles and frames, no commands.
 */
import type { Socket } from "node:net";
import type { Plain } from "../../../base/index.ts";
import { PickleError, readRequest, writePickle, type Answer } from "../pickle/index.ts";
import { CLOSE, END, FrameCutter, FrameTooLong } from "./frames.ts";
import type { SocketLimits } from "./limits.ts";

export interface ConnectionHooks {
  readonly limits: SocketLimits;
  /** The whole reply to a request. A rejection is a bug: the client is told so, and lives on. */
  readonly answer: (request: Plain) => Answer | Promise<Answer>;
  /** Something went wrong with the bytes of this client. */
  readonly broken: (message: string) => void;
  readonly closed: () => void;
}

export class Connection {
  readonly #socket: Socket;
  readonly #hooks: ConnectionHooks;
  readonly #cutter: FrameCutter;
  readonly #waiting: Buffer[] = [];
  #busy = false;
  /** No more requests are read; what is asked already is answered, then the connection ends. */
  #ending = false;
  #gone = false;
  /** When it last had something to do; monotonic milliseconds. */
  lastActive = performance.now();

  constructor(socket: Socket, hooks: ConnectionHooks) {
    this.#socket = socket;
    this.#hooks = hooks;
    this.#cutter = new FrameCutter(hooks.limits.frame);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#end());
    socket.on("drain", () => this.#proceed());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#gone = true;
      hooks.closed();
    });
    socket.setTimeout(hooks.limits.stalled, () => {
      if (this.#cutter.pending > 0 || socket.writableLength > 0) socket.destroy();
    });
  }

  /** Nothing is asked and nothing on its way: dropping it costs nobody an answer. */
  get idle(): boolean {
    return !this.#busy && this.#waiting.length === 0 && this.#socket.writableLength === 0;
  }

  /** Ends after what is being answered. */
  finish(): void {
    this.#end();
  }

  /** Ends at once. */
  drop(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.lastActive = performance.now();
    if (this.#ending) return;
    this.#cutter.push(chunk);
    this.#proceed();
  }

  #end(): void {
    this.#ending = true;
    this.#proceed();
  }

  /** Cuts what has come, begins the next answer if none is under way, and reads on or waits. */
  #proceed(): void {
    if (this.#gone) return;
    try {
      for (let next = this.#nextFrame(); next !== null; next = this.#nextFrame()) this.#accept(next);
    } catch (error) {
      if (!(error instanceof FrameTooLong)) throw error;
      this.#ending = true;
      this.#hooks.broken(error.message);
      this.#send(`ERROR: ${error.message}`);
    }
    const unread = this.#socket.writableLength > this.#hooks.limits.unread;
    const next = this.#busy || unread ? undefined : this.#waiting.shift();
    if (next !== undefined) void this.#answer(next);
    else if (this.#ending && !this.#busy && this.#waiting.length === 0) this.#socket.end();
    if (this.#waiting.length >= this.#hooks.limits.ahead || unread) this.#socket.pause();
    else this.#socket.resume();
  }

  #nextFrame(): Buffer | null {
    return this.#ending || this.#waiting.length >= this.#hooks.limits.ahead ? null : this.#cutter.next();
  }

  #accept(frame: Buffer): void {
    if (frame.equals(CLOSE)) this.#ending = true;
    else this.#waiting.push(frame);
  }

  async #answer(frame: Buffer): Promise<void> {
    this.#busy = true;
    try {
      this.#send(await this.#reply(frame));
    } finally {
      this.#busy = false;
      this.lastActive = performance.now();
    }
    // In a turn of its own, so that a client with many quick requests does not keep the others waiting.
    setImmediate(() => this.#proceed());
  }

  async #reply(frame: Buffer): Promise<Answer> {
    try {
      return await this.#hooks.answer(readRequest(frame, this.#hooks.limits.pickle));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof PickleError) this.#hooks.broken(message);
      return `ERROR: ${message}`;
    }
  }

  #send(answer: Answer): void {
    if (this.#gone || !this.#socket.writable) return;
    this.#socket.write(Buffer.concat([writePickle(answer), END]));
  }
}
