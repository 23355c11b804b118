/** One command for one ban: ban, unban, prolong, reban (engine.md §6.3, §6.4). */
import type { Ban } from "../../base/index.ts";
import { ensure } from "./check.ts";
import { familyOfBan, type Family } from "./family.ts";
import { DONE, failed, type Procedure } from "./order.ts";
import { startFamilies } from "./operation.ts";
import { type ActionAtWork, command, notePut } from "./state.ts";
import { words } from "./words.ts";

export function* ban(action: ActionAtWork, one: Ban): Procedure {
  return yield* put(action, one, "actionban");
}

/** A ban carried out again after a repair. */
export function* reban(action: ActionAtWork, one: Ban): Procedure {
  const family = familyOfBan(one.who, action.definition.conditional);
  const own = action.definition.text("actionreban", family);
  return yield* put(action, one, own.ok && own.text.trim() === "" ? "actionban" : "actionreban");
}

/** Nothing where nothing was ever banned. */
export function* unban(action: ActionAtWork, one: Ban): Procedure {
  const family = familyOfBan(one.who, action.definition.conditional);
  action.state.epochs.delete(one.who.key);
  if (action.state.started.get(family)?.items !== true) return DONE;
  return yield* perform(action, one, family, "actionunban", "unbanning");
}

/** The time of an active ban has grown. */
export function* prolong(action: ActionAtWork, one: Ban): Procedure {
  return yield* perform(action, one, familyOfBan(one.who, action.definition.conditional), "actionprolong", "banning");
}

function* put(action: ActionAtWork, one: Ban, word: string): Procedure {
  const { definition, state } = action;
  const family = familyOfBan(one.who, definition.conditional);
  if (definition.onDemand && !state.started.has(family)) {
    const begun = yield* startFamilies(action, [family]);
    if (!begun.ok) return begun;
  }
  const result = yield* perform(action, one, family, word, "banning");
  if (result.ok) notePut(state, family, one);
  return result;
}

/** Runs the command, and a second and last time unless the check says that the environment cannot be restored. */
function* perform(
  action: ActionAtWork,
  one: Ban,
  family: Family,
  word: string,
  verb: "banning" | "unbanning",
): Procedure {
  const text = action.definition.text(word, family);
  if (!text.ok) return failed(text.message);
  if (yield* command(action, text.text, family, one)) return DONE;
  const mayRepair = word !== "actionunban" || action.definition.repairOnUnban;
  if (!(yield* ensure(action, family, mayRepair))) return failed(words.ticketFailed(verb, one.who.key));
  if (yield* command(action, text.text, family, one)) return DONE;
  return failed(words.ticketFailed(verb, one.who.key));
}
