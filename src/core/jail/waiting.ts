/**
 * Failures that wait for an answer from outside: the addresses of a name, the verdict of an ignorecommand.
 *
 * What waits under one key is answered in order. At most 1,000 failures wait in a jail; what comes beyond is not held up:
 * a name goes unresolved (that failure is lost), an ignorecommand counts as "do not ignore". Both are said.
 */

export const WAITING_MAX = 1000;

export class Waiting<Item> {
  readonly #queues = new Map<string, { readonly id: number; readonly items: Item[] }>();
  readonly #keys = new Map<number, string>();
  #count = 0;
  #nextId = 1;

  get size(): number {
    return this.#count;
  }

  /** Whether something waits under this key already: what comes now must queue up behind it. */
  has(key: string): boolean {
    return this.#queues.has(key);
  }

  /** @returns the id to ask under when the question is new, 0 when it is asked already, null when no more may wait. */
  add(key: string, item: Item): number | null {
    if (this.#count >= WAITING_MAX) return null;
    this.#count += 1;
    const queue = this.#queues.get(key);
    if (queue !== undefined) {
      queue.items.push(item);
      return 0;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    this.#queues.set(key, { id, items: [item] });
    this.#keys.set(id, key);
    return id;
  }

  /** @returns what waited for this answer; null when nobody does (any more). */
  take(id: number): { readonly key: string; readonly items: readonly Item[] } | null {
    const key = this.#keys.get(id);
    const queue = key === undefined ? undefined : this.#queues.get(key);
    if (key === undefined || queue === undefined) return null;
    this.#keys.delete(id);
    this.#queues.delete(key);
    this.#count -= queue.items.length;
    return { key, items: queue.items };
  }

  clear(): void {
    this.#queues.clear();
    this.#keys.clear();
    this.#count = 0;
  }
}
