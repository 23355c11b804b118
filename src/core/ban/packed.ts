/**
 * A ban as few flat values, for the many that are in force at once: numbers in columns, the lines and fields as one text.
 */
import {
  DoubleColumn,
  FOREVER,
  IntColumn,
  whoOf,
  type Ban,
  type Fields,
  type Instant,
  type Match,
  type Span,
  type Who,
} from "../../base/index.ts";

/** Flags of a ban, as bits. */
const RESTORED = 1;
const FOLLOWS_JAIL = 2;

export class Packed {
  readonly #jail: string;
  readonly #since = new DoubleColumn();
  readonly #lasts = new DoubleColumn();
  readonly #count = new IntColumn();
  readonly #failures = new IntColumn();
  readonly #epoch = new IntColumn();
  readonly #flags = new IntColumn();
  /** JSON of `[matches, fields]`; empty: neither. */
  readonly #texts: string[] = [];
  #characters = 0;

  constructor(jail: string) {
    this.#jail = jail;
  }

  /** @param room characters that lines and fields of all bans may take together; a ban beyond it is kept without them */
  put(slot: number, ban: Ban, followsJail: boolean, epoch: number, room: number): void {
    this.drop(slot);
    this.#since.set(slot, ban.since);
    this.#lasts.set(slot, ban.lasts);
    this.#count.set(slot, ban.count);
    this.#failures.set(slot, ban.failures);
    this.#epoch.set(slot, epoch);
    this.#flags.set(slot, (ban.restored ? RESTORED : 0) | (followsJail ? FOLLOWS_JAIL : 0));
    const text = pack(ban.matches, ban.fields);
    const kept = this.#characters + text.length <= room ? text : "";
    this.#texts[slot] = kept;
    this.#characters += kept.length;
  }

  drop(slot: number): void {
    this.#characters -= this.#texts[slot]?.length ?? 0;
    this.#texts[slot] = "";
  }

  get(slot: number, key: string): Ban {
    return new Unpacked(this, slot, this.#jail, key, this.#texts[slot] ?? "");
  }

  /** It was in force before this start. */
  isRestored(slot: number): boolean {
    return (this.#flags.get(slot) & RESTORED) !== 0;
  }

  count(slot: number): number {
    return this.#count.get(slot);
  }

  failures(slot: number): number {
    return this.#failures.get(slot);
  }

  end(slot: number): number {
    const lasts = this.#lasts.get(slot);
    return lasts === FOREVER ? Infinity : this.#since.get(slot) + lasts;
  }

  lasts(slot: number): number {
    return this.#lasts.get(slot);
  }

  setLasts(slot: number, lasts: number): void {
    this.#lasts.set(slot, lasts);
  }

  since(slot: number): number {
    return this.#since.get(slot);
  }

  followsJail(slot: number): boolean {
    return (this.#flags.get(slot) & FOLLOWS_JAIL) !== 0;
  }

  /** From now on it has a length of its own. */
  setOwn(slot: number): void {
    this.#flags.set(slot, this.#flags.get(slot) & ~FOLLOWS_JAIL);
  }

  epoch(slot: number): number {
    return this.#epoch.get(slot);
  }

  setEpoch(slot: number, epoch: number): void {
    this.#epoch.set(slot, epoch);
  }

  setCount(slot: number, count: number): void {
    this.#count.set(slot, count);
  }
}

/** A ban as it is now. Its lines, fields and address are worked out when asked for: who is banned and goes on is asked about again and again. */
class Unpacked implements Ban {
  readonly jail: string;
  readonly since: Instant;
  readonly lasts: Span;
  readonly count: number;
  readonly failures: number;
  readonly restored: boolean;
  readonly #key: string;
  readonly #text: string;
  #who: Who | null = null;

  constructor(packed: Packed, slot: number, jail: string, key: string, text: string) {
    this.jail = jail;
    this.since = packed.since(slot);
    this.lasts = packed.lasts(slot);
    this.count = packed.count(slot);
    this.failures = packed.failures(slot);
    this.restored = packed.isRestored(slot);
    this.#key = key;
    this.#text = text;
  }

  get who(): Who {
    return (this.#who ??= { key: this.#key, address: whoOf(this.#key).address });
  }

  get matches(): readonly Match[] {
    return unpack(this.#text)[0];
  }

  get fields(): Fields {
    return unpack(this.#text)[1];
  }
}

function pack(matches: readonly Match[], fields: Fields): string {
  if (matches.length === 0 && Object.keys(fields).length === 0) return "";
  return JSON.stringify([matches, fields]);
}

function unpack(text: string): readonly [readonly Match[], Fields] {
  return text === "" ? [[], {}] : (JSON.parse(text) as readonly [readonly Match[], Fields]);
}
