/**
 * An environment made anew in one transaction, with all its bans (`actionbatch_start`): at the first ban, after a repair, and at
 * the start, when an earlier run may have left its sets in the kernel: they are adopted without a gap.
 */
import { type Ban } from "../../base/index.ts";
import { batchCommand, batchStart, linesOf } from "./batch-line.ts";
import { familyOfBan, type Family } from "./family.ts";
import { DONE, failed, type Procedure, runScript, say } from "./order.ts";
import { type ActionAtWork, fillCommand } from "./state.ts";
import { startFamilies } from "./operation.ts";
import { words } from "./words.ts";

export function remakesItself(action: ActionAtWork, family: Family): boolean {
  return batchStart(action, family) !== "";
}

/** The jail's bans that this action carries out and that belong to the family. */
export function bansOf(action: ActionAtWork, family: Family, bans: Iterable<Ban>): readonly Ban[] {
  const { conditional, norestored } = action.definition;
  const found: Ban[] = [];
  for (const ban of bans) if (familyOfBan(ban.who, conditional) === family && !(norestored && ban.restored)) found.push(ban);
  return found;
}

/**
 * Makes the environment of one family anew with these bans (all bans of the jail, when none are given). Where one order spoils the
 * transaction, the environment is made empty, and every ban then goes by `runBatch`, which finds the bad one.
 */
export function* restoreFamily(action: ActionAtWork, family: Family, given: readonly Ban[] | null = null): Procedure {
  const bans = given ?? bansOf(action, family, action.bans());
  const { definition, state } = action;
  state.cover.forget(family);
  const lines = bans.slice(0, definition.batchMax).flatMap((ban) => linesOf(action, "restore", family, ban) ?? []);
  if (yield* makeAnew(action, family, lines)) {
    state.started.set(family, { items: lines.length > 0, by: "" });
    if (lines.length > 0) yield* say(words.restored(definition.jail, definition.name, Math.min(bans.length, definition.batchMax)));
    return DONE;
  }
  state.cover.forget(family);
  const empty = yield* startFamilies(action, [family]);
  return empty.ok ? failed(TRY_BATCHES) : empty;
}

/** The environment stands and is empty: the bans are still to be put in. */
export const TRY_BATCHES = "the environment is made anew, without its bans";

/** The script that prints the environment's orders goes first, what is fed in behind it: both reach the batch command as one text. */
function* makeAnew(action: ActionAtWork, family: Family, lines: readonly string[]): Procedure<boolean> {
  const text = `{\n${batchStart(action, family)}\ncat\n} | ${batchCommand(action, family)}`;
  const input = lines.length > 0 ? `${lines.join("\n")}\n` : "";
  return yield* runScript(fillCommand(action, text, family, null), action.definition.timeout, { input });
}
