/**
 * How long somebody is shut out, known before the ban is carried out (engine.md §5.5 "ban found", §5.6).
 *
 * The original bans first and lengthens the ban later, from another thread; here `<bantime>` and `<bancount>` are the true ones at once.
 */
import {
  endOf,
  FOREVER,
  type Ban,
  type Fields,
  type Instant,
  type Match,
  type Said,
  type Span,
  type Who,
} from "../../base/index.ts";
import { nextLength, retryBoost } from "../ban/index.ts";
import { say, when } from "../report/index.ts";
import type { Counted } from "../tally/index.ts";
import type { JailSettings } from "./settings.ts";
import type { History, JailWorld } from "./world.ts";

export interface Sentence {
  readonly ban: Ban;
  /** What is said of it after "Ban". */
  readonly said: readonly Said[];
  /** It is no news to the store: the failure is older than the ban that it knows. */
  readonly known: boolean;
  /** The ban lasts as long as the jail says, and changes with it. */
  readonly plain: boolean;
}

export function passSentence(settings: JailSettings, counted: Counted, world: JailWorld): Sentence {
  const { name, ban: rules } = settings;
  const first = new Passed(name, counted, rules.bantime, 1);
  const history = earlierBans(settings, counted.who, world);
  if (history === null || rules.bantime === FOREVER || history.count < 1)
    return { ban: first, said: [], known: false, plain: true };
  const { lasts, trouble } = nextLength(rules, rules.bantime, history.count, world.random);
  const ban = new Passed(name, counted, lasts, history.count + 1);
  if (trouble !== null) return { ban, said: [say.noLength(name, ban.who.key, trouble)], known: false, plain: true };
  const known = counted.since <= history.since;
  const said = known
    ? []
    : [say.isBad(name, ban.who.key, history.count, when(world.zone, history.since), rules.bantime, lasts)];
  // Also a shorter one: `maxtime` and multipliers may cut a known offender's ban below the jail's.
  if (lasts !== rules.bantime) said.push(say.increaseBan(name, ban.who.key, ban.count, lasts, endText(ban, world)));
  return { ban, said, known, plain: false };
}

/** The ban of somebody who has been counted; his lines are unpacked when asked for. */
class Passed implements Ban {
  readonly jail: string;
  readonly who: Who;
  readonly since: Instant;
  readonly lasts: Span;
  readonly count: number;
  readonly failures: number;
  readonly restored = false;
  readonly #counted: Counted;

  constructor(jail: string, counted: Counted, lasts: Span, count: number) {
    this.jail = jail;
    this.who = counted.who;
    this.since = counted.since;
    this.lasts = lasts;
    this.count = count;
    this.failures = counted.failures;
    this.#counted = counted;
  }

  get matches(): readonly Match[] {
    return this.#counted.matches;
  }

  get fields(): Fields {
    return this.#counted.fields;
  }
}

/** Earlier bans, where the jail lengthens bans for them; else null. */
export function earlierBans(settings: JailSettings, who: Who, world: JailWorld): History | null {
  if (!settings.ban.increment || !world.remembers) return null;
  return world.history(who, settings.ban.overalljails ? null : settings.name);
}

function endText(ban: { readonly since: Instant; readonly lasts: Span }, world: JailWorld): string {
  return ban.lasts < 0 ? "infinite" : when(world.zone, endOf(ban));
}

/**
 * A failure of somebody who was banned before counts as several (engine.md §5.5 "failure found").
 * @returns as how many, and after how many bans; null when it counts as one.
 */
export function boostFor(
  settings: JailSettings,
  failure: { readonly who: Who; readonly at: Instant },
  world: JailWorld,
): { readonly by: number; readonly earlier: number } | null {
  if (!settings.ban.increment || !world.remembers) return null;
  const history = world.history(failure.who, settings.name);
  if (history === null || failure.at <= history.since) return null;
  const by = retryBoost(history.count, settings.maxretry);
  return by <= 1 ? null : { by, earlier: history.count };
}
