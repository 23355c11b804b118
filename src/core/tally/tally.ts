/**
 * How often has this one failed lately? Counts failures per offender (engine.md §4) and tells when it is enough.
 *
 * It is no sliding window: an offender is one interval's begin and one count, and when the interval outgrows `findtime`
 * the count is scaled down by its rate. Bans nobody and knows no clock: times come with the failures.
 */
import {
  DoubleColumn,
  Heap,
  IntColumn,
  Slots,
  type Fields,
  type Instant,
  type Match,
  type Span,
  type Who,
} from "../../base/index.ts";
import { roundHalfEven } from "../quirks/index.ts";
import { Chains } from "./chains.ts";
import { Kept } from "./kept.ts";

export interface TallySettings {
  /** Failures after which `add`'s caller bans. */
  readonly maxretry: number;
  readonly findtime: Span;
  /** Lines kept per offender. */
  readonly maxmatches: number;
}

/** What is counted: a `Failure`, or a report of several attempts at once. */
export interface Offence {
  readonly who: Who;
  readonly at: Instant;
  readonly matches: readonly Match[];
  readonly fields: Fields;
  /** Attempts that this one thing stands for; 0 or absent: not said. */
  readonly attempts?: number;
}

/** An offender taken out of the tally, with all that a ban needs of him. */
export interface Counted {
  readonly who: Who;
  /** Time of the last failure. */
  readonly since: Instant;
  /** Attempts, scaled by nothing. */
  readonly failures: number;
  readonly matches: readonly Match[];
  /** Of the first failure. */
  readonly fields: Fields;
}

/** What had to make room since it was last asked for. */
export interface Losses {
  readonly offenders: number;
  readonly lines: number;
}

/**
 * `offenders`: distinct ones counted at a time in one jail; beyond it the one with the fewest failures that has been
 * quiet for longest is forgotten. `characters`: of ids, kept lines and fields together; beyond it the offender that has been
 * quiet for longest loses his lines but not his count, and where no line is left, the least dangerous is forgotten.
 * An offender with one line costs about 400 bytes, so that a full jail takes some 80 MB.
 */
export const TALLY_LIMITS = { offenders: 200_000, characters: 32 * 1024 * 1024 } as const;

/** Offenders with this many failures or more are equally dangerous. */
const LEVELS = 32;

export class Tally {
  maxretry: number;
  findtime: Span;
  maxmatches: number;
  /** Failures ever counted, for the status; the caller may set it back. */
  total = 0;

  readonly #limits: { readonly offenders: number; readonly characters: number };
  readonly #slots = new Slots();
  readonly #last = new DoubleColumn();
  readonly #begin = new DoubleColumn();
  readonly #retry = new IntColumn();
  readonly #attempts = new IntColumn();
  readonly #kept: (Kept | null)[] = [];
  /** By a time not later than the last failure: moved up only when `purge` comes upon it. */
  readonly #byAge = new Heap();
  readonly #byDanger = new Chains(LEVELS);
  readonly #withText = new Chains(1);
  #characters = 0;
  #lost = { offenders: 0, lines: 0 };
  /** The failure that opened an entry last: given again, it is the same one and adds no lines. */
  #opener: Offence | null = null;

  constructor(
    settings: TallySettings,
    limits: { readonly offenders: number; readonly characters: number } = TALLY_LIMITS,
  ) {
    this.maxretry = settings.maxretry;
    this.findtime = settings.findtime;
    this.maxmatches = settings.maxmatches;
    this.#limits = limits;
  }

  /** Offenders being counted. */
  get size(): number {
    return this.#slots.size;
  }

  /**
   * Counts a failure.
   * @param count what to add to the count that is compared with `maxretry`
   * @param observed an addition for a known offender (engine.md §5.5), which opens no entry
   * @returns the count now; `maxretry` or more means: `pop` him
   */
  add(offence: Offence, count = 1, observed = false): number {
    const slot = this.#slots.find(offence.who.key);
    if (slot < 0) return observed ? (offence.attempts ?? 0) : this.#open(offence, count);
    const same = offence === this.#opener;
    this.#adjust(slot, offence.at);
    this.#attempts.set(slot, this.#attempts.get(slot) + (same ? 1 : Math.max(1, offence.attempts ?? 0)));
    const retry = this.#retry.get(slot) + count;
    this.#retry.set(slot, retry);
    this.#keep(slot, same ? NO_LINES : offence.matches);
    this.#byDanger.append(level(retry), slot);
    this.total += 1;
    return retry;
  }

  has(key: string): boolean {
    return this.#slots.find(key) >= 0;
  }

  /** Takes one offender out, whatever his count; the next failure of his starts from 1. */
  pop(who: Who): Counted | null {
    const slot = this.#slots.find(who.key);
    const kept = slot < 0 ? null : this.#kept[slot];
    if (!kept) return null;
    const since = this.#last.get(slot);
    const failures = this.#attempts.get(slot);
    this.#close(slot);
    return new Popped(who, since, failures, kept);
  }

  /** Forgets those whose last failure is `findtime` or longer ago. To be called at most every 5 s (engine.md §4.4). */
  purge(now: Instant): void {
    const limit = now - this.findtime;
    while (this.#byAge.firstKey() <= limit) {
      const slot = this.#byAge.first();
      const last = this.#last.get(slot);
      if (last <= limit) this.#close(slot);
      else this.#byAge.put(slot, last);
    }
  }

  /** What had to make room since the last call; null when nothing had. */
  takeLosses(): Losses | null {
    if (this.#lost.offenders === 0 && this.#lost.lines === 0) return null;
    const lost = this.#lost;
    this.#lost = { offenders: 0, lines: 0 };
    return lost;
  }

  #open(offence: Offence, count: number): number {
    if (this.#slots.size >= this.#limits.offenders) this.#forgetHarmless();
    const slot = this.#slots.open(offence.who.key);
    const attempts = offence.attempts ?? 0;
    const retry = Math.max(count, attempts);
    this.#last.set(slot, offence.at);
    this.#begin.set(slot, offence.at);
    this.#retry.set(slot, retry);
    this.#attempts.set(slot, count > attempts ? attempts || 1 : attempts);
    this.#byAge.put(slot, offence.at);
    this.#byDanger.append(level(retry), slot);
    this.#characters += offence.who.key.length;
    this.#hold(slot, Kept.of(offence.fields, offence.matches));
    this.#opener = offence;
    this.total += 1;
    return retry;
  }

  /** Moves the interval on to a later failure; an earlier one leaves it alone. */
  #adjust(slot: number, at: Instant): void {
    if (at <= this.#last.get(slot)) return;
    const begin = this.#begin.get(slot);
    if (begin < at - this.findtime) {
      this.#retry.set(slot, roundHalfEven((this.#retry.get(slot) / (at - begin)) * this.findtime));
      this.#begin.set(slot, at - this.findtime);
    }
    this.#last.set(slot, at);
  }

  #keep(slot: number, matches: readonly Match[]): void {
    const kept = this.#kept[slot];
    if (!kept) return;
    this.#characters -= kept.weight;
    this.#hold(slot, kept.add(matches, this.maxmatches));
  }

  #hold(slot: number, kept: Kept): void {
    this.#kept[slot] = kept;
    this.#characters += kept.weight;
    if (kept.lines > 0) this.#withText.append(0, slot);
    while (this.#characters > this.#limits.characters && this.#slots.size > 1) {
      const quiet = this.#withText.oldest(0);
      if (quiet >= 0) this.#forgetLines(quiet);
      else this.#forgetHarmless();
    }
  }

  #forgetLines(slot: number): void {
    this.#withText.remove(slot);
    const kept = this.#kept[slot];
    if (!kept) return;
    this.#characters -= kept.weight;
    this.#lost.lines += kept.lines;
    kept.forgetLines();
    this.#characters += kept.weight;
  }

  #forgetHarmless(): void {
    for (let danger = 0; danger < LEVELS; danger += 1) {
      const slot = this.#byDanger.oldest(danger);
      if (slot < 0) continue;
      this.#close(slot);
      this.#lost.offenders += 1;
      return;
    }
  }

  #close(slot: number): void {
    const kept = this.#kept[slot];
    if (kept) this.#characters -= kept.weight + this.#slots.keyOf(slot).length;
    this.#kept[slot] = null;
    if (this.#opener?.who.key === this.#slots.keyOf(slot)) this.#opener = null;
    this.#byAge.remove(slot);
    this.#byDanger.remove(slot);
    this.#withText.remove(slot);
    this.#slots.close(slot);
  }
}

/** Lines are unpacked when asked for: who is banned already is convicted again and again, and nobody asks for his. */
class Popped implements Counted {
  readonly who: Who;
  readonly since: Instant;
  readonly failures: number;
  readonly #kept: Kept;
  #text: ReturnType<Kept["unpack"]> | null = null;

  constructor(who: Who, since: Instant, failures: number, kept: Kept) {
    this.who = who;
    this.since = since;
    this.failures = failures;
    this.#kept = kept;
  }

  get matches(): readonly Match[] {
    return this.#unpacked[1];
  }

  get fields(): Fields {
    return this.#unpacked[0];
  }

  get #unpacked(): ReturnType<Kept["unpack"]> {
    return (this.#text ??= this.#kept.unpack());
  }
}

const NO_LINES: readonly Match[] = [];

function level(retry: number): number {
  return Math.max(0, Math.min(retry, LEVELS - 1));
}
