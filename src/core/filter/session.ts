/**
 * Failures that only several lines together tell: what one connection did (`<F-MLFID>`), engine.md §1.6.
 *
 * At most 100 connections are remembered, each for 5 minutes after its first line; when there are more, the oldest
 * is forgotten: its later lines stand for themselves. What they keep are slices of what their lines came in: copies would be
 * made for nearly every line under attack, and so many sessions hold few chunks.
 */
import type { Instant, Match } from "../../base/index.ts";
import { KNOWN, type Captures } from "./groups.ts";
import { Recent } from "./recent.ts";

export const SESSIONS_KEPT = 100;
const SESSION_LIFE = 300;
/** Lines of no-failure kind that a connection keeps; the earliest go. */
const QUIET_KEPT = 100;

/** User names that are remembered of a connection; the earliest go. */
const USERS_KEPT = 100;

const NO_MATCHES: readonly Match[] = [];
const NO_USERS: readonly string[] = [];

/** What is known of one connection so far. */
export interface Session {
  readonly captures: Captures;
  /** Names that were tried on this connection. */
  users: readonly string[];
  /** Lines of the failure that the last line completed. */
  matches: readonly Match[];
  /** Lines of no-failure kind, which become part of the failure if one comes. */
  quiet: readonly Match[];
  /** A failure came before anybody knew from whom. To be set when this line's failure has neither address nor id. */
  pending: boolean;
  /** The last line tells of no failure: nothing to count. */
  nofail: boolean;
}

export class Sessions {
  readonly #known = new Recent<Session>(SESSIONS_KEPT, SESSION_LIFE);

  /** Joins what one line captured with what its connection did before. `line` is what matched. */
  merge(id: string, captures: Captures, lines: readonly Match[], now: Instant): Session {
    const gained = captures.holds(KNOWN.mlfgained);
    if (gained && !captures.holds(KNOWN.nofail)) captures.set(KNOWN.nofail, captures.of(KNOWN.mlfgained));
    let quiet = gained || captures.holds(KNOWN.nofail);
    const forget = captures.holds(KNOWN.mlfforget);
    captures.set(KNOWN.mlfforget, undefined);
    const place = this.#known.find(id, now);
    const known = this.#known.at(place);
    const session = known ?? newSession(captures);
    const wasPending = known === undefined ? false : join(known, captures, gained);
    if (forget) this.#known.removeAt(place);
    else if (known === undefined) {
      if (session.users.length > 0) captures.set(KNOWN.users, session.users);
      this.#known.add(id, session, now);
    }
    if (wasPending || session.users.length > 1) {
      session.captures.set(KNOWN.nofail, undefined);
      session.captures.set(KNOWN.mlfgained, undefined);
      quiet = false;
    }
    if (!quiet) {
      session.matches =
        session.quiet.length + session.matches.length === 0 ? lines : [...session.quiet, ...session.matches, ...lines];
      session.quiet = NO_MATCHES;
    } else if (!forget)
      session.quiet = session.quiet.length === 0 ? lines : [...session.quiet, ...lines].slice(-QUIET_KEPT);
    session.nofail = session.captures.holds(KNOWN.nofail);
    return session;
  }

  clear(): void {
    this.#known.clear();
  }
}

function newSession(captures: Captures): Session {
  const user = captures.text(KNOWN.user);
  return {
    captures,
    users: user ? [user] : NO_USERS,
    matches: NO_MATCHES,
    quiet: NO_MATCHES,
    pending: false,
    nofail: false,
  };
}

/** @returns whether a failure of this connection had been waiting for somebody to blame. */
function join(session: Session, captures: Captures, gained: boolean): boolean {
  const user = captures.text(KNOWN.user);
  if (user && !session.users.includes(user)) {
    session.users = [...session.users, user].slice(-USERS_KEPT);
    session.captures.set(KNOWN.users, session.users);
  }
  const wasQuiet = session.captures.holds(KNOWN.nofail) || session.captures.holds(KNOWN.mlfgained);
  session.captures.set(KNOWN.nofail, undefined);
  session.captures.set(KNOWN.mlfgained, undefined);
  if (gained) session.pending = false;
  if (!wasQuiet && !session.pending) session.matches = NO_MATCHES;
  session.captures.take(captures);
  const pending = session.pending;
  session.pending = false;
  return pending;
}
