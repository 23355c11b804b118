/** What an action remembers between two commands (engine.md §6.2): which families it has started, with what, and what they hold. */
import type { Ban, Instant, Span } from "../../base/index.ts";
import { emptyCover, type Cover } from "./cover.ts";
import type { Definition } from "./definition.ts";
import type { Family } from "./family.ts";
import { runScript, type Procedure } from "./order.ts";
import { emptyBan, tagReader, type TagSource } from "./tags.ts";
import { fillTags } from "./dynamic.ts";

export interface ActionState {
  readonly started: Map<Family, Started>;
  /** Epoch of the environment: behind the jail's, bans of before must be carried out again (engine.md §5.8). */
  epoch: number;
  /** In which epoch a ban was last carried out, by its id; the first epoch is not noted. */
  readonly epochs: Map<string, number>;
  /** When the environment was last looked at because somebody banned failed again. */
  doubtedAt: Instant;
  /** Networks in force, for actions that keep them apart; see cover.ts. */
  readonly cover: Cover;
}

export interface Started {
  /** Bans were put in: there is something to flush and to unban. */
  items: boolean;
  /** The start command that made it: an identical one need not run for another family. */
  readonly by: string;
}

/** Counts the broken environments of a jail, for all its actions together. */
export interface JailEpoch {
  value: number;
}

/** One action at work: what procedures are told. */
export interface ActionAtWork {
  readonly definition: Definition;
  readonly state: ActionState;
  readonly epoch: JailEpoch;
  readonly source: TagSource;
  now(): Instant;
  /** The jail's bans in force, for an action that is made anew with all of them. */
  bans(): Iterable<Ban>;
}

export function newState(): ActionState {
  return { started: new Map(), epoch: 0, epochs: new Map(), doubtedAt: -Infinity, cover: emptyCover() };
}

/** Notes that a ban was carried out. */
export function notePut(state: ActionState, family: Family, ban: Ban): void {
  const before = state.started.get(family);
  if (before === undefined) state.started.set(family, { items: true, by: "" });
  else before.items = true;
  if (state.epoch > 0) state.epochs.set(ban.who.key, state.epoch);
}

/** Runs a command for one family and one ban (or none). An empty command counts as done. */
export function* command(
  action: ActionAtWork,
  text: string,
  family: Family,
  ban: Ban | null,
  quiet = false,
): Procedure<boolean> {
  if (text.trim() === "") return true;
  return yield* runScript(fillCommand(action, text, family, ban), action.definition.timeout, { quiet });
}

export function fillCommand(action: ActionAtWork, text: string, family: Family, ban: Ban | null) {
  const now = action.now();
  const lasts: Span = action.source.bantime;
  return fillTags(
    text,
    tagReader({ ban: ban ?? emptyBan(action.definition.jail, lasts, now), family, now, source: action.source }),
  );
}
