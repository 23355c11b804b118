/**
 * What has been decided and is not yet in the file: records in order, and the answer to "who was banned?" that they
 * give together. They wait half a second in good times, and for as long as the file cannot be written in bad ones.
 */
import type { Instant, Span } from "../../base/index.ts";

export interface BanRecord {
  readonly kind: "ban";
  readonly jail: string;
  readonly key: string;
  readonly since: Instant;
  readonly lasts: Span;
  readonly count: number;
  readonly data: Uint8Array;
}

export interface Mark {
  /** SHA-1 of the first line as hexadecimal, or "" for a file without a whole line; for the journal an ISO time. */
  readonly hash: string;
  /** Bytes; for the journal seconds since 1970. */
  readonly position: number;
}

/** null stands for all. */
interface ForgetRecord {
  readonly kind: "forget";
  readonly jail: string | null;
  readonly key: string | null;
}

interface JailRecord {
  readonly kind: "jail";
  readonly jail: string | null;
  readonly enabled: boolean;
}

interface MarkRecord {
  readonly kind: "mark";
  readonly jail: string;
  readonly path: string;
  readonly mark: Mark;
}

export type WaitingRecord = BanRecord | ForgetRecord | JailRecord | MarkRecord;

/** Records and bytes of their lines that may wait; beyond it the oldest are given up, which is said once. Some 50 MB at most. */
export const WAITING_LIMITS: WaitingLimits = { records: 50_000, bytes: 32 * 1024 * 1024 };

export interface WaitingLimits {
  readonly records: number;
  readonly bytes: number;
}

export class Waiting {
  readonly #records = new Map<number, WaitingRecord>();
  /** The latest record of each ban in each of its jails, mostly one, which takes the place of earlier ones in answers. */
  readonly #latest = new Map<string, readonly BanRecord[]>();
  readonly #marks = new Map<string, number>();
  readonly #limits: WaitingLimits;
  #next = 0;
  #bytes = 0;
  #givenUp = false;
  readonly #forgets = new Set<string>();

  constructor(limits = WAITING_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#records.size;
  }

  /**
   * In the order in which they are to be written. Bans that came one after the other go by their offenders: neighbours share pages of the
   * indexes, and a flood of them takes a quarter less time. Those of one offender stay as they came.
   */
  *records(): IterableIterator<WaitingRecord> {
    let bans: BanRecord[] = [];
    for (const record of this.#records.values()) {
      if (record.kind === "ban") bans.push(record);
      else {
        yield* bans.sort(byOffender);
        yield record;
        bans = [];
      }
    }
    yield* bans.sort(byOffender);
  }

  /** @returns false when, for the first time since the last `clear`, older records had to be given up for it */
  add(record: WaitingRecord): boolean {
    if (record.kind === "forget") {
      this.#forget(record);
      this.#forgets.add(nameOf(record.jail, record.key));
    }
    if (record.kind === "mark") this.#replaceMark(record);
    if (record.kind === "ban") {
      this.#latest.set(record.key, [...inOthers(this.latest(record.key), record.jail), record]);
      this.#bytes += record.data.byteLength;
    }
    this.#records.set(this.#next, record);
    this.#next += 1;
    const before = this.#givenUp;
    while (this.#records.size > this.#limits.records || (this.#bytes > this.#limits.bytes && this.#records.size > 1))
      this.#giveUpOldest();
    return before || !this.#givenUp;
  }

  clear(): void {
    this.#records.clear();
    this.#latest.clear();
    this.#marks.clear();
    this.#bytes = 0;
    this.#forgets.clear();
    this.#givenUp = false;
  }

  /** The latest waiting ban of one offender in each jail. */
  latest(key: string): readonly BanRecord[] {
    if (this.#latest.size === 0) return NO_BANS; // as at a start, which asks for everybody
    return this.#latest.get(key) ?? NO_BANS;
  }

  /** All waiting bans of one offender, or of everybody; in order. */
  *bans(key: string | null): IterableIterator<BanRecord> {
    if (key !== null && !this.#latest.has(key)) return;
    for (const record of this.#records.values())
      if (record.kind === "ban" && (key === null || record.key === key)) yield record;
  }

  mark(jail: string, path: string): Mark | null {
    const record = this.#records.get(this.#marks.get(`${jail}\0${path}`) ?? -1);
    return record?.kind === "mark" ? record.mark : null;
  }

  /** Whether what the file says of him is waiting to be deleted. */
  forgotten(jail: string, key: string): boolean {
    if (this.#forgets.size === 0) return false;
    return [nameOf(jail, key), nameOf(jail, null), nameOf(null, key), nameOf(null, null)].some((name) =>
      this.#forgets.has(name),
    );
  }

  /** What is deleted as a whole need not be written first. */
  #forget(forget: ForgetRecord): void {
    if (forget.key !== null && !this.#latest.has(forget.key)) return;
    for (const [number, record] of this.#records) {
      if (record.kind !== "ban" && record.kind !== "forget") continue;
      if (record.kind === "forget" && forget.key !== null) continue;
      const covered =
        (forget.jail === null || forget.jail === record.jail) && (forget.key === null || forget.key === record.key);
      if (covered) this.#drop(number, record);
    }
  }

  #replaceMark(record: MarkRecord): void {
    const name = `${record.jail}\0${record.path}`;
    const before = this.#marks.get(name);
    if (before !== undefined) this.#records.delete(before);
    this.#marks.set(name, this.#next);
  }

  #giveUpOldest(): void {
    const [oldest] = this.#records;
    if (oldest === undefined) return;
    this.#drop(...oldest);
    this.#givenUp = true;
  }

  #drop(number: number, record: WaitingRecord): void {
    this.#records.delete(number);
    if (record.kind === "forget") this.#forgets.delete(nameOf(record.jail, record.key));
    if (record.kind === "mark") this.#marks.delete(`${record.jail}\0${record.path}`);
    if (record.kind !== "ban") return;
    this.#bytes -= record.data.byteLength;
    const latest = this.latest(record.key);
    if (!latest.includes(record)) return;
    const others = inOthers(latest, record.jail);
    if (others.length > 0) this.#latest.set(record.key, others);
    else this.#latest.delete(record.key);
  }
}

const NO_BANS: readonly BanRecord[] = [];

/** By characters and in no language's order, nearly as the indexes have them. */
function byOffender(a: BanRecord, b: BanRecord): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function inOthers(bans: readonly BanRecord[], jail: string): readonly BanRecord[] {
  return bans.length === 0 ? bans : bans.filter((ban) => ban.jail !== jail);
}

function nameOf(jail: string | null, key: string | null): string {
  return `${jail === null ? "all" : `in ${jail}`}\0${key === null ? "all" : `of ${key}`}`;
}
