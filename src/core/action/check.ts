/** Is the environment of an action still whole, and what to do when it is not (engine.md §6.5). */
import { restoreFamily, remakesItself } from "./remake.ts";
import type { Family } from "./family.ts";
import { DONE, type Procedure, type Result, say } from "./order.ts";
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

/** Makes a broken environment whole: by `actionrepair`, by one batch with all bans, or by stop and start. */
export function* repair(action: ActionAtWork, family: Family): Procedure<boolean> {
  yield* say(words.checkFailed());
  if (!action.definition.has("actionrepair") && remakesItself(action, family)) return yield* remake(action, family);
  action.epoch.value += 1;
  action.state.epoch = action.epoch.value;
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
export function* checkAll(action: ActionAtWork, mayRepair: boolean): Procedure<Result> {
  for (const family of [...action.state.started.keys()])
    if (!(yield* ensure(action, family, mayRepair))) action.state.started.delete(family);
  return DONE;
}

/** The regular check of `actioncheck_every`: asks quietly, repairs loudly. A family that stays broken is tried again next time. */
export function* watch(action: ActionAtWork): Procedure<Result> {
  for (const family of [...action.state.started.keys()]) if (!(yield* isWhole(action, family, true))) yield* repair(action, family);
  return DONE;
}
