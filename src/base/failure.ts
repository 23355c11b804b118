/** What a line can turn into on its way: a failure, then a ban. Each is finished when it is born and never changes. */
import { FOREVER, type Instant, type Span } from "./time.ts";
import type { Who } from "./who.ts";

/** A line as a ticket keeps it: whole, or cut into before the date, the date, after the date (config-cli.md §9.1). */
export type Match = string | readonly [before: string, date: string, after: string];

/** What the filter captured by name (`<F-USER>` → `user`), and what counting adds; printed by actions as `<F-…>`. */
export type Fields = Readonly<Record<string, FieldValue>>;
export type FieldValue = string | number | boolean | readonly string[];

/** One failed login found in one line (or in the lines of one session). */
export interface Failure {
  readonly who: Who;
  /** When it happened; never later than the moment it was read. */
  readonly at: Instant;
  readonly matches: readonly Match[];
  /** Named groups that took part in the match. */
  readonly fields: Fields;
}

/** A decision to shut somebody out. It may be worked out in part when it is asked for: a copy names who, lines and fields. */
export interface Ban {
  readonly jail: string;
  readonly who: Who;
  /** Time of the last failure, from which the ban counts; not the time of the command (engine.md §5.1). */
  readonly since: Instant;
  /** Seconds, or FOREVER. */
  readonly lasts: Span;
  /** Which ban of this offender it is; 1 is the first. */
  readonly count: number;
  /** Failed attempts that led to it. */
  readonly failures: number;
  readonly matches: readonly Match[];
  readonly fields: Fields;
  /** It was in force before this start of the server and is only being carried out again. */
  readonly restored: boolean;
}

/** The moment a ban ends; Infinity for one that never does. */
export function endOf(ban: { readonly since: Instant; readonly lasts: Span }): Instant {
  return ban.lasts === FOREVER ? Infinity : ban.since + ban.lasts;
}

/** A kept line as one text. */
export function matchText(match: Match): string {
  return typeof match === "string" ? match : match.join("");
}
