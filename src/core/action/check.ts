/** Is the environment of an action still whole, and what to do when it is not (engine.md §6.5). */
import { remakesItself, restoreFamily } from "./remake.ts";
import type { Family } from "./family.ts";
import { DONE, type Procedure, say } from "./order.ts";
import { startFamilies, stop } from "./operation.ts";
import { type ActionAtWork, command } from "./state.ts";
import { words } from "./words.ts";

/** @returns whether the environment of this family is whole, or whole again. Without `actioncheck` it counts as whole. */
export function* ensure(action: ActionAtWork, family: Family, mayRepair: boolean): Procedure<boolean> {
  if (yield* isWhole(action, family)) return true;
  if (!mayRepair) {
    yield* say(words.checkFailedAtUnban());
    return false;
  }
  return yield* repair(action, family);
}

/** Runs `actioncheck`; a `quiet` one only asks. */
export function* isWhole(action: ActionAtWork, family: Family, quiet = false): Procedure<boolean> {
  const check = action.definition.text("actioncheck", family);
  return check.ok && (yield* command(action, check.text, family, null, quiet));
}

/**
 * Makes a broken environment whole: by `actionrepair`, by one batch with all bans, or by stop and start. Unless `complete`, bans of
 * before are then missing: the epoch tells the jail, which has them carried out again when their offenders come back.
 */
export function* repair(action: ActionAtWork, family: Family, complete = false): Procedure<boolean> {
  yield* say(words.checkFailed());
  if (!action.definition.has("actionrepair") && remakesItself(action, family)) return yield* remake(action, family);
  if (!complete) action.state.epoch = action.epoch.value += 1;
  const repaired = yield* rebuild(action, family);
  if (repaired && (yield* isWhole(action, family))) return true;
  yield* say(words.cannotRestore());
  return false;
}

/** All bans come back with it, so none of them needs to be carried out again: the epoch stays. */
function* remake(action: ActionAtWork, family: Family): Procedure<boolean> {
  const result = yield* restoreFamily(action, family);
  if (result.ok) return true;
  yield* say(words.cannotRestore());
  return false;
}

function* rebuild(action: ActionAtWork, family: Family): Procedure<boolean> {
  const text = action.definition.text("actionrepair", family);
  if (!text.ok) return false;
  if (text.text.trim() === "") {
    yield* stop(action, family);
    return (yield* startFamilies(action, [family])).ok;
  }
  if (!(yield* command(action, text.text, family, null))) return false;
  action.state.started.set(family, { items: false, by: "" });
  return true;
}

/** The consistency check (engine.md §5.2): every started family; one that cannot be repaired counts as not started. */
export function* checkAll(action: ActionAtWork, mayRepair: boolean): Procedure {
  for (const family of [...action.state.started.keys()])
    if (!(yield* ensure(action, family, mayRepair))) action.state.started.delete(family);
  return DONE;
}
