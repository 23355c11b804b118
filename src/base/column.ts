/**
 * A number for each slot, flat: grows by doubling, and what was never set is 0. One class for each width, so that V8 compiles an
 * access to one machine instruction and not to a choice.
 */

/** What a column has room for before it grows. */
const LEAST = 16;

/** Moments and lengths. */
export class DoubleColumn {
  #values = new Float64Array(LEAST);

  get(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  set(slot: number, value: number): void {
    if (slot >= this.#values.length) this.#grow(slot + 1);
    this.#values[slot] = value;
  }

  #grow(length: number): void {
    const wider = new Float64Array(Math.max(length, this.#values.length * 2));
    wider.set(this.#values);
    this.#values = wider;
  }
}

/** Whole numbers of 32 bits. */
export class IntColumn {
  #values = new Int32Array(LEAST);

  get(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  set(slot: number, value: number): void {
    if (slot >= this.#values.length) this.#grow(slot + 1);
    this.#values[slot] = value;
  }

  #grow(length: number): void {
    const wider = new Int32Array(Math.max(length, this.#values.length * 2));
    wider.set(this.#values);
    this.#values = wider;
  }
}
