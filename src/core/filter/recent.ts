/**
 * What was learned lately: a map with a size and a life, first in first out (engine.md §12, "cache rule").
 *
 * When it is full, entries leave from the front up to and including the first that has not expired. Reading an expired
 * entry removes it. An entry's life counts from its insertion.
 */
import type { Instant, Span } from "../../base/index.ts";

export class Recent<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: Instant }>();
  readonly #max: number;
  readonly #life: Span;

  constructor(max: number, life: Span) {
    this.#max = max;
    this.#life = life;
  }

  get(key: string, now: Instant): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > now) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, now: Instant): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#max) this.#makeRoom(now);
    this.#entries.set(key, { value, until: now + this.#life });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  #makeRoom(now: Instant): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (entry.until > now) return;
    }
  }
}
