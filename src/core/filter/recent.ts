/**
 * What was learned lately: values by a text, with a number of them and a life, first in first out (engine.md §12, "cache rule").
 *
 * When it is full, entries leave from the front up to and including the first that has not expired. Reading an expired
 * entry removes it. An entry's life counts from its insertion. The text should be one of its own: see `base/detach.ts`.
 */
import { DoubleColumn, Slots, type Instant, type Span } from "../../base/index.ts";

export class Recent<Value> {
  readonly #slots = new Slots();
  readonly #values: (Value | undefined)[] = [];
  readonly #until = new DoubleColumn();
  readonly #max: number;
  readonly #life: Span;

  constructor(max: number, life: Span) {
    this.#max = max;
    this.#life = life;
  }

  get(key: string, now: Instant): Value | undefined {
    const slot = this.#slots.find(key);
    if (slot < 0) return undefined;
    if (this.#until.get(slot) > now) return this.#values[slot];
    this.#remove(slot);
    return undefined;
  }

  set(key: string, value: Value, now: Instant): void {
    this.delete(key);
    if (this.#slots.size >= this.#max) this.#makeRoom(now);
    const slot = this.#slots.open(key);
    this.#values[slot] = value;
    this.#until.set(slot, now + this.#life);
  }

  delete(key: string): void {
    this.#remove(this.#slots.find(key));
  }

  clear(): void {
    for (const [, slot] of this.#slots.entries()) this.#remove(slot);
  }

  get size(): number {
    return this.#slots.size;
  }

  #makeRoom(now: Instant): void {
    for (let slot = this.#slots.oldest; slot >= 0; slot = this.#slots.oldest) {
      const isAlive = this.#until.get(slot) > now;
      this.#remove(slot);
      if (isAlive) return;
    }
  }

  #remove(slot: number): void {
    if (slot < 0) return;
    this.#slots.close(slot);
    this.#values[slot] = undefined;
  }
}
