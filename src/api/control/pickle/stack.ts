/** The stack of the pickle machine: values, and marks between them. Underflow is refused in Python's words. */
import { keyOf, type Item } from "./item.ts";
import { PickleError } from "./limits.ts";

export class Stack {
  readonly #items: Item[] = [];
  /** Heights at which marks stand. */
  readonly #marks: number[] = [];
  /** Values that may still be pushed. */
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  push(item: Item): void {
    this.#left -= 1;
    if (this.#left < 0) throw new PickleError("too many values");
    this.#items.push(item);
  }

  pop(): Item {
    if (this.#items.length <= (this.#marks.at(-1) ?? 0)) throw new PickleError("unpickling stack underflow");
    return this.#items.pop() ?? null;
  }

  popMany(count: number): Item[] {
    if (this.#items.length - count < (this.#marks.at(-1) ?? 0)) throw new PickleError("unpickling stack underflow");
    return this.#items.splice(this.#items.length - count, count);
  }

  /** Takes away the last value, or the mark that stands last. */
  drop(): void {
    if (this.#marks.length > 0 && this.#marks.at(-1) === this.#items.length) this.#marks.pop();
    else this.pop();
  }

  top(): Item {
    const item = this.#items.at(-1);
    if (item === undefined || this.#items.length <= (this.#marks.at(-1) ?? 0))
      throw new PickleError("unpickling stack underflow");
    return item;
  }

  mark(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new PickleError("too many values");
    this.#marks.push(this.#items.length);
  }

  popMark(): Item[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleError("could not find MARK");
    return this.#items.splice(mark);
  }

  /** Appends to the list on top; `items` are off the stack already. */
  extend(items: readonly Item[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleError("append to something that is no list");
    for (const item of items) list.push(item);
  }

  /** Puts keys and values in turn into the dictionary on top; `items` are off the stack already. */
  fill(items: readonly Item[]): void {
    const map = this.top();
    if (!(map instanceof Map) || items.length % 2 !== 0) throw new PickleError("odd number of items for a dictionary");
    for (let i = 0; i < items.length; i += 2) map.set(keyOf(items[i] ?? null), items[i + 1] ?? null);
  }
}
