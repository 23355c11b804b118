/** What a jail is told of the world, as functions that answer at once. What takes time is asked by an effect instead. */
import type { Address, Ban, Instant, Span, Who, Zone } from "../../base/index.ts";
import type { Templates } from "../date/index.ts";
import type { IgnoreWorld } from "../filter/index.ts";

/** What the store knows of earlier bans. */
export interface History {
  readonly count: number;
  /** Time of the last ban. */
  readonly since: Instant;
  readonly lasts: Span;
}

export interface JailWorld extends IgnoreWorld {
  readonly zone: Zone;
  /** The year in which the program began: dates far from it are none. */
  readonly thisYear: number;
  /** Date templates, compiled once for all jails; they count their hits together. */
  readonly templates: Templates;
  /** Whether bans are remembered at all; without it `bantime.increment` does nothing. */
  readonly remembers: boolean;
  /** The machine's encoding, for `logencoding = auto`. */
  readonly encoding: string;
  /** Earlier bans in this jail, or with null in all jails. */
  history(who: Who, jail: string | null): History | null;
  /** What the address is to this machine (its gateway, its own network), for a sentence with "is"; null: a stranger. */
  near(address: Address): string | null;
  /** A fraction from 0 up to 1. */
  random(): number;
  /** Fills the run-time tags of `text` with the values of a failure: for the key of `ignorecache`. */
  fill(text: string, failure: Ban): string;
}
