/** What one running jail reads: its files and its matches of the journal; begun, changed and left as the settings say. */
import { extractOptions } from "../base/index.ts";
import { encodingOf, parseMatches } from "../core/line/index.ts";
import type { JailSettings, LogPath } from "../core/jail/index.ts";
import { journalPlaceOf, sourceWords, type Following, type Mode, type SourceStats } from "../io/source/index.ts";
import { Attention } from "./attention.ts";
import { JOURNAL_PATH, readBookmark, writeBookmark } from "./bookmarks.ts";
import { differenceOfLogs } from "./difference.ts";
import { LiveGlobs } from "./globs.ts";
import type { Guard } from "./guard.ts";
import type { Station } from "./station.ts";

/** Seconds between two writings of the places reached (config-cli.md §9.5). */
const SAVE_EVERY = 10;

export class Sources {
  readonly #guard: Guard;
  readonly #station: Station;
  /** By path; the journal under the path that the database has for it. */
  readonly #followings = new Map<string, Following>();
  readonly #saved = new Map<string, string>();
  readonly #globs: LiveGlobs;
  #attention: Attention | null = null;
  #logs: readonly LogPath[] = [];
  #matches: JailSettings["journalmatch"] | null = null;
  #idle = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(guard: Guard, station: Station) {
    this.#guard = guard;
    this.#station = station;
    this.#globs = new LiveGlobs(guard, station);
  }

  /** Name of the way in use, as the status shows it. */
  get backend(): string {
    const requested = backendName(this.#guard.jail.settings);
    if (requested !== "auto") return requested;
    const [first] = this.#followings.values();
    return first?.stats().mode ?? "pyinotify";
  }

  get stats(): readonly SourceStats[] {
    return [...this.#followings.values()].map((following) => following.stats());
  }

  change(settings: JailSettings): void {
    const isJournal = backendName(settings) === "systemd";
    const wanted = isJournal ? [] : settings.logpath;
    const { stop, follow } = differenceOfLogs(this.#logs, wanted);
    this.#logs = wanted;
    for (const path of stop) this.#leave(path);
    for (const log of follow) this.#keep(log.path, this.#followFile(log, settings));
    if (isJournal && settings.journalmatch !== this.#matches) this.#readJournal(settings);
    this.#globs.change(settings, isJournal);
    this.#attention ??= new Attention(settings.name, this.#station.clock.now());
    this.#timer ??= setInterval(() => this.#look(), SAVE_EVERY * 1000).unref();
    if (settings.idle !== this.#idle) this.#setIdle(settings.idle);
  }

  /** Now and then: how far reading has come is written down, and what is odd about it is said. */
  #look(): void {
    const now = this.#station.clock.now();
    const { stats } = this;
    this.save();
    if (this.#idle) return;
    for (const said of this.#attention?.look(stats, now) ?? []) this.#station.say(said);
    this.#globs.look(stats, now);
  }

  /** Gives the store how far reading has come. */
  save(): void {
    for (const [path, following] of this.#followings) this.#save(path, following);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#globs.stop();
    this.#attention = null;
    for (const path of this.#followings.keys()) this.#leave(path);
    this.#logs = [];
    this.#matches = null;
  }

  #setIdle(idle: boolean): void {
    this.#idle = idle;
    for (const following of this.#followings.values()) {
      if (idle) following.pause();
      else following.resume();
    }
  }

  #keep(path: string, following: Following): void {
    if (this.#idle) following.pause();
    this.#followings.set(path, following);
    // At once: a rotation before the next writing would not be recognized without it.
    this.#save(path, following);
  }

  #followFile({ path, tail }: LogPath, settings: JailSettings): Following {
    const guard = this.#guard;
    const { clock, store, follower, say } = this.#station;
    return follower.follow({
      path,
      tail,
      mark: store === null ? null : readBookmark(store, guard.name, path),
      since: clock.now() - settings.findtime,
      mode: modeOf(settings),
      lineEnd: guard.jail.lineEnd,
      dateOf: (raw) => guard.jail.dateOf(raw, clock.now()),
      deliver: (chunk) => void guard.feed({ is: "chunk", chunk }),
      say,
    });
  }

  #readJournal(settings: JailSettings): void {
    this.#leave(JOURNAL_PATH);
    this.#matches = settings.journalmatch;
    const guard = this.#guard;
    const { clock, store, journals, say, world } = this.#station;
    const read = extractOptions(settings.backend);
    const place = journalPlaceOf(read.ok ? read.options : new Map());
    const matches = parseMatches(settings.journalmatch);
    const encoding = encodingOf(settings.filter.logencoding, world.encoding) ?? encodingOf("utf-8", "UTF-8");
    if ("bad" in place || "bad" in matches || encoding === null) {
      const why = "bad" in place ? place.bad : "bad" in matches ? matches.bad : "unknown encoding";
      say({ level: "ERROR", logger: "filtersystemd", text: `[${guard.name}] The journal is not read: ${why}` });
      return;
    }
    const following = journals.follow({
      jail: guard.name,
      place,
      matches: matches.groups,
      mark: store === null ? null : readBookmark(store, guard.name, JOURNAL_PATH),
      since: clock.now() - settings.findtime,
      encoding,
      deliver: (entries, live) => void guard.feed({ is: "entries", entries, live }),
      say,
    });
    this.#keep(JOURNAL_PATH, following);
  }

  #leave(path: string): void {
    const following = this.#followings.get(path);
    if (following === undefined) return;
    this.#save(path, following);
    following.stop();
    if (path !== JOURNAL_PATH) this.#station.say(sourceWords.removed(path));
    this.#followings.delete(path);
    this.#saved.delete(path);
  }

  #save(path: string, following: Following): void {
    const { store } = this.#station;
    const mark = following.mark();
    const text = JSON.stringify(mark);
    if (store === null || this.#saved.get(path) === text) return;
    this.#saved.set(path, text);
    writeBookmark(store, this.#guard.name, path, mark);
  }
}

/** `Systemd[journalflags=1]` → `systemd`. */
export function backendName(settings: JailSettings): string {
  const read = extractOptions(settings.backend);
  return (read.ok ? read.name : settings.backend).toLowerCase();
}

function modeOf(settings: JailSettings): Mode {
  const name = backendName(settings);
  return name === "polling" || name === "pyinotify" ? name : "auto";
}
