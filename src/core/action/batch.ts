/**
 * Many bans and unbans by one command (DESIGN §5). A batch that fails is tried again after a look at the environment, then in
 * halves, down to the one order that spoils it: that one goes by the single command and only that one can fail.
 */
import type { Ban } from "../../base/index.ts";
import { batchCommand, batchLine, stagesOf } from "./batch-line.ts";
import { familiesByCheck, isWhole, repair } from "./check.ts";
import { familyOfBan, type Family } from "./family.ts";
import { halve } from "./halve.ts";
import { DONE, type Procedure, type Result, runScript, say } from "./order.ts";
import { startFamilies } from "./operation.ts";
import { bansOf, remakesItself, restoreFamily } from "./remake.ts";
import { type ActionAtWork, fillCommand, notePut } from "./state.ts";
import { ban as banOne, prolong as prolongOne, reban as rebanOne, unban as unbanOne } from "./ticket.ts";
import { words } from "./words.ts";

export type TicketKind = "ban" | "unban" | "prolong" | "reban";

export interface TicketOrder {
  readonly kind: TicketKind;
  readonly ban: Ban;
}

/** Whether this order can go in a batch. */
export function fitsBatch(action: ActionAtWork, order: TicketOrder): boolean {
  const family = familyOfBan(order.ban.who, action.definition.conditional);
  return batchLine(action, order.kind, family, order.ban) !== null;
}

/** One order by the single command. */
export function single(action: ActionAtWork, order: TicketOrder): Procedure {
  const one = { ban: banOne, unban: unbanOne, prolong: prolongOne, reban: rebanOne }[order.kind];
  return one(action, order.ban);
}

/** An order ready to go out: its lines are made once, for making them moves the books of networks. */
interface Ready {
  readonly index: number;
  readonly order: TicketOrder;
  readonly family: Family;
  readonly stages: readonly (readonly string[])[];
}

/** Carries out orders that `fitsBatch` took, in their order. @returns one result for each. */
export function* runBatch(action: ActionAtWork, orders: readonly TicketOrder[]): Procedure<readonly Result[]> {
  const results: Result[] = orders.map(() => DONE);
  const familyOf = (order: TicketOrder): Family => familyOfBan(order.ban.who, action.definition.conditional);
  const begun = yield* begin(action, orders, familyOf);
  const ready: Ready[] = [];
  for (const [index, order] of orders.entries()) {
    const family = familyOf(order);
    const notStarted = begun.failed.get(family);
    if (order.kind !== "unban" && notStarted !== undefined) results[index] = notStarted;
    else if (order.kind === "unban" ? action.state.started.has(family) : !begun.done.has(order.ban))
      ready.push({ index, order, family, stages: stagesOf(action, order.kind, family, order.ban) ?? [] });
  }
  for (const part of partsOf(action, ready)) yield* carryOut(action, part, results);
  return results;
}

/** Starts the families that wait for their first ban; where that is done in a batch, their bans go with it. */
function* begin(action: ActionAtWork, orders: readonly TicketOrder[], familyOf: (order: TicketOrder) => Family) {
  const failures = new Map<Family, Result>();
  const done = new Set<Ban>();
  const { definition, state } = action;
  for (const family of new Set(orders.filter((order) => order.kind !== "unban").map(familyOf))) {
    if (!definition.onDemand || state.started.has(family)) continue;
    const fresh = remakesItself(action, family)
      ? withoutRepeats(orders.filter((order) => familyOf(order) === family))
      : null;
    const bans = fresh === null ? [] : unite(bansOf(action, family, action.bans()), fresh);
    const result = fresh === null ? yield* startFamilies(action, [family]) : yield* restoreFamily(action, family, bans);
    if (result.ok && fresh !== null) for (const ban of fresh) done.add(ban);
    else if (!result.ok) failures.set(family, result);
  }
  return { failed: failures, done };
}

/** Bans among the orders that nothing else in the same batch concerns: only they can go out of turn. */
function withoutRepeats(orders: readonly TicketOrder[]): readonly Ban[] {
  const counts = new Map<string, number>();
  for (const { ban } of orders) counts.set(ban.who.key, (counts.get(ban.who.key) ?? 0) + 1);
  return orders
    .filter((order) => order.kind !== "unban" && counts.get(order.ban.who.key) === 1)
    .map((order) => order.ban);
}

/** The newer of two bans of the same offender holds. */
function unite(older: readonly Ban[], newer: readonly Ban[]): readonly Ban[] {
  return [...new Map([...older, ...newer].map((ban) => [ban.who.key, ban])).values()];
}

/** Cuts the orders into batches for one and the same command, of at most `actionbatch_max`; what needs two stages goes alone. */
function partsOf(action: ActionAtWork, ready: readonly Ready[]): readonly (readonly Ready[])[] {
  const parts: Ready[][] = [];
  let last = "";
  for (const one of ready) {
    const key = one.stages.length > 1 ? "" : batchCommand(action, one.family);
    const open = parts.at(-1);
    if (open !== undefined && key !== "" && key === last && open.length < action.definition.batchMax) open.push(one);
    else parts.push([one]);
    last = key;
  }
  return parts;
}

function* carryOut(action: ActionAtWork, part: readonly Ready[], results: Result[]): Procedure<void> {
  if (yield* feed(action, part)) return;
  let repaired = false;
  for (const family of new Set(part.map((one) => one.family)))
    if (!(yield* isWhole(action, family))) repaired = (yield* repair(action, family)) || repaired;
  if (repaired && (yield* feed(action, part))) return;
  if (part.length > 1) yield* say(words.batchFailed(action.definition.jail, action.definition.name, part.length));
  yield* halve(part, {
    feed: (half) => feed(action, half),
    said: (count) => words.batchFailed(action.definition.jail, action.definition.name, count),
    *alone(one) {
      results[one.index] = yield* single(action, one.order);
    },
  });
}

function* feed(action: ActionAtWork, part: readonly Ready[]): Procedure<boolean> {
  const [first] = part;
  if (first === undefined) return true;
  const script = fillCommand(action, batchCommand(action, first.family), first.family, null);
  for (const stage of [0, 1]) {
    const lines = part.flatMap((one) => one.stages[stage] ?? []);
    if (lines.length > 0 && !(yield* runScript(script, action.definition.timeout, { input: `${lines.join("\n")}\n` })))
      return false;
  }
  for (const { order, family } of part) {
    if (order.kind === "unban") action.state.epochs.delete(order.ban.who.key);
    else notePut(action.state, family, order.ban);
  }
  return true;
}

/** Bans of before this start, carried out first of all (engine.md §5.4): what an earlier run left in the kernel is taken over. */
export function* restore(action: ActionAtWork, bans: readonly Ban[]): Procedure<readonly Result[]> {
  const rest: Ban[] = [];
  const families: readonly Family[] =
    action.definition.conditional.size === 0 ? [""] : ["", "inet4", "inet6", "inet4-net", "inet6-net"];
  for (const family of families) {
    const own = bansOf(action, family, bans);
    if (!(yield* takeOver(action, family, own))) rest.push(...own);
  }
  const results = yield* putAll(action, rest);
  return bans.map((ban) => results.get(ban) ?? DONE);
}

/** Carries out many bans: in batches where they fit. */
export function* putAll(action: ActionAtWork, bans: readonly Ban[]): Procedure<ReadonlyMap<Ban, Result>> {
  const results = new Map<Ban, Result>();
  const orders = bans.map((ban): TicketOrder => ({ kind: "ban", ban }));
  const batched = orders.filter((order) => fitsBatch(action, order));
  const outcomes = yield* runBatch(action, batched);
  for (const [index, order] of batched.entries()) results.set(order.ban, outcomes[index] ?? DONE);
  for (const order of orders) if (!results.has(order.ban)) results.set(order.ban, yield* single(action, order));
  return results;
}

/** Makes the family anew if it has bans or if something of it is left in the kernel. */
function* takeOver(action: ActionAtWork, family: Family, bans: readonly Ban[]): Procedure<boolean> {
  const { families, conditional } = action.definition;
  const isOwn = families.includes(family) || conditional.has(family); // another one would be the same environment by another name
  if (!isOwn || !remakesItself(action, family) || action.state.started.has(family)) return false;
  if (bans.length === 0 && !(action.definition.has("actioncheck") && (yield* isWhole(action, family, true))))
    return false;
  return (yield* restoreFamily(action, family, bans)).ok;
}

/** The regular check of `actioncheck_every`: asks quietly; a broken family is made whole with all its bans. One that stays broken is tried again next time. */
export function* watch(action: ActionAtWork): Procedure {
  for (const [family, ...twins] of familiesByCheck(action)) {
    if (family === undefined || (yield* isWhole(action, family, true))) continue;
    const repaired = yield* repair(action, family, true);
    if (!repaired || remakesItself(action, family)) continue;
    const bans = [family, ...twins].flatMap((one) => bansOf(action, one, action.bans()));
    yield* putAll(action, [...new Set(bans)]);
  }
  return DONE;
}
