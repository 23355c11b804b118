/**
 * The systemd journal, through one child `journalctl` for each journal, for all jails that read it (engine.md §7.6, DESIGN: journal).
 *
 * First a run that ends shows what is already there, then one that follows: so the end of the past is known for sure. The child's
 * matches are those of all jails, or-ed; each jail asks its own again. A child that ends is started again, later each time.
 */
import type { Instant, Said, Zone } from "../../base/index.ts";
import { matchArguments, parseFields, RENDERED_FIELDS, type JournalFields } from "../../core/line/index.ts";
import { JournalChild } from "./journalchild.ts";
import { filesSignature, isJournalThere, placeArguments, placeKey, type JournalPlace } from "./journalplace.ts";
import { JournalJail } from "./journalreader.ts";
import type { Following, JournalRequest, SourceStats } from "./request.ts";
import { words } from "./words.ts";

export interface JournalOptions {
  readonly now: () => Instant;
  readonly zone: Zone;
  readonly say: (said: Said) => void;
  readonly command?: string;
  /** Seconds before a dead reader is started again the first time. */
  readonly backoff?: number;
  /** Seconds between two looks whether `journalfiles` are other files now. */
  readonly filesEvery?: number;
}

/** Seconds; the first wait, doubled each time up to the last. */
const BACKOFF_FIRST = 1;
const BACKOFF_LAST = 60;
const FILES_EVERY = 10;
/** Seconds for which the reader of rotated files goes on: journalctl looks at files given by name every other second only. */
const LAST_WORDS = 3;
const NO_FILES = "there are no journal files";

export class Journals {
  readonly #options: JournalOptions;
  readonly #journals = new Map<string, Journal>();

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Begins to read; nothing is delivered before the next turn of the event loop. */
  follow(request: JournalRequest): Following {
    const key = placeKey(request.place);
    const journal = this.#journals.get(key) ?? new Journal(request.place, this.#options);
    this.#journals.set(key, journal);
    const jail = new JournalJail(request, this.#options.now());
    if (request.matches.length === 0) request.say(words.journalEverything(request.jail));
    journal.join(jail);
    return {
      stop: () => {
        jail.paused = true;
        if (!journal.leave(jail)) this.#journals.delete(key);
      },
      mark: () => jail.mark ?? { hash: "", offset: 0, proof: null },
      stats: () => journal.statsOf(jail),
      pause: () => {
        if (journal.isFollowing()) jail.passed(this.#options.now());
        jail.paused = true;
      },
      // What came meanwhile was passed over: it is read again from the jail's mark.
      resume: () => {
        jail.paused = false;
        journal.restart();
      },
    };
  }

  /** Ends all children. */
  close(): void {
    for (const journal of this.#journals.values()) journal.close();
    this.#journals.clear();
  }
}

class Journal {
  readonly #place: JournalPlace;
  readonly #options: JournalOptions;
  readonly #jails = new Set<JournalJail>();
  #child: JournalChild | null = null;
  #timer: NodeJS.Timeout | null = null;
  #filesTimer: NodeJS.Timeout | null = null;
  #rotated: NodeJS.Timeout | null = null;
  #soon: NodeJS.Immediate | null = null;
  #files = "";
  #wait: number;
  #trouble: string | null = null;
  #badEntries = 0;
  #isHistory = false;
  /** When journald received the last entry that any jail's match let through. */
  #last: Instant = 0;

  constructor(place: JournalPlace, options: JournalOptions) {
    this.#place = place;
    this.#options = options;
    this.#wait = options.backoff ?? BACKOFF_FIRST;
  }

  join(jail: JournalJail): void {
    this.#jails.add(jail);
    this.restart();
  }

  /** @returns whether any jail is left. */
  leave(jail: JournalJail): boolean {
    this.#jails.delete(jail);
    if (this.#jails.size === 0) this.close();
    return this.#jails.size > 0;
  }

  /** What is written now reaches the jails. */
  isFollowing(): boolean {
    return this.#child !== null && !this.#isHistory;
  }

  /** Begins anew with what the jails need now; many calls in one turn are one. */
  restart(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = null;
      this.#readHistory();
    });
  }

  close(): void {
    this.#end();
    if (this.#soon !== null) clearImmediate(this.#soon);
    this.#soon = null;
    if (this.#filesTimer !== null) clearInterval(this.#filesTimer);
    this.#filesTimer = null;
  }

  statsOf(jail: JournalJail): SourceStats {
    const isBehind = this.#isHistory && !jail.live;
    return {
      source: "systemd-journal",
      mode: "systemd",
      lines: jail.entries,
      bytes: jail.bytes,
      cut: this.#badEntries,
      behindBytes: 0,
      behindSeconds: isBehind && jail.mark !== null ? Math.max(0, this.#options.now() - jail.mark.offset) : 0,
      lastLineAt: jail.lastLineAt,
      live: jail.live,
      trouble: this.#trouble,
    };
  }

  #readHistory(): void {
    if (this.isFollowing()) for (const jail of this.#jails) jail.passed(this.#options.now());
    this.#end();
    if (this.#jails.size === 0) return;
    const from = Math.min(...[...this.#jails].map((jail) => jail.from()));
    this.#last = from;
    this.#isHistory = true;
    this.#start([`--since=@${from.toFixed(6)}`], (reason) => {
      if (reason !== null) return this.#retry(reason);
      this.#isHistory = false;
      const now = this.#options.now();
      for (const jail of this.#jails) {
        jail.flush(now);
        jail.goLive();
      }
      this.#follow();
    });
  }

  #follow(): void {
    // By time: with --after-cursor an entry is lost when the cursor's own file was rotated away meanwhile. Jails know what they had.
    const place = `--since=@${this.#last.toFixed(6)}`;
    this.#start(["--follow", "--no-tail", place], (reason) => this.#retry(reason ?? "it came to an end"));
    if (this.#child === null) return; // the files vanished meanwhile, as for a moment in a rotation: it is tried again
    if (!isJournalThere(this.#place)) this.#complain(NO_FILES, words.journalMissing);
    this.#setTimer(() => isJournalThere(this.#place) && this.#isWell());
  }

  #start(place: readonly string[], onEnd: (reason: string | null) => void): void {
    const where = placeArguments(this.#place);
    if (where === null) return this.#retry(NO_FILES);
    this.#files = filesSignature(this.#place);
    if (this.#place.files.length > 0) this.#watchFiles();
    const jails = [...this.#jails];
    const groups = jails.flatMap((jail) => jail.request.matches);
    const isAll = jails.some((jail) => jail.request.matches.length === 0);
    const fields = new Set([...RENDERED_FIELDS, ...groups.flatMap((group) => [...group.keys()])]);
    const args = [
      "--output=json",
      "--all",
      "--no-pager",
      "--quiet",
      `--output-fields=${[...fields].join(",")}`,
      ...where,
      ...place,
    ];
    const matches = isAll ? [] : ["--", ...matchArguments(groups)];
    this.#child = new JournalChild(this.#options.command ?? "journalctl", [...args, ...matches], {
      onLines: (lines) => this.#take(lines),
      onTooLong: () => this.#isBad("longer than a megabyte"),
      onEnd: (reason) => {
        this.#child = null;
        onEnd(reason);
      },
    });
  }

  #take(lines: readonly string[]): void {
    const now = this.#options.now();
    const jails = [...this.#jails];
    for (const line of lines) {
      const fields = parseFields(line);
      const cursor = fields === null ? null : cursorOf(fields);
      if (fields === null || cursor === null) {
        this.#isBad("not readable");
        continue;
      }
      this.#last = receivedAt(fields) ?? this.#last;
      for (const jail of jails) jail.take(fields, cursor, this.#options.zone, now);
    }
    for (const jail of jails) jail.flush(now);
    if (!this.#isHistory) this.#isWell();
  }

  #retry(reason: string): void {
    if (this.#jails.size === 0) return;
    this.#isHistory = false;
    const wait = this.#wait;
    this.#complain(reason, (reason) =>
      reason === NO_FILES || reason.endsWith("not installed")
        ? words.journalMissing(reason)
        : words.journalEnded(reason, wait),
    );
    this.#setTimer(() => this.#readHistory());
    this.#wait = Math.min(BACKOFF_LAST, this.#wait * 2);
  }

  #setTimer(run: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(run, this.#wait * 1000);
    this.#timer.unref();
  }

  #complain(reason: string, word: (reason: string) => Said): void {
    if (this.#trouble === null) this.#options.say(word(reason));
    this.#trouble = reason;
  }

  /** Called when entries came or the child has lived for a while: one that dies at once must not be said again and again. */
  #isWell(): void {
    if (this.#trouble === null || this.#child === null) return;
    this.#trouble = null;
    this.#wait = this.#options.backoff ?? BACKOFF_FIRST;
    this.#options.say(words.journalBack());
  }

  /** journalctl keeps to the files it was given; after a rotation the same names are other files. */
  #watchFiles(): void {
    this.#filesTimer ??= setInterval(
      () => {
        if (this.#child === null || filesSignature(this.#place) === this.#files) return;
        this.#rotated ??= setTimeout(() => this.#readHistory(), LAST_WORDS * 1000);
      },
      (this.#options.filesEvery ?? FILES_EVERY) * 1000,
    );
    this.#filesTimer.unref();
  }

  #isBad(reason: string): void {
    if (this.#badEntries === 0) this.#options.say(words.journalBadEntry(reason));
    this.#badEntries += 1;
  }

  #end(): void {
    this.#child?.kill();
    this.#child = null;
    for (const timer of [this.#timer, this.#rotated]) if (timer !== null) clearTimeout(timer);
    this.#timer = null;
    this.#rotated = null;
  }
}

function receivedAt(fields: JournalFields): Instant | null {
  const value = fields.get("__REALTIME_TIMESTAMP")?.[0];
  return typeof value === "string" ? Number(value) / 1e6 : null;
}

function cursorOf(fields: JournalFields): string | null {
  const value = fields.get("__CURSOR")?.[0];
  return typeof value === "string" ? value : null;
}
