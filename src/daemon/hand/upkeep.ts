/**
 * What an action does unasked while it is started: looks whether its environment still stands (`actioncheck_every`), and orders
 * again, in time, bans that the kernel cannot remember as long as they last (`actionkernel_max`).
 */
import type { Ban, Cancel, Clock, Span } from "../../base/index.ts";
import { type ActionAtWork, kernelSpan } from "../../core/action/index.ts";

export interface Upkeep {
  readonly clock: Clock;
  readonly checkEvery: Span;
  readonly kernelMax: Span;
  check(): Promise<unknown>;
  rearm(): void;
}

/** Starts the rounds; a round begins when the one before has ended. @returns how to stop them. */
export function keepUp(upkeep: Upkeep): Cancel {
  const { clock, checkEvery, kernelMax } = upkeep;
  let over = false;
  const alarms = new Map<string, Cancel>();
  const again = (what: string, span: Span, run: () => Promise<unknown>): void => {
    if (over || span <= 0) return;
    const ring = (): void => void run().then(() => again(what, span, run));
    alarms.set(what, clock.at(clock.now() + span, ring));
  };
  again("check", checkEvery, () => upkeep.check());
  again("rearm", kernelMax / 2, () => Promise.resolve(upkeep.rearm()));
  return () => {
    over = true;
    for (const cancel of alarms.values()) cancel();
  };
}

/** Bans of which the kernel knows less than is left of them, or will before the next round. */
export function* outlasting(action: ActionAtWork): Generator<Ban> {
  for (const ban of action.bans()) {
    const span = kernelSpan(ban, action.now());
    if (span !== null && span > action.definition.kernelMax / 2) yield ban;
  }
}
