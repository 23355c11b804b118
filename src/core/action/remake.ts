/**
 * An environment made anew in one transaction, with all its bans (`batchStart`): at the first ban, after a repair, and at
 * the start, when an earlier run may have left its sets in the kernel: they are adopted without a gap.
 */
import type { Ban } from "../../base/index.ts";
import { batchCommand, batchStart, lineMaker, restoreInput } from "./batch-line.ts";
import { familyOfBan, type Family, NET_FAMILIES } from "./family.ts";
import { feedHalving, type Halving } from "./halve.ts";
import { DONE, failed, type Procedure, runScript, say } from "./order.ts";
import { type ActionAtWork, command, fillCommand, notePut } from "./state.ts";
import { words } from "./words.ts";

export function remakesItself(action: ActionAtWork, family: Family): boolean {
  return batchStart(action, family) !== "";
}

/** The bans that this action carries out in the environment of one family; an action without variants has one environment for all. */
export function bansOf(action: ActionAtWork, family: Family, bans: Iterable<Ban>): readonly Ban[] {
  const { conditional, norestored } = action.definition;
  const found: Ban[] = [];
  for (const ban of bans)
    if ((conditional.size === 0 || familyOfBan(ban.who, conditional) === family) && !(norestored && ban.restored))
      found.push(ban);
  return found;
}

interface Item {
  readonly ban: Ban;
  readonly line: string;
}

/**
 * Makes the environment of one family anew with these bans (all bans of the jail, when none are given). Where one of them spoils
 * the transaction, the environment is made empty and the bans follow in halves; a ban that fails alone is said and left.
 */
export function* restoreFamily(action: ActionAtWork, family: Family, given: readonly Ban[] | null = null): Procedure {
  const bans = given ?? bansOf(action, family, action.bans());
  const { definition, state } = action;
  state.cover.forget(family);
  const items: Item[] = [];
  const alone: Ban[] = [];
  const lineOf = lineMaker(action, "restore", family);
  for (const ban of NET_FAMILIES.includes(family) ? state.cover.fill(family, bans) : bans) {
    const line = lineOf(ban);
    if (line === null) alone.push(ban);
    else items.push({ ban, line });
  }
  const first = items.slice(0, definition.batchMax);
  const whole = yield* makeAnew(action, family, first);
  if (!whole && (first.length === 0 || !(yield* makeAnew(action, family, []))))
    return failed(words.operationFailed("starting", definition.jail, definition.name, words.scriptError));
  state.started.set(family, { items: false, by: "" });
  for (const ban of bans) notePut(state, familyOfBan(ban.who, definition.conditional), ban);
  const spoiled: Ban[] = [];
  const halving = halvingOf(action, family, spoiled);
  for (let at = whole ? first.length : 0; at < items.length; at += definition.batchMax)
    yield* feedHalving(items.slice(at, at + definition.batchMax), halving);
  for (const ban of alone) yield* halving.alone({ ban, line: "" });
  for (const { who } of spoiled) state.epochs.delete(who.key);
  const restored = bans.length - spoiled.length;
  if (restored > 0) yield* say(words.restored(definition.jail, definition.name, restored));
  return DONE;
}

/** The script that prints the environment's orders goes first, what is fed in behind it: both reach the batch command as one text. */
function* makeAnew(action: ActionAtWork, family: Family, items: readonly Item[]): Procedure<boolean> {
  const text = `{\n${batchStart(action, family)}\ncat\n} | ${batchCommand(action, family)}`;
  return yield* runScript(fillCommand(action, text, family, null), action.definition.timeout, {
    input: inputOf(action, family, items),
  });
}

/** @param spoiled takes the bans that fail alone */
function halvingOf(action: ActionAtWork, family: Family, spoiled: Ban[]): Halving<Item> {
  const { jail, name, timeout } = action.definition;
  const batch = fillCommand(action, batchCommand(action, family), family, null);
  return {
    feed: (part) => runScript(batch, timeout, { input: inputOf(action, family, part) }),
    said: (count) => words.batchFailed(jail, name, count),
    *alone({ ban }) {
      const text = action.definition.text("actionban", family);
      if (text.ok && (yield* command(action, text.text, family, ban))) return;
      spoiled.push(ban);
      yield* say(words.banFailed("ban", jail, name, ban.who.key, words.ticketFailed("banning", ban.who.key)));
    },
  };
}

function inputOf(action: ActionAtWork, family: Family, items: readonly Item[]): string {
  return restoreInput(
    action,
    family,
    items.map((item) => item.line),
  );
}
