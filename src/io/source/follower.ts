/**
 * All followed files of the daemon: each opened once, however many jails read it, and read in turns.
 *
 * A turn is one buffer of one log; between turns the event loop does everything else, so that a flooding log starves neither
 * another one nor the commands. One timer polls for all: it is the way of `polling` and the referee of the rest.
 */
import type { Instant, Said } from "../../base/index.ts";
import { TURN_BYTES, type Cursor } from "./cursor.ts";
import { GlobWatches } from "./globs.ts";
import { Reader } from "./reader.ts";
import type { Following, FollowRequest, SourceStats } from "./request.ts";
import { Tail } from "./tail.ts";
import { FolderWatches } from "./watch.ts";
import { words } from "./words.ts";

export interface FollowerOptions {
  readonly now: () => Instant;
  readonly say: (said: Said) => void;
  /** Seconds between two looks at a polled log. */
  readonly pollEvery?: number;
  /** Looks of the timer after which the watched ones are looked at as well. */
  readonly refereeEvery?: number;
}

const POLL_EVERY = 0.5;
const REFEREE_EVERY = 4;

export class Follower {
  readonly #options: FollowerOptions;
  readonly #watches: FolderWatches;
  readonly #globs: GlobWatches;
  readonly #tails = new Map<string, Tail>();
  readonly #ready = new Map<Cursor, Tail>();
  /** Not there where no log has grown since the last look at all of them. */
  #buffer: Buffer | null = null;
  #turn: NodeJS.Immediate | null = null;
  #turns = 0;
  #turnsBefore = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerLooks = 0;
  #looks = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#watches = new FolderWatches((folder, reason) => options.say(words.noEvents(folder, reason)));
    this.#globs = new GlobWatches(this.#watches, () => [...this.#tails.values()]);
  }

  /** Begins to follow; nothing is delivered before the next turn of the event loop. A missing file is waited for. */
  follow(request: FollowRequest): Following {
    const key = `${request.lineEnd}${request.path}`;
    const tail = this.#tails.get(key) ?? this.#newTail(request);
    this.#tails.set(key, tail);
    const reader = new Reader(request);
    tail.join(reader);
    this.#setTimer();
    return this.#following(key, tail, reader);
  }

  /**
   * Tells of files that match later on; rotated parts of followed logs are not told.
   * @param known what is followed already: other files that match now are told as well; absent: none of those that match now is
   * @returns what ends it
   */
  watchGlob(pattern: string, onNew: (path: string) => void, known?: readonly string[]): () => void {
    const end = this.#globs.add(pattern, onNew, known);
    this.#setTimer();
    return () => {
      end();
      this.#setTimer();
    };
  }

  close(): void {
    for (const tail of this.#tails.values()) tail.close();
    this.#tails.clear();
    this.#globs.close();
    this.#watches.close();
    this.#ready.clear();
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
    this.#setTimer();
  }

  #newTail(request: FollowRequest): Tail {
    const tail: Tail = new Tail(request.path, request.lineEnd, {
      now: this.#options.now,
      ready: (cursor) => this.#enqueue(tail, cursor),
      watches: this.#watches,
    });
    return tail;
  }

  #following(key: string, tail: Tail, reader: Reader): Following {
    const { request } = reader;
    return {
      stop: () => {
        if (reader.stopped) return;
        reader.stopped = true;
        tail.leave(reader);
        if (tail.readers.size > 0) return;
        tail.close();
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
        this.#setTimer();
      },
      mark: () =>
        tail.cursors.of(reader)?.mark() ?? reader.place ?? request.mark ?? { hash: "", offset: 0, proof: null },
      stats: () => this.#statsOf(tail, reader),
      pause: () => {
        reader.paused = true;
        tail.cursors.pause(reader);
      },
      resume: () => {
        reader.paused = false;
        tail.resume(reader);
      },
    };
  }

  #statsOf(tail: Tail, reader: Reader): SourceStats {
    const cursor = tail.cursors.of(reader);
    const behindBytes = cursor?.behind() ?? 0;
    return {
      source: tail.path,
      mode: reader.request.mode === "polling" || !tail.isWatched() ? "polling" : "pyinotify",
      lines: reader.lines,
      bytes: reader.bytes,
      cut: reader.cut,
      behindBytes,
      behindSeconds:
        cursor === null || cursor.behindSince === null || behindBytes === 0
          ? 0
          : this.#options.now() - cursor.behindSince,
      lastLineAt: reader.lastLineAt,
      live: reader.live,
      trouble: tail.presence.trouble,
    };
  }

  #enqueue(tail: Tail, cursor: Cursor): void {
    this.#ready.set(cursor, tail);
    this.#turn ??= setImmediate(() => this.#takeTurn());
  }

  /** The cursor that has waited longest reads one buffer, and goes to the end of the queue when there is more. */
  #takeTurn(): void {
    this.#turn = null;
    const next = this.#ready.entries().next();
    if (next.done === true) return;
    const [cursor, tail] = next.value;
    this.#ready.delete(cursor);
    this.#turns += 1;
    const more = tail.turn(cursor, (this.#buffer ??= Buffer.alloc(TURN_BYTES)));
    if (more) this.#ready.set(cursor, tail);
    if (this.#ready.size > 0) this.#turn ??= setImmediate(() => this.#takeTurn());
  }

  #setTimer(): void {
    const tails = [...this.#tails.values()];
    const referee = this.#options.refereeEvery ?? REFEREE_EVERY;
    const looks = tails.some((tail) => tail.isPolled) ? 1 : tails.length > 0 || this.#globs.size > 0 ? referee : 0;
    if (looks === this.#timerLooks) return;
    this.#timerLooks = looks;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer =
      looks === 0 ? null : setInterval(() => this.#look(looks), looks * (this.#options.pollEvery ?? POLL_EVERY) * 1000);
    this.#timer?.unref();
  }

  #look(looks: number): void {
    const before = this.#looks;
    this.#looks += looks;
    const referee = this.#options.refereeEvery ?? REFEREE_EVERY;
    const isReferee = Math.floor(before / referee) !== Math.floor(this.#looks / referee);
    if (isReferee) {
      if (this.#turns === this.#turnsBefore) this.#buffer = null;
      this.#turnsBefore = this.#turns;
      this.#watches.refresh();
      this.#globs.look();
    }
    for (const tail of this.#tails.values()) if (isReferee || tail.isPolled || !tail.isWatched()) tail.look();
  }
}
