/** Somebody banned fails again: does the firewall still hold him (engine.md §5.2, §5.8)? */
import type { Ban, Span } from "../../base/index.ts";
import { checkAll } from "./check.ts";
import { DONE, type Procedure, say } from "./order.ts";
import type { ActionAtWork } from "./state.ts";
import { reban } from "./ticket.ts";
import { words } from "./words.ts";

/** Seconds between two looks, and between a ban and the first one: lines that were under way at the ban prove nothing. */
const DOUBT_AFTER: Span = 3;

/** @param later seconds between the failure that banned him and this one. */
export function* doubt(action: ActionAtWork, ban: Ban, later: Span): Procedure {
  const { state, definition } = action;
  const isOld = (): boolean => (state.epochs.get(ban.who.key) ?? 0) < state.epoch;
  if (definition.norestored && ban.restored) return DONE;
  if (later > DOUBT_AFTER && !isOld() && action.now() - state.doubtedAt > DOUBT_AFTER) {
    state.doubtedAt = action.now();
    yield* checkAll(action, true);
  }
  if (!isOld()) return DONE;
  yield* say(words.reban(definition.jail, definition.name, ban.who.key));
  return yield* reban(action, ban);
}
