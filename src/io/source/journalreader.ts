/** One jail that reads a journal: which entries are for it, and how far it has come. */
import type { Entry, Instant, Zone } from "../../base/index.ts";
import { meetsMatches, renderEntry, type Bookmark, type JournalFields } from "../../core/line/index.ts";
import type { JournalRequest } from "./request.ts";
import { words } from "./words.ts";

/** An entry this young means that the jail has caught up (engine.md §7.6). */
const CAUGHT_UP = 1;
/** Seconds read twice when the child begins anew: journald hands entries over a little later than it dates them. */
const OVERLAP = 5;

export class JournalJail {
  readonly request: JournalRequest;
  live = false;
  paused = false;
  entries = 0;
  bytes = 0;
  lastLineAt: Instant | null = null;
  mark: Bookmark | null;
  readonly #from: Instant;
  #passed: Instant = -Infinity;
  #waiting: Entry[] = [];

  constructor(request: JournalRequest, now: Instant) {
    this.request = request;
    this.mark = request.mark;
    this.#from = Math.max(request.mark?.offset ?? -Infinity, request.since ?? now);
  }

  /** The time from which the journal must be read for this jail. */
  from(): Instant {
    return Math.max(this.#from, this.mark?.offset ?? -Infinity, this.#passed);
  }

  /** Everything received up to that time was looked at; nothing of it need be read again. */
  passed(until: Instant): void {
    if (!this.paused && this.live) this.#passed = until - OVERLAP;
  }

  /** Takes the entry if it is for this jail and new to it; it is handed over by `flush`. */
  take(fields: JournalFields, cursor: string, zone: Zone, now: Instant): void {
    const { request, mark } = this;
    if (this.paused || !meetsMatches(request.matches, fields)) return;
    if (mark !== null && mark.proof !== null && !isAfter(cursor, mark.proof)) return;
    const entry = renderEntry(fields, request.encoding, zone);
    if (entry.at < this.#from || (mark !== null && mark.proof === null && entry.at <= mark.offset)) return;
    if (!this.live && entry.at >= now - CAUGHT_UP) {
      this.flush(now);
      this.goLive();
    }
    this.#waiting.push(entry);
    this.bytes += entry.text.length;
    this.mark = { hash: entry.stamp.trimEnd(), offset: entry.at, proof: cursor };
  }

  flush(now: Instant): void {
    if (this.#waiting.length === 0) return;
    const entries = this.#waiting;
    this.#waiting = [];
    this.entries += entries.length;
    this.lastLineAt = now;
    this.request.deliver(entries, this.live);
  }

  goLive(): void {
    if (this.live) return;
    this.live = true;
    this.request.say(words.journalLive(this.request.jail));
  }
}

/** Whether the first of two cursors of journald is the later one: by number within one journal, by time between two. */
export function isAfter(cursor: string, than: string): boolean {
  const [a, b] = [parseCursor(cursor), parseCursor(than)];
  if (a.source === b.source && a.source !== "") return a.number > b.number;
  return a.time > b.time;
}

function parseCursor(text: string): { source: string; number: bigint; time: bigint } {
  const part = (name: string): string => new RegExp(`(?:^|;)${name}=([0-9a-f]+)`).exec(text)?.[1] ?? "";
  return { source: part("s"), number: BigInt(`0x${part("i") || "0"}`), time: BigInt(`0x${part("t") || "0"}`) };
}
