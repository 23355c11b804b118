/**
 * Numbers for keys, so that what is remembered per key can live in flat typed arrays: a hundred thousand offenders are
 * then a handful of objects. Numbers of closed keys are given out again. Knows nothing of what the columns hold.
 */
import { IntColumn } from "./column.ts";
import { hashOf } from "./hash.ts";

/** Chains at first; their number doubles when there are more keys than chains. */
const CHAINS_LEAST = 16;

export class Slots {
  readonly #keys: (string | null)[] = [];
  readonly #free: number[] = [];
  #size = 0;
  /** Keys by the lower bits of their hash: the first slot of each chain, and the next after each slot. All hold slot + 1; 0 is none. */
  #chains = new Int32Array(CHAINS_LEAST);
  readonly #hashes = new IntColumn();
  readonly #next = new IntColumn();
  /** In the order in which they were opened, likewise. */
  readonly #before = new IntColumn();
  readonly #after = new IntColumn();
  #oldest = 0;
  #newest = 0;

  /** How many keys are open. */
  get size(): number {
    return this.#size;
  }

  /** One more than the highest number ever given out: the length that columns need. */
  get reach(): number {
    return this.#keys.length;
  }

  /** The key that was opened first of those that are open, or -1. */
  get oldest(): number {
    return this.#oldest - 1;
  }

  /** @returns the number of `key`, or -1. */
  find(key: string): number {
    const hash = hashOf(key);
    let slot = this.#chains[hash & (this.#chains.length - 1)] ?? 0;
    while (slot !== 0 && (this.#hashes.get(slot - 1) !== hash || this.#keys[slot - 1] !== key))
      slot = this.#next.get(slot - 1);
    return slot - 1;
  }

  has(key: string): boolean {
    return this.find(key) >= 0;
  }

  /** Gives a number to a key that has none yet. */
  open(key: string): number {
    if (this.#size >= this.#chains.length) this.#spread();
    const slot = this.#free.pop() ?? this.#keys.length;
    const hash = hashOf(key);
    this.#keys[slot] = key;
    this.#hashes.set(slot, hash);
    this.#chain(slot, hash);
    this.#before.set(slot, this.#newest);
    this.#after.set(slot, 0);
    if (this.#newest === 0) this.#oldest = slot + 1;
    else this.#after.set(this.#newest - 1, slot + 1);
    this.#newest = slot + 1;
    this.#size += 1;
    return slot;
  }

  /** Takes the number back. */
  close(slot: number): void {
    if (typeof this.#keys[slot] !== "string") return;
    this.#keys[slot] = null;
    this.#free.push(slot);
    this.#size -= 1;
    this.#unchain(slot);
    const before = this.#before.get(slot);
    const after = this.#after.get(slot);
    if (before === 0) this.#oldest = after;
    else this.#after.set(before - 1, after);
    if (after === 0) this.#newest = before;
    else this.#before.set(after - 1, before);
  }

  /** The key that has this number; empty for one that is free. */
  keyOf(slot: number): string {
    return this.#keys[slot] ?? "";
  }

  /** Open keys with their numbers, first opened first. The one that was given last may be closed meanwhile. */
  *entries(): IterableIterator<[key: string, slot: number]> {
    for (let slot = this.#oldest; slot !== 0;) {
      const next = this.#after.get(slot - 1);
      yield [this.keyOf(slot - 1), slot - 1];
      slot = next;
    }
  }

  #chain(slot: number, hash: number): void {
    const chain = hash & (this.#chains.length - 1);
    this.#next.set(slot, this.#chains[chain] ?? 0);
    this.#chains[chain] = slot + 1;
  }

  #unchain(slot: number): void {
    const chain = this.#hashes.get(slot) & (this.#chains.length - 1);
    const next = this.#next.get(slot);
    let at = this.#chains[chain] ?? 0;
    if (at === slot + 1) {
      this.#chains[chain] = next;
      return;
    }
    while (at !== 0 && this.#next.get(at - 1) !== slot + 1) at = this.#next.get(at - 1);
    if (at !== 0) this.#next.set(at - 1, next);
  }

  #spread(): void {
    this.#chains = new Int32Array(this.#chains.length * 2);
    for (let slot = this.#oldest; slot !== 0; slot = this.#after.get(slot - 1))
      this.#chain(slot - 1, this.#hashes.get(slot - 1));
  }
}

/** A set of texts, to be asked for texts that are cut out of lines: see `hash.ts`. */
export function slotsOf(keys: Iterable<string>): Slots {
  const slots = new Slots();
  for (const key of keys) if (!slots.has(key)) slots.open(key);
  return slots;
}
