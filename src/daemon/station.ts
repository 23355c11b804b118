/** What all jails of one server share. */
import type { Clock, Instant, Said, Zone } from "../base/index.ts";
import type { HostNames } from "../core/action/index.ts";
import type { JailWorld } from "../core/jail/index.ts";
import type { Resolver, Runner } from "../io/firewall/index.ts";
import type { Follower, Journals } from "../io/source/index.ts";
import type { Store } from "../io/store/index.ts";
import type { Locks } from "./hand/lock.ts";

export interface Station {
  readonly clock: Clock;
  readonly zone: Zone;
  readonly say: (said: Said) => void;
  /** What was decided at that moment. */
  readonly sayAt: (said: Said, at: Instant) => void;
  /** Null: nothing is remembered. */
  store: Store | null;
  /** Lines remembered with a ban in the store. */
  dbmaxmatches: number;
  readonly follower: Follower;
  readonly journals: Journals;
  readonly resolver: Resolver;
  /** Runs the commands of actions; where nothing is to be enforced, it only says what it would run. */
  readonly runner: Runner;
  /** Runs commands that only ask: ignorecommand. */
  readonly asking: Runner;
  readonly locks: Locks;
  readonly world: JailWorld;
  readonly hosts: HostNames;
  ipv6: boolean;
}
