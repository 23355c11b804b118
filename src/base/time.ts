/** Moments and lengths of time as the whole program counts them: doubles, so that sums agree with the original's (DESIGN: seconds are doubles). */

/** Seconds since 1970-01-01 UTC, with fraction. */
export type Instant = number;

/** A length of time in seconds, with fraction. A ban's length may also be FOREVER. */
export type Span = number;

/** The length of a ban that never ends, as the files, the database and the commands write it. */
export const FOREVER = -1;

/** Takes back an alarm; calling it again or too late does nothing. */
export type Cancel = () => void;

/** The only source of time: the daemon owns one, the core is told. */
export interface Clock {
  now(): Instant;
  /** Runs `run` once, at or soon after `when`. */
  at(when: Instant, run: () => void): Cancel;
}

/** What calendar arithmetic needs to know of the machine's time zone; given to the core as an argument. */
export interface Zone {
  /** Local wall clock to epoch seconds; month 1–12. An hour that does not exist is read with the offset before the jump, one that exists twice is the first. */
  toInstant(year: number, month: number, day: number, hour: number, minute: number, second: number): Instant;
  /** Epoch seconds to the local wall clock. */
  toLocal(at: Instant): LocalTime;
}

export interface LocalTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Local time as the log lines print it: `2026-11-22 08:53:10`. */
export function printLocal(zone: Zone, at: Instant): string {
  const t = zone.toLocal(Math.floor(at));
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  return `${String(t.year).padStart(4, "0")}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
}
