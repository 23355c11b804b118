/** What a source hands over: lines of a file, or entries of a journal. */
import type { Instant } from "./time.ts";

/** One journal entry, already rendered (engine.md §7.6). */
export interface Entry {
  readonly at: Instant;
  /** The date as it stands in kept lines: ISO time and a blank. */
  readonly stamp: string;
  readonly text: string;
}

/** Whole lines of one file, in order: each ends with a line feed, but for a last one that was cut at the limit. */
export interface Chunk {
  /** Path of the file. */
  readonly source: string;
  /** The bytes as latin1: one character a byte. */
  readonly bytes: string;
  /** Whether all of them are ASCII; null or absent: nobody has looked. */
  readonly ascii?: boolean | null;
  /** Whether the file's end had been reached before these lines came: older dates are then no history any more (engine.md §1.3). */
  readonly live: boolean;
}
