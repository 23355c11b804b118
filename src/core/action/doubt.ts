/** Somebody banned fails again: does the firewall still hold him (engine.md §5.2, §5.8)? */
import type { Ban, Instant, Span, Who } from "../../base/index.ts";
import { checkAll } from "./check.ts";
import { DONE, type Procedure, say } from "./order.ts";
import type { ActionAtWork, ActionState } from "./state.ts";
import { reban } from "./ticket.ts";
import { words } from "./words.ts";

/** Seconds between two looks, and between a ban and the first one: lines that were under way at the ban prove nothing. */
const DOUBT_AFTER: Span = 3;

/** What there is to be done: he is to be banned again, the environment is to be looked at, or nothing. */
export type Doubt = "reban" | "check" | null;

/** @param later seconds between the failure that banned him and this one. */
export function doubtOf(state: ActionState, who: Who, later: Span, now: Instant): Doubt {
  if ((state.epochs.get(who.key) ?? 0) < state.epoch) return "reban";
  return later > DOUBT_AFTER && now - state.doubtedAt > DOUBT_AFTER ? "check" : null;
}

/** @param later as for `doubtOf`. */
export function* doubt(action: ActionAtWork, ban: Ban, later: Span): Procedure {
  const { state, definition } = action;
  if (definition.norestored && ban.restored) return DONE;
  const now = action.now();
  if (doubtOf(state, ban.who, later, now) === "check") {
    state.doubtedAt = now;
    yield* checkAll(action, true);
  }
  if (doubtOf(state, ban.who, 0, now) !== "reban") return DONE;
  yield* say(words.reban(definition.jail, definition.name, ban.who.key));
  return yield* reban(action, ban);
}
