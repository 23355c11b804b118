/**
 * Commands that belong to no single ban: start, stop, flush, reload (engine.md §6.3).
 *
 * Variants of a command for two families that come out identical run once. The original remembers what it ran beyond the call and
 * so forgets to start, or to flush, a second time (engine.md §11, 13): here a start is remembered with what it started, the others
 * only within one call.
 */
import type { Family } from "./family.ts";
import { DONE, failed, type Procedure, type Result } from "./order.ts";
import { type ActionAtWork, command, fillCommand } from "./state.ts";
import { words } from "./words.ts";

/** At the jail's start; an action that starts on demand does nothing here. */
export function* start(action: ActionAtWork): Procedure {
  if (action.definition.onDemand) return DONE;
  return yield* startFamilies(action, action.definition.families);
}

/** Starts these families whether or not they are started. */
export function* startFamilies(action: ActionAtWork, families: readonly Family[]): Procedure {
  const { started } = action.state;
  let reason: string | null = null;
  for (const family of families) {
    const text = action.definition.text("actionstart", family);
    if (!text.ok) {
      reason = text.message;
      continue;
    }
    const by = fillCommand(action, text.text, family, null).text;
    const twin = [...started].some(([other, state]) => other !== family && state.by === by && by !== "");
    const ok = twin || (yield* command(action, text.text, family, null));
    if (ok) started.set(family, { items: false, by });
    else reason = words.scriptError;
  }
  return conclude(action, "starting", reason);
}

/** Stops what is started: all, or one family. A stop forgets every remembered start: the same command may have served several families. */
export function* stop(action: ActionAtWork, only: Family | null = null): Procedure {
  const { started, cover } = action.state;
  const families = only === null ? [...started.keys()] : [only];
  const result = yield* each(action, "actionstop", "stopping", families, () => {});
  if (only === null) started.clear();
  else started.delete(only);
  for (const [family, state] of started) started.set(family, { items: state.items, by: "" });
  if (only === null) cover.clear();
  else cover.forget(only);
  return result;
}

/** Empties families that hold something. */
export function* flush(action: ActionAtWork): Procedure {
  const { started, cover } = action.state;
  const families = [...started].filter(([, state]) => state.items).map(([family]) => family);
  return yield* each(action, "actionflush", "flushing", families, (family) => {
    const state = started.get(family);
    if (state !== undefined) state.items = false;
    cover.forget(family);
  });
}

/** After parameters were set again. */
export function* reload(action: ActionAtWork): Procedure {
  return yield* each(action, "actionreload", "reloading", [...action.state.started.keys()], () => {});
}

type Verb = "starting" | "stopping" | "flushing" | "reloading";

/** Runs a command once per different text; `done` for each family whose command succeeded. */
function* each(
  action: ActionAtWork,
  word: string,
  verb: Verb,
  families: readonly Family[],
  done: (family: Family) => void,
): Procedure {
  const ran = new Set<string>();
  let reason: string | null = null;
  for (const family of families) {
    const text = action.definition.text(word, family);
    if (!text.ok) {
      reason = text.message;
      continue;
    }
    const script = fillCommand(action, text.text, family, null).text;
    const ok = ran.has(script) || (yield* command(action, text.text, family, null));
    if (!ok) {
      reason = words.scriptError;
      continue;
    }
    ran.add(script);
    done(family);
  }
  return conclude(action, verb, reason);
}

function conclude(action: ActionAtWork, verb: Verb, reason: string | null): Result {
  if (reason === null) return DONE;
  return failed(words.operationFailed(verb, action.definition.jail, action.definition.name, reason));
}
