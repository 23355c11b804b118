/**
 * Which of many numbered things comes first: a binary heap of slots by key, from which any slot can be taken out and
 * in which any key can be changed. Every operation costs at most the logarithm of the size; the state is three flat columns.
 */
import { DoubleColumn, IntColumn } from "./column.ts";

export class Heap {
  /** Slot at each place of the tree. */
  readonly #slots = new IntColumn();
  /** Place of each slot plus one; 0 for a slot that is not in. */
  readonly #places = new IntColumn();
  readonly #keys = new DoubleColumn();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the slot with the smallest key, or -1 when empty. */
  first(): number {
    return this.#size === 0 ? -1 : this.#slots.get(0);
  }

  /** Smallest key; Infinity when empty. */
  firstKey(): number {
    return this.#size === 0 ? Infinity : this.#keys.get(this.#slots.get(0));
  }

  /** Puts `slot` in, or moves it, so that it stands at `key` (not NaN). */
  put(slot: number, key: number): void {
    const place = this.#places.get(slot) - 1;
    const before = this.#keys.get(slot);
    this.#keys.set(slot, key);
    if (place >= 0) {
      if (key < before) this.#rise(place, slot);
      else this.#sink(place, slot);
      return;
    }
    this.#size += 1;
    this.#rise(this.#size - 1, slot);
  }

  /** Takes `slot` out; one that is not in is left alone. */
  remove(slot: number): void {
    const place = this.#places.get(slot) - 1;
    if (place < 0) return;
    this.#places.set(slot, 0);
    this.#size -= 1;
    if (place === this.#size) return;
    const last = this.#slots.get(this.#size);
    const parent = (place - 1) >> 1;
    if (place > 0 && this.#keys.get(last) < this.#keys.get(this.#slots.get(parent))) this.#rise(place, last);
    else this.#sink(place, last);
  }

  #seat(place: number, slot: number): void {
    this.#slots.set(place, slot);
    this.#places.set(slot, place + 1);
  }

  #rise(from: number, slot: number): void {
    const key = this.#keys.get(slot);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#slots.get(parent);
      if (this.#keys.get(above) <= key) break;
      this.#seat(place, above);
      place = parent;
    }
    this.#seat(place, slot);
  }

  #sink(from: number, slot: number): void {
    const key = this.#keys.get(slot);
    let place = from;
    for (let child = 2 * place + 1; child < this.#size; child = 2 * place + 1) {
      const right = child + 1;
      const lesser = right < this.#size && this.#keyAt(right) < this.#keyAt(child) ? right : child;
      if (this.#keyAt(lesser) >= key) break;
      this.#seat(place, this.#slots.get(lesser));
      place = lesser;
    }
    this.#seat(place, slot);
  }

  #keyAt(place: number): number {
    return this.#keys.get(this.#slots.get(place));
  }
}
