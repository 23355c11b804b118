/** Carries out what a jail decided: the one switch from effects to hands, store, log and clock. */
import type { Instant, Plain, Refusal } from "../base/index.ts";
import type { Effect } from "../core/jail/index.ts";
import type { Guard } from "./guard.ts";

/** What a jail answered to a command; undefined: nothing. */
export interface Answered {
  /** Whether somebody waits for this very input's answer; else it is a late answer to an earlier one. */
  readonly isCommand: boolean;
  value: Plain | Refusal | undefined;
}

export function perform(guard: Guard, effects: readonly Effect[], answered: Answered): void {
  const { clock, sayAt } = guard.station;
  // What was decided together is said at one time: nobody asks the clock for each line of a log under attack.
  let now: Instant | null = null;
  for (let at = 0; at < effects.length; at += 1) {
    const effect = effects[at];
    if (effect === undefined) continue;
    if (effect.do === "say") sayAt(effect.said, (now ??= clock.now()));
    else {
      carryOut(guard, effect, answered);
      now = null;
    }
  }
}

function carryOut(guard: Guard, effect: Exclude<Effect, { do: "say" }>, answered: Answered): void {
  switch (effect.do) {
    case "ban":
      return guard.eachHand((hand) => hand.ban(effect.ban));
    case "restore":
      return guard.eachHand((hand) => hand.restore(effect.bans));
    case "unban":
      return guard.eachHand((hand) => hand.unban(effect.ban));
    case "prolong":
      return guard.eachHand((hand) => hand.prolong(effect.ban));
    case "doubt":
      return guard.eachHand((hand) => hand.doubt(effect.who, effect.later));
    case "flush":
      return guard.eachHand((hand) => hand.flush(effect.bans, effect.stopping));
    case "remember":
      return guard.remember(effect.ban);
    case "forget":
      return guard.forget(effect.who);
    case "ask":
      return guard.ask(effect.id, effect.question);
    case "wake":
      return guard.wakeAt(effect.at);
    case "reply":
      if (answered.isCommand) answered.value = effect.value;
      else guard.replyLater(effect.value);
      return;
    default:
      return effect satisfies never;
  }
}
