/**
 * Bans that last longer because their offender goes on: told to the firewall at once, but not again and again. Whoever is banned and
 * floods a log would else have a command run for each line. What comes within a moment is gathered; the last length of each counts.
 */
import type { Ban, Cancel, Clock, Span } from "../../base/index.ts";
import type { Result } from "../../core/action/index.ts";

/** Seconds for which longer bans are gathered; far less than the kernel keeps a ban beyond its end. */
export const GATHERED_FOR: Span = 2;

export class Growth {
  readonly #clock: Clock;
  readonly #order: (ban: Ban) => Promise<Result>;
  readonly #gathered = new Map<string, Ban>();
  #rest: Cancel | null = null;

  /** @param order has one longer ban carried out */
  constructor(clock: Clock, order: (ban: Ban) => Promise<Result>) {
    this.#clock = clock;
    this.#order = order;
  }

  /** @returns its result, or at once a good one for a ban that is gathered */
  prolong(ban: Ban): Promise<Result> {
    if (this.#rest === null) {
      this.#begin();
      return this.#order(ban);
    }
    this.#gathered.set(ban.who.key, ban);
    return Promise.resolve({ ok: true });
  }

  /** He is let go, or banned anew: what was gathered of him holds no more. */
  forget(key: string): void {
    this.#gathered.delete(key);
  }

  /** Everybody is let go, or left to the kernel. */
  clear(): void {
    this.#rest?.();
    this.#rest = null;
    this.#gathered.clear();
  }

  #begin(): void {
    this.#rest = this.#clock.at(this.#clock.now() + GATHERED_FOR, () => {
      this.#rest = null;
      const bans = [...this.#gathered.values()];
      this.#gathered.clear();
      if (bans.length > 0) this.#begin();
      for (const ban of bans) void this.#order(ban);
    });
  }
}
