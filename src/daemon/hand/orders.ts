/** The waiting line of one action: first come, first served; what belongs together is taken together. */
import type { ActionAtWork, Procedure, Result, TicketOrder } from "../../core/action/index.ts";

/** Orders that may wait at one action. At the limit further bans are refused, and that is said; what lifts a ban always gets in. */
export const WAITING_MAX = 100_000;

/** One ban, unban, … that waits. */
export interface WaitingTicket {
  readonly order: TicketOrder;
  readonly done: (result: Result) => void;
}

/** Anything else that an action does in its turn. */
export interface WaitingWork {
  readonly work: () => Promise<void>;
  /** Answers whoever waits for it when it fails by a bug of ours. */
  readonly broken: () => void;
}

export type Waiting = WaitingTicket | WaitingWork;

export class Orders {
  #line: (Waiting | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#line.length - this.#head;
  }

  push(one: Waiting): void {
    this.#line.push(one);
  }

  /** Takes the first in line. */
  shift(): Waiting | undefined {
    const first = this.#line[this.#head];
    this.#line[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= this.#line.length) [this.#line, this.#head] = [[], 0];
    return first;
  }

  /** Takes tickets from the front as long as they fit, at most `max`. */
  shiftWhile(fits: (order: TicketOrder) => boolean, max: number): readonly WaitingTicket[] {
    const taken: WaitingTicket[] = [];
    while (taken.length < max) {
      const first = this.#line[this.#head];
      if (first === undefined || !("order" in first) || !fits(first.order)) break;
      taken.push(first);
      this.shift();
    }
    return taken;
  }
}

export type Making<Value> = (action: ActionAtWork) => Procedure<Value>;
