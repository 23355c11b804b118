/** What the store tells about the past. */
import type { Fields, Instant, Match, Span } from "../../base/index.ts";

export interface History {
  /** Bans before now; over all jails their sum. */
  readonly count: number;
  /** The latest one's begin and length. */
  readonly since: Instant;
  readonly lasts: Span;
}

export interface Merged {
  readonly failures: number;
  readonly matches: readonly Match[];
  /** Of the earliest ban that is remembered. */
  readonly fields: Fields;
}

export interface JournalMark {
  readonly at: Instant;
  /** `at` as ISO text. */
  readonly iso: string;
  /** Null where the other program has moved on since: then only the time counts. */
  readonly cursor: string | null;
}
