/**
 * The patterns of one jail: a file that matches later becomes one of its log files, one that is gone for long is one no more.
 *
 * The original expands `logpath` once; its client sends files only. Ours sends the patterns besides (`addlogglob`).
 */
import { Refusal, type Instant } from "../base/index.ts";
import { putOption, type JailSettings } from "../core/jail/index.ts";
import { leadsTo, type SourceStats } from "../io/source/index.ts";
import type { Guard } from "./guard.ts";
import type { Station } from "./station.ts";

/** Seconds for which a file must be gone, so that a log of yesterday's name is not waited for any more. */
const GONE = 3600;

export class LiveGlobs {
  readonly #guard: Guard;
  readonly #station: Station;
  /** What ends the watch of each pattern. */
  readonly #watches = new Map<string, () => void>();
  readonly #missing = new Map<string, Instant>();
  #isFull = false;

  constructor(guard: Guard, station: Station) {
    this.#guard = guard;
    this.#station = station;
  }

  change({ logglobs, logpath }: JailSettings, isJournal: boolean): void {
    const wanted = new Set(isJournal ? [] : logglobs);
    for (const [pattern, end] of [...this.#watches]) {
      if (wanted.has(pattern)) continue;
      end();
      this.#watches.delete(pattern);
    }
    const known = logpath.map(({ path }) => path);
    for (const pattern of wanted) {
      if (this.#watches.has(pattern)) continue;
      const end = this.#station.follower.watchGlob(pattern, (path) => this.#add(path), known);
      this.#watches.set(pattern, end);
    }
  }

  /** To be called now and then with the numbers of the files. */
  look(stats: readonly SourceStats[], now: Instant): void {
    for (const { source, trouble } of stats) {
      const isGone = trouble === "no such file" && [...this.#watches.keys()].some((glob) => leadsTo(glob, source));
      if (!isGone) this.#missing.delete(source);
      else if (!this.#missing.has(source)) this.#missing.set(source, now);
      else if (now - (this.#missing.get(source) ?? now) >= GONE) this.#remove(source);
    }
  }

  stop(): void {
    for (const end of this.#watches.values()) end();
    this.#watches.clear();
    this.#missing.clear();
  }

  /** From its beginning, also where the files of the start were read from their end: all of it is new. */
  #add(path: string): void {
    try {
      this.#put("addlogpath", path, "head");
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      if (this.#isFull) return;
      this.#isFull = true;
      const text = `[${this.#guard.name}] A new log file is left out: ${cause.message}`;
      this.#station.say({ level: "ERROR", logger: "filter", text });
    }
  }

  #remove(path: string): void {
    this.#missing.delete(path);
    this.#put("dellogpath", path);
  }

  #put(word: string, ...args: readonly string[]): void {
    this.#guard.change(putOption(this.#guard.jail.settings, word, args, this.#station.world));
  }
}
