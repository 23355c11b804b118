/** What a detector finds, and what it has learned. */
import { type Instant } from "../../base/index.ts";

/** Where the date stands and when it was. */
export interface DateFound {
  /** What is cut out of the line: group 1, in UTF-16 units. Equal to `end` where the group is empty or took no part. */
  readonly start: number;
  readonly end: number;
  /** What stands there. */
  readonly text: string;
  /** Null: matched, but there is no such moment. */
  readonly at: Instant | null;
  /** The zone was known, and the moment was counted in whole seconds: the original prints it as an integer. */
  readonly whole: boolean;
}

/** A template as this detector sees it. */
export interface Learned {
  readonly name: string;
  /** Null for epochs and TAI64N. */
  readonly pattern: string | null;
  readonly regex: string;
  /** Lines whose date this template gave. */
  readonly hits: number;
  /** Dynamic: hits × static weight ÷ distance. */
  readonly weight: number;
  readonly staticWeight: number;
  /** Searches by any detector that ran out of steps, and so counted as "not found". */
  readonly gaveUp: number;
}
