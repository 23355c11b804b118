/**
 * Failures that only several lines together tell: what one connection did (`<F-MLFID>`), engine.md §1.6.
 *
 * At most 100 connections are remembered, each for 5 minutes after its first line; when there are more, the oldest
 * is forgotten: its later lines stand for themselves.
 */
import type { Instant, Match } from "../../base/index.ts";
import { holds, textOf, type Groups } from "./groups.ts";
import { Recent } from "./recent.ts";

export const SESSIONS_KEPT = 100;
const SESSION_LIFE = 300;

/** What is known of one connection so far. */
interface Session {
  readonly groups: Groups;
  readonly users: Set<string>;
  matches: readonly Match[];
  /** Lines of no-failure kind, which become part of the failure if one comes. */
  quiet: readonly Match[];
  /** A failure came before anybody knew from whom. */
  pending: boolean;
}

export interface Merged {
  readonly groups: Groups;
  readonly users: ReadonlySet<string>;
  readonly matches: readonly Match[];
  /** The line tells of no failure: nothing to count. */
  readonly nofail: boolean;
  /** Called when the failure has neither address nor id yet. */
  wait(): void;
}

export class Sessions {
  readonly #known = new Recent<Session>(SESSIONS_KEPT, SESSION_LIFE);

  /** Joins what one line captured with what its connection did before. `lines` are the lines that matched. */
  merge(id: string, groups: Groups, lines: readonly Match[], now: Instant): Merged {
    const gained = holds(groups.get("mlfgained"));
    if (gained && !holds(groups.get("nofail"))) groups.set("nofail", groups.get("mlfgained") ?? null);
    let quiet = gained || holds(groups.get("nofail"));
    const forget = holds(groups.get("mlfforget"));
    groups.delete("mlfforget");
    const known = this.#known.get(id, now);
    const session = known ?? newSession(groups);
    const pending = known === undefined ? false : join(known, groups, gained);
    if (known !== undefined && forget) this.#known.delete(id);
    if (known === undefined && !forget) this.#known.set(id, session, now);
    if (pending || session.users.size > 1) {
      session.groups.delete("nofail");
      session.groups.delete("mlfgained");
      quiet = false;
    }
    if (!quiet) {
      session.matches = [...session.quiet, ...session.matches, ...lines];
      session.quiet = [];
    } else if (!forget) session.quiet = [...session.quiet, ...lines];
    return {
      groups: session.groups,
      users: session.users,
      matches: session.matches,
      nofail: holds(session.groups.get("nofail")),
      wait: () => {
        session.pending = true;
      },
    };
  }

  clear(): void {
    this.#known.clear();
  }
}

function newSession(groups: Groups): Session {
  const user = textOf(groups, "user");
  return { groups, users: new Set(user ? [user] : []), matches: [], quiet: [], pending: false };
}

/** @returns whether a failure of this connection had been waiting for somebody to blame. */
function join(session: Session, groups: Groups, gained: boolean): boolean {
  const user = textOf(groups, "user");
  if (user) session.users.add(user);
  const wasQuiet = holds(session.groups.get("nofail")) || holds(session.groups.get("mlfgained"));
  session.groups.delete("nofail");
  session.groups.delete("mlfgained");
  if (gained) session.pending = false;
  if (!wasQuiet && !session.pending) session.matches = [];
  for (const [name, value] of groups) if (value !== null) session.groups.set(name, value);
  const pending = session.pending;
  session.pending = false;
  return pending;
}
