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
    return this.at(this.find(key, now));
  }

  set(key: string, value: Value, now: Instant): void {
    this.removeAt(this.#slots.find(key));
    this.add(key, value, now);
  }

  /** @returns its place, which is good until something changes; -1: unknown */
  find(key: string, now: Instant): number {
    const slot = this.#slots.find(key);
    if (slot < 0 || this.#until.get(slot) > now) return slot;
    this.removeAt(slot);
    return -1;
  }

  at(slot: number): Value | undefined {
    return slot < 0 ? undefined : this.#values[slot];
  }

  /** The same as `set` for a text that is surely unknown. */
  add(key: string, value: Value, now: Instant): void {
    if (this.#slots.size >= this.#max) this.#makeRoom(now);
    const slot = this.#slots.open(key);
    this.#values[slot] = value;
    this.#until.set(slot, now + this.#life);
  }

  removeAt(slot: number): void {
    if (slot < 0) return;
    this.#slots.close(slot);
    this.#values[slot] = undefined;
  }

  clear(): void {
    for (const [, slot] of this.#slots.entries()) this.removeAt(slot);
  }

  get size(): number {
    return this.#slots.size;
  }

  #makeRoom(now: Instant): void {
    for (let slot = this.#slots.oldest; slot >= 0; slot = this.#slots.oldest) {
      const isAlive = this.#until.get(slot) > now;
      this.removeAt(slot);
      if (isAlive) return;
    }
  }
}
