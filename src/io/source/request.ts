/** What a jail asks of a source, and what it can ask afterwards. Types only. */
import type { Chunk, Entry, Instant, Said } from "../../base/index.ts";
import type { Bookmark, Encoding, MatchGroup } from "../../core/line/index.ts";
import type { JournalPlace } from "./journalplace.ts";

/** `pyinotify` and `auto` look when the kernel reports a change; `polling` looks at the clock only. */
export type Mode = "auto" | "pyinotify" | "polling";

export interface FollowRequest {
  readonly path: string;
  /** Begin at the end instead of at the bookmark; such a file is live at once. */
  readonly tail: boolean;
  /** Where reading stopped last time. */
  readonly mark: Bookmark | null;
  /** Lines older than this do not matter (now − findtime): the place is searched by date; null: no search. */
  readonly since: Instant | null;
  readonly mode: Mode;
  /** The bytes that end a line (`Encoding.lineEnd`). */
  readonly lineEnd: string;
  /** Date in one raw line (latin1), for the search by date. */
  readonly dateOf: (raw: string) => Instant | null;
  /** Takes whole lines; may stop or pause its own and other followings. */
  readonly deliver: (chunk: Chunk) => void;
  readonly say: (said: Said) => void;
}

export interface JournalRequest {
  readonly jail: string;
  readonly place: JournalPlace;
  /** None: every entry. */
  readonly matches: readonly MatchGroup[];
  /** Last entry read: `hash` is its time as ISO text, `offset` the same in seconds, `proof` journald's cursor. */
  readonly mark: Bookmark | null;
  /** Older entries do not matter (now − findtime); null: begin with what comes from now on. */
  readonly since: Instant | null;
  /** For values that are not UTF-8. */
  readonly encoding: Encoding;
  readonly deliver: (entries: readonly Entry[], live: boolean) => void;
  readonly say: (said: Said) => void;
}

export interface Following {
  /** Nothing is delivered after it. */
  stop(): void;
  /** The place behind the last line delivered, to be kept in the database. */
  mark(): Bookmark;
  stats(): SourceStats;
  /** Nothing is delivered until `resume`; nothing is lost meanwhile. */
  pause(): void;
  resume(): void;
}

export interface SourceStats {
  readonly source: string;
  /** What the lines come from: `pyinotify`, `polling`, `systemd`. */
  readonly mode: string;
  readonly lines: number;
  readonly bytes: number;
  /** Lines of which the end was cut off because they were too long. */
  readonly cut: number;
  /** Bytes not yet read, as far as that is known. */
  readonly behindBytes: number;
  /** For how long the end has not been reached, in seconds. */
  readonly behindSeconds: number;
  readonly lastLineAt: Instant | null;
  /** The end was reached at least once: what comes now is happening now. */
  readonly live: boolean;
  /** Why nothing can be read; null when something can. */
  readonly trouble: string | null;
}
