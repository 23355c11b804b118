/** Chance with a seed, and the addresses that a workload draws from: the same seed gives the same bytes on every machine. */

/** Addresses of attackers, the first far more often than the last. */
const ATTACKERS = 20_000;
/** How much more often: the n-th comes with 1 / n to this power. */
const SKEW = 1.05;
const FRIENDS = 300;
/** Every fifth is an IPv6 address. */
const SIXTH = 5;

export class Chance {
  #state: number;
  readonly #attackers: readonly string[];
  readonly #friends: readonly string[];
  /** Shares of the attackers, added up. */
  readonly #shares: Float64Array;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.#attackers = Array.from({ length: ATTACKERS }, (_, i) =>
      i % SIXTH === 0 ? this.#six("2001:db8") : this.#four(),
    );
    this.#friends = Array.from({ length: FRIENDS }, (_, i) =>
      i % SIXTH === 0 ? this.#six("2001:db8:cafe") : `10.${this.below(16)}.${this.below(256)}.${1 + this.below(254)}`,
    );
    this.#shares = new Float64Array(ATTACKERS);
    let sum = 0;
    for (let i = 0; i < ATTACKERS; i += 1) this.#shares[i] = sum += (i + 1) ** -SKEW;
    for (let i = 0; i < ATTACKERS; i += 1) this.#shares[i] = (this.#shares[i] ?? 0) / sum;
  }

  /** @returns a number from 0 to below 1 (the generator "mulberry32"). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @returns a whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one(words: readonly string[]): string {
    return words[this.below(words.length)] ?? "";
  }

  is(share: number): boolean {
    return this.next() < share;
  }

  port(): number {
    return 1024 + this.below(64_000);
  }

  /** Letters and digits, as an identifier has them. */
  letters(length: number, of = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"): string {
    let text = "";
    for (let i = 0; i < length; i += 1) text += of[this.below(of.length)] ?? "";
    return text;
  }

  attacker(): string {
    const at = this.next();
    let [low, high] = [0, ATTACKERS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shares[middle] ?? 1) < at) low = middle + 1;
      else high = middle;
    }
    return this.#attackers[low] ?? "";
  }

  friend(): string {
    return this.one(this.#friends);
  }

  #four(): string {
    return `${[198, 203, 45, 61, 91, 185][this.below(6)] ?? 198}.${this.below(256)}.${this.below(256)}.${1 + this.below(254)}`;
  }

  #six(prefix: string): string {
    const part = (): string => (1 + this.below(65_535)).toString(16);
    return `${prefix}:${part()}::${part()}`;
  }
}

export interface Scene {
  /** How often, beside the others of its list. */
  readonly weight: number;
  /** @returns what is logged, without date and host: `sshd[812]: …` */
  readonly lines: (chance: Chance) => readonly string[];
}

export function sceneOf(scenes: readonly Scene[], chance: Chance): Scene | undefined {
  let at = chance.next() * scenes.reduce((sum, { weight }) => sum + weight, 0);
  return scenes.find(({ weight }) => (at -= weight) < 0) ?? scenes.at(-1);
}
