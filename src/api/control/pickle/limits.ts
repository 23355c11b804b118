/** How much a pickle may hold; more is refused with a `PickleError`, and the connection goes on. */

export interface PickleLimits {
  /** Containers inside containers. */
  readonly depth: number;
  /** Values, those counted again that stand in several places through the memo. */
  readonly items: number;
  /** Characters of all texts, counted likewise: a memo must not turn a small pickle into a large value. */
  readonly characters: number;
}

/** Far above the largest configuration (200 jails are about 20,000 items) and 100,000 addresses in one command. */
export const PICKLE_LIMITS: PickleLimits = { depth: 32, items: 2_000_000, characters: 64 * 1024 * 1024 };

/** A pickle that cannot or must not be read. The words for broken ones are Python's, since clients and logs show them. */
export class PickleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PickleError";
  }
}
