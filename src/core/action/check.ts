/** Is the environment of an action still whole, and what to do when it is not (engine.md §6.5). */
import { remakesItself, restoreFamily } from "./remake.ts";
import type { Family } from "./family.ts";
import { DONE, type Procedure, say } from "./order.ts";
import { startFamilies, stop } from "./operation.ts";
import { type ActionAtWork, command, fillCommand } from "./state.ts";
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
  const repaired = yield* rebuild(action, family, complete);
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

function* rebuild(action: ActionAtWork, family: Family, complete: boolean): Procedure<boolean> {
  const text = action.definition.text("actionrepair", family);
  if (!text.ok) return false;
  if (text.text.trim() === "") {
    yield* stop(action, family);
    return (yield* startFamilies(action, [family])).ok;
  }
  if (!(yield* command(action, text.text, family, null))) {
    if (!complete) action.state.started.delete(family); // the next ban starts it again
    return false;
  }
  action.state.started.set(family, { items: false, by: "" });
  return true;
}

/**
 * The consistency check (engine.md §5.2): every started family; one that cannot be repaired counts as not started. Unless it is made in one
 * transaction: then what it was is still there, bans must be lifted from it, and the next look or ban tries again.
 */
export function* checkAll(action: ActionAtWork, mayRepair: boolean): Procedure {
  for (const families of familiesByCheck(action)) {
    const [first] = families;
    if (first === undefined || (yield* ensure(action, first, mayRepair))) continue;
    for (const family of families.filter((one) => !remakesItself(action, one))) action.state.started.delete(family);
  }
  return DONE;
}

/** The started families, those together whose checks are the same question: it is asked once. */
export function familiesByCheck(action: ActionAtWork): readonly (readonly Family[])[] {
  const byText = new Map<string, Family[]>();
  for (const family of action.state.started.keys()) {
    const check = action.definition.text("actioncheck", family);
    const text = check.ok ? fillCommand(action, check.text, family, null).text : "";
    byText.set(text, [...(byText.get(text) ?? []), family]);
  }
  return [...byText.values()];
}
