/** What a tail needs of its follower. Types only. */
import type { Instant } from "../../base/index.ts";
import type { Cursor } from "./cursor.ts";
import type { FolderWatches } from "./watch.ts";

export interface Desk {
  now(): Instant;
  /** Puts the cursor in the queue of those to be read. */
  ready(cursor: Cursor): void;
  readonly watches: FolderWatches;
}
