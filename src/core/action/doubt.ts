/** Somebody banned fails again: does the firewall still hold him (engine.md §5.2, §5.8)? */
import type { Ban, Span } from "../../base/index.ts";
import { checkAll } from "./check.ts";
import { DONE, type Procedure, say } from "./order.ts";
import type { ActionAtWork } from "./state.ts";
import { reban } from "./ticket.ts";
import { words } from "./words.ts";

/** Seconds between two looks, and between a ban and the first one: lines that were under way at the ban prove nothing. */
const DOUBT_AFTER: Span = 3;

/** What there is to be done: he is to be banned again, the environment is to be looked at, or nothing. */
export type Doubt = "reban" | "check" | null;

/** @param later seconds between the failure that banned him and this one. */
export function doubtOf({ state, definition, now }: ActionAtWork, ban: Ban, later: Span): Doubt {
  if (definition.norestored && ban.restored) return null;
  if ((state.epochs.get(ban.who.key) ?? 0) < state.epoch) return "reban";
  return later > DOUBT_AFTER && now() - state.doubtedAt > DOUBT_AFTER ? "check" : null;
}

/** @param later seconds between the failure that banned him and this one. */
export function* doubt(action: ActionAtWork, ban: Ban, later: Span): Procedure {
  const { state, definition } = action;
  if (doubtOf(action, ban, later) === "check") {
    state.doubtedAt = action.now();
    yield* checkAll(action, true);
  }
  if (doubtOf(action, ban, 0) !== "reban") return DONE;
  yield* say(words.reban(definition.jail, definition.name, ban.who.key));
  return yield* reban(action, ban);
}
