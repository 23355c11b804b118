/**
 * The open file, and what happens when it cannot be used: it is told once, opened again, repaired where it is damaged,
 * and told once more when it works. Never throws for trouble with the file. Knows nothing of what is read and written.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Instant, Said, Span } from "../../base/index.ts";
import {
  code,
  codeOf,
  fileNumber,
  isDamage,
  openFile,
  openRepaired,
  reasonOf,
  type FileWorld,
  type Opened,
} from "./file.ts";
import type { Statements } from "./statements.ts";
import { say } from "./words.ts";

/** Seconds until a file that failed is tried again: at first, doubling, and at most. */
const RETRY = { first: 1, most: 30 } as const;
/** Seconds that somebody else's lock may last before it is worth a word. */
const LOCK_PATIENCE: Span = 10;
/** Milliseconds that a statement waits for a lock: the guard stands still meanwhile. None once the file is in trouble. */
const BUSY_PATIENCE = 50;

/** Repairs of one file while the program runs: a disk that spoils everything is not filled with copies. */
const MOST_REPAIRS = 5;

interface Trouble {
  readonly since: Instant;
  /** Failed attempts to write. */
  readonly tries: number;
  readonly said: boolean;
}

export class Connection {
  readonly path: string;
  readonly #world: FileWorld;
  #open: { readonly db: DatabaseSync; readonly run: Statements; readonly file: number } | null = null;
  #trouble: Trouble | null = null;
  #repairs = 0;
  /** The next write begins with a new connection. */
  #suspect = false;

  constructor(path: string, opened: Opened & { readonly ok: true }, world: FileWorld) {
    this.path = path;
    this.#world = world;
    this.#adopt(opened);
  }

  get troubled(): boolean {
    return this.#trouble !== null;
  }

  /** Seconds to wait before the next attempt to write. */
  get patience(): Span {
    return Math.min(RETRY.most, RETRY.first * 2 ** Math.max(0, (this.#trouble?.tries ?? 1) - 1));
  }

  /** @returns null when the file cannot be read now */
  read<T>(query: (run: Statements) => T): T | null {
    let answer: T | null = null;
    this.#use((_, run) => {
      answer = query(run);
    }, false);
    return answer;
  }

  /**
   * Does one transaction.
   * @param records how many are written by it, for the word that it works again
   */
  write(work: (db: DatabaseSync, run: Statements) => void, records = 0): boolean {
    if (this.#stale()) this.#reopen();
    if (!this.#use(work, true)) return false;
    if (this.#trouble?.said) this.#world.say(say.working(this.path, records));
    if (this.#trouble !== null) this.#wait(BUSY_PATIENCE);
    this.#trouble = null;
    return true;
  }

  close(): void {
    this.#release();
  }

  /** Runs `work`, once more where the file had to be repaired. */
  #use(work: (db: DatabaseSync, run: Statements) => void, writing: boolean): boolean {
    for (const again of [false, true]) {
      if (this.#open === null) return false;
      try {
        work(this.#open.db, this.#open.run);
        return true;
      } catch (cause) {
        if (again || !this.#mayRepair(cause)) {
          this.#failed(cause, writing);
          return false;
        }
        this.#repairs += 1;
        this.#replace((world) => openRepaired(this.path, world, reasonOf(cause)));
      }
    }
    return false;
  }

  #mayRepair(cause: unknown): boolean {
    return isDamage(cause) && this.path !== ":memory:" && this.#repairs < MOST_REPAIRS;
  }

  /** No connection, one that failed, or somebody removed or replaced the file at `path`. */
  #stale(): boolean {
    return (
      this.#open === null || this.#suspect || (this.path !== ":memory:" && fileNumber(this.path) !== this.#open.file)
    );
  }

  /** Opens what is there now: the same, a new one, or one that has to be repaired. */
  #reopen(): void {
    this.#replace((world) => openFile(this.path, world, 0));
  }

  #replace(open: (world: FileWorld) => Opened): void {
    this.#release();
    const said: Said[] = [];
    const opened = open({ now: this.#world.now, say: (one) => said.push(one) });
    // A failing file is tried again and again: only what changed it is worth a word.
    const worthAWord = said.filter((one) => this.#trouble?.said !== true || (opened.ok && one.level !== "INFO"));
    for (const one of worthAWord) this.#world.say(one);
    if (opened.ok) this.#adopt(opened);
    else this.#failed(opened.message, true);
  }

  #adopt(opened: Opened & { readonly ok: true }): void {
    this.#open = { db: opened.db, run: opened.run, file: this.path === ":memory:" ? 0 : fileNumber(this.path) };
    this.#suspect = false;
    this.#wait(this.#trouble === null ? BUSY_PATIENCE : 0);
  }

  #wait(milliseconds: number): void {
    this.#open?.db.exec(`PRAGMA busy_timeout = ${milliseconds}`);
  }

  #release(): void {
    try {
      this.#open?.db.close();
    } catch {
      // Nothing of it is needed any more.
    }
    this.#open = null;
  }

  #failed(cause: unknown, writing: boolean): void {
    const locked = codeOf(cause) === code.busy || codeOf(cause) === code.locked;
    const now = this.#world.now();
    const before = this.#trouble ?? { since: now, tries: 0, said: false };
    const worthAWord = !before.said && (!locked || now - before.since >= LOCK_PATIENCE);
    if (worthAWord) this.#world.say(say.failing(this.path, reasonOf(cause)));
    this.#trouble = { since: before.since, tries: before.tries + (writing ? 1 : 0), said: before.said || worthAWord };
    this.#wait(0);
    // What was read up to now can often still be read: the connection stays until the next attempt to write.
    this.#suspect = !locked && codeOf(cause) !== code.full;
  }
}
