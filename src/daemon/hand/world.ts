/** What a hand is given of the world: the same for all actions of a jail but for nothing. */
import type { Ban, Clock, Said, Span, Who } from "../../base/index.ts";
import {
  DONE,
  type ActionSettings,
  type HostNames,
  type JailEpoch,
  type Result,
  type TagSource,
} from "../../core/action/index.ts";
import type { Resolver, Runner } from "../../io/firewall/index.ts";
import type { Locks } from "./lock.ts";

export interface HandWorld {
  readonly jail: string;
  readonly runner: Runner;
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly log: (said: Said) => void;
  readonly locks: Locks;
  /** Shared by the actions of one jail. */
  readonly epoch: JailEpoch;
  readonly hosts: HostNames;
  readonly ipv6: boolean;
  /** What tags ask for; reverse names are the hand's own business. */
  readonly source: Omit<TagSource, "hostOf" | "jail">;
  /** The jail's bans in force: with them an environment that somebody destroyed is made anew. */
  bans(): Iterable<Ban>;
  /** One of them; null when he is not banned any more. */
  banOf(who: Who): Ban | null;
}

/** One action of one jail at run time. Everything is done in the order of the calls; answers never throw. */
export interface Hand {
  readonly name: string;
  /** Epoch of its environment; bans carried out before it have to be carried out again with `reban` (engine.md §5.8). */
  readonly epoch: number;
  start(): Promise<Result>;
  ban(ban: Ban): Promise<Result>;
  unban(ban: Ban): Promise<Result>;
  prolong(ban: Ban): Promise<Result>;
  reban(ban: Ban): Promise<Result>;
  /** Bans of before this start, all together; what an earlier run left in the kernel is taken over. */
  restore(bans: readonly Ban[]): Promise<readonly Result[]>;
  /** Lifts all these bans: by one command where the action has one. */
  flush(bans: readonly Ban[], stopping: boolean): Promise<void>;
  stop(): Promise<Result>;
  /** For a restart: leaves what is in the kernel to the next start. False: this action cannot, flush and stop it. */
  leave(): Promise<boolean>;
  reload(settings: ActionSettings): Promise<Result>;
  /** Somebody banned fails again, `later` seconds after the failure that banned him: is the environment whole, is he still in it? */
  doubt(who: Who, later: Span): Promise<Result>;
  /** Looks at the environment and repairs it. */
  check(): Promise<Result>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

/** The answer where an order needs nothing: known at once, it need not be waited for. Most orders of those who are banned and go on are such. */
export const NOTHING_TO_DO: Promise<Result> = Promise.resolve(DONE);
