/**
 * Several queues over the same numbered things, each thing in at most one of them: append, take out and look at the
 * oldest cost the same whatever the size. Used to find the least dangerous offender without a search.
 */
import { IntColumn } from "../../base/index.ts";

export class Chains {
  /** All columns hold slot + 1, so that 0 means "none". */
  readonly #before = new IntColumn();
  readonly #after = new IntColumn();
  /** Queue that a slot is in, plus one. */
  readonly #home = new IntColumn();
  readonly #heads: number[];
  readonly #tails: number[];

  constructor(queues: number) {
    this.#heads = Array.from({ length: queues }, () => 0);
    this.#tails = Array.from({ length: queues }, () => 0);
  }

  /** The slot that was appended to `queue` first, or -1. */
  oldest(queue: number): number {
    return (this.#heads[queue] ?? 0) - 1;
  }

  /** Puts `slot` at the end of `queue`, out of whichever it was in. */
  append(queue: number, slot: number): void {
    this.remove(slot);
    const tail = this.#tails[queue] ?? 0;
    this.#home.set(slot, queue + 1);
    this.#before.set(slot, tail);
    this.#after.set(slot, 0);
    if (tail === 0) this.#heads[queue] = slot + 1;
    else this.#after.set(tail - 1, slot + 1);
    this.#tails[queue] = slot + 1;
  }

  /** Takes `slot` out of its queue, if it is in one. */
  remove(slot: number): void {
    const queue = this.#home.get(slot) - 1;
    if (queue < 0) return;
    const before = this.#before.get(slot);
    const after = this.#after.get(slot);
    if (before === 0) this.#heads[queue] = after;
    else this.#after.set(before - 1, after);
    if (after === 0) this.#tails[queue] = before;
    else this.#before.set(after - 1, before);
    this.#home.set(slot, 0);
  }
}
