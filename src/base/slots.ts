/**
 * Numbers for keys, so that what is remembered per key can live in flat typed arrays: a hundred thousand offenders are
 * then a handful of objects. Numbers of closed keys are given out again. Knows nothing of what the columns hold.
 */
export class Slots {
  readonly #numbers = new Map<string, number>();
  readonly #keys: (string | null)[] = [];
  readonly #free: number[] = [];

  /** How many keys are open. */
  get size(): number {
    return this.#numbers.size;
  }

  /** One more than the highest number ever given out: the length that columns need. */
  get reach(): number {
    return this.#keys.length;
  }

  /** @returns the number of `key`, or -1. */
  find(key: string): number {
    return this.#numbers.get(key) ?? -1;
  }

  /** Gives a number to a key that has none yet. */
  open(key: string): number {
    const slot = this.#free.pop() ?? this.#keys.length;
    this.#keys[slot] = key;
    this.#numbers.set(key, slot);
    return slot;
  }

  /** Takes the number back. */
  close(slot: number): void {
    const key = this.#keys[slot];
    if (key === null || key === undefined) return;
    this.#keys[slot] = null;
    this.#numbers.delete(key);
    this.#free.push(slot);
  }

  /** The key that has this number; empty for one that is free. */
  keyOf(slot: number): string {
    return this.#keys[slot] ?? "";
  }

  /** Open keys with their numbers, first opened first. */
  entries(): IterableIterator<[key: string, slot: number]> {
    return this.#numbers.entries();
  }
}

/** A number for each slot; grows by doubling, and what was never set is 0. */
export class Column {
  #values: Float64Array | Int32Array;

  /** @param kind "double" for moments and lengths, "int" for what fits 32 bits. */
  constructor(kind: "double" | "int") {
    this.#values = kind === "double" ? new Float64Array(16) : new Int32Array(16);
  }

  get(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  set(slot: number, value: number): void {
    if (slot >= this.#values.length) this.#grow(slot + 1);
    this.#values[slot] = value;
  }

  #grow(length: number): void {
    const size = Math.max(length, this.#values.length * 2);
    const wider = this.#values instanceof Float64Array ? new Float64Array(size) : new Int32Array(size);
    wider.set(this.#values);
    this.#values = wider;
  }
}
