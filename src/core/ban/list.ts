/**
 * Who is banned in one jail, and until when (engine.md §5.1, §5.8, §5.9). Runs no command and writes no row: it says what
 * became of each request, and its caller acts.
 */
import {
  covers,
  FOREVER,
  Heap,
  isSingle,
  parseAddress,
  printLocal,
  Slots,
  type Address,
  type Ban,
  type Instant,
  type Span,
  type Zone,
} from "../../base/index.ts";
import { Packed } from "./packed.ts";

export type Added =
  | { readonly outcome: "banned" }
  /** Its end had passed before it was asked for. */
  | { readonly outcome: "expired" }
  /** `since`: when he was banned; `extended`: the ban's end is now later. */
  | { readonly outcome: "already"; readonly since: Instant; readonly epoch: number; readonly extended: boolean };

export interface AddOptions {
  /** The ban has no length of its own: it changes with the jail's `bantime`. */
  readonly followsJail?: boolean;
  /** Ban epoch of the jail now (engine.md §5.8). */
  readonly epoch?: number;
}

/**
 * Characters of lines and fields remembered in one jail's list; a ban beyond it is kept without them (its action and
 * the database have had them), so that `<matches>` in an unban command is empty for it.
 */
export const LIST_LIMITS = { characters: 4 * 1024 * 1024 } as const;

/** How the end of a ban that never ends is printed. */
const NEVER = "9999-12-31 23:59:59";
/** The last second that a four-digit year can write. */
const LAST_SECOND = 253_402_214_400;

export class BanList {
  /** Bans ever made here, for the status; the caller may set it back. */
  total = 0;
  readonly #slots = new Slots();
  readonly #bans: Packed;
  /** By an end that is not too late: who goes on is banned longer with each line, and is moved up only when he comes to the front. */
  readonly #byEnd = new Heap();
  readonly #networks = new Map<string, Address>();
  readonly #room: number;

  constructor(jail: string, limits: { readonly characters: number } = LIST_LIMITS) {
    this.#bans = new Packed(jail);
    this.#room = limits.characters;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Adds a ban; one who is banned already is kept, and for longer if the new ban would end later. */
  add(ban: Ban, now: Instant, options: AddOptions = {}): Added {
    const end = ban.lasts === FOREVER ? Infinity : ban.since + ban.lasts;
    if (end < now) return { outcome: "expired" };
    const known = this.#slots.find(ban.who.key);
    if (known >= 0) return this.#again(known, ban, end);
    const slot = this.#slots.open(ban.who.key);
    this.#bans.put(slot, ban, options.followsJail ?? false, options.epoch ?? 0, this.#room);
    this.#byEnd.put(slot, end);
    if (ban.who.address !== null && !isSingle(ban.who.address)) this.#networks.set(ban.who.key, ban.who.address);
    this.total += 1;
    return { outcome: "banned" };
  }

  has(key: string): boolean {
    return this.#slots.find(key) >= 0;
  }

  /** The end of somebody's ban; -Infinity when he is not banned. */
  endOf(key: string): Instant {
    const slot = this.#slots.find(key);
    return slot < 0 ? -Infinity : this.#bans.end(slot);
  }

  get(key: string): Ban | null {
    const slot = this.#slots.find(key);
    return slot < 0 ? null : this.#bans.get(slot, key);
  }

  /** Takes somebody out; null when he is not in. */
  remove(key: string): Ban | null {
    const slot = this.#slots.find(key);
    return slot < 0 ? null : this.#take(slot);
  }

  /** Takes everybody out, in the order they came. */
  clear(): Ban[] {
    return [...this.#slots.entries()].map(([, slot]) => this.#take(slot));
  }

  /** Everybody, in the order they came. */
  *bans(): IterableIterator<Ban> {
    for (const [key, slot] of this.#slots.entries()) yield this.#bans.get(slot, key);
  }

  /** The moment after which the next ban is over; Infinity when none ever is. For the one timer. */
  nextEnd(): Instant {
    for (let slot = this.#byEnd.first(); slot >= 0; slot = this.#byEnd.first()) {
      const end = this.#bans.end(slot);
      if (end === this.#byEnd.firstKey()) return end;
      this.#byEnd.put(slot, end);
    }
    return Infinity;
  }

  /** Takes out at most `most` bans that are over (their end is before `now`), the longest over first. */
  due(now: Instant, most: number): Ban[] {
    const over: Ban[] = [];
    while (over.length < most && this.nextEnd() < now) over.push(this.#take(this.#byEnd.first()));
    return over;
  }

  /** Gives a ban its final length and count (engine.md §5.5 "ban found"). */
  lengthen(key: string, lasts: Span, count: number): void {
    const slot = this.#slots.find(key);
    if (slot < 0) return;
    this.#bans.setCount(slot, count);
    this.#setLasts(slot, lasts);
    this.#bans.setOwn(slot);
  }

  /**
   * The jail's `bantime` changed: bans without a length of their own follow it.
   * @returns those whose end moved
   */
  follow(lasts: Span): string[] {
    const moved: string[] = [];
    for (const [key, slot] of this.#slots.entries()) {
      if (!this.#bans.followsJail(slot) || this.#bans.lasts(slot) === lasts) continue;
      this.#setLasts(slot, lasts);
      moved.push(key);
    }
    return moved;
  }

  /** Ban epoch at which this one was last carried out; -1 when he is not banned. */
  epochOf(key: string): number {
    const slot = this.#slots.find(key);
    return slot < 0 ? -1 : this.#bans.epoch(slot);
  }

  setEpoch(key: string, epoch: number): void {
    const slot = this.#slots.find(key);
    if (slot >= 0) this.#bans.setEpoch(slot, epoch);
  }

  /** Ids in the order they came. */
  keys(): string[] {
    return [...this.#slots.entries()].map(([key]) => key);
  }

  /** Ids by end of ban, soonest first; equals in the order they came. */
  keysByEnd(): string[] {
    return this.#ordered().map(([key]) => key);
  }

  /** `<id> \t<start> + <length> = <end>` in local time, by end of ban (config-cli.md §6.4 `banip --with-time`). */
  printByEnd(zone: Zone): string[] {
    return this.#ordered().map(([key, slot]) => {
      const end = this.#bans.end(slot);
      const printed = end > LAST_SECOND ? NEVER : printLocal(zone, end);
      return `${key} \t${printLocal(zone, this.#bans.since(slot))} + ${Math.trunc(this.#bans.lasts(slot))} = ${printed}`;
    });
  }

  /** Banned ids that lie inside `net`, itself included; looks at every ban. */
  within(net: Address): string[] {
    return this.keys().filter((key) => {
      const address = parseAddress(key);
      return address !== null && covers(net, address);
    });
  }

  /** Banned networks that contain `address` and are not the same; looks at networks only. */
  around(address: Address): string[] {
    return [...this.#networks]
      .filter(([, net]) => net.prefix < address.prefix && covers(net, address))
      .map(([key]) => key);
  }

  #again(slot: number, ban: Ban, end: Instant): Added {
    const since = this.#bans.since(slot);
    const extended = end > this.#bans.end(slot);
    if (extended) {
      this.#setLasts(slot, ban.lasts === FOREVER ? FOREVER : ban.lasts + Math.max(0, ban.since - since));
      this.#bans.setOwn(slot);
    }
    return { outcome: "already", since, epoch: this.#bans.epoch(slot), extended };
  }

  #setLasts(slot: number, lasts: Span): void {
    const before = this.#bans.end(slot);
    this.#bans.setLasts(slot, lasts);
    if (this.#bans.end(slot) < before) this.#byEnd.put(slot, this.#bans.end(slot));
  }

  #take(slot: number): Ban {
    const key = this.#slots.keyOf(slot);
    const ban = this.#bans.get(slot, key);
    this.#byEnd.remove(slot);
    this.#bans.drop(slot);
    this.#networks.delete(key);
    this.#slots.close(slot);
    return ban;
  }

  #ordered(): [key: string, slot: number][] {
    return [...this.#slots.entries()].toSorted(([, a], [, b]) => {
      const [first, second] = [this.#bans.end(a), this.#bans.end(b)];
      return first === second ? 0 : first - second;
    });
  }
}
