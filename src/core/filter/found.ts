/** What a line turned out to be: a failure of somebody known, or of a host name whose addresses must be asked first. */
import type { Fields, Instant, Match, Who } from "../../base/index.ts";
import type { GroupValue } from "../pattern/index.ts";
import { KNOWN, type Captures } from "./groups.ts";
import type { Identity } from "./identify.ts";

export class Found {
  /** The offender; null when only a name is known. */
  readonly who: Who | null;
  readonly name: string | null;
  /** False: what was captured as an address is none; `who` is its text and can be no offender. */
  readonly isAddress: boolean;
  /** Null only where dates are not checked. */
  readonly at: Instant | null;
  readonly matches: readonly Match[];
  /** Which failregex, from 0. */
  readonly rule: number;
  readonly #captures: Captures;
  readonly #users: readonly string[] | null;

  constructor(
    identity: Exclude<Identity, { is: "pending" }>,
    at: Instant | null,
    matches: readonly Match[],
    rule: number,
    captures: Captures,
    users: readonly string[] | null,
  ) {
    this.who =
      identity.is === "who" ? identity.who : identity.is === "name" ? null : { key: identity.text, address: null };
    this.name = identity.is === "name" ? identity.name : null;
    this.isAddress = identity.is !== "no address";
    this.at = at;
    this.matches = matches;
    this.rule = rule;
    this.#captures = captures;
    this.#users = users;
  }

  /** Groups that took part. To be asked for before the next line is read: the captures of a session grow with its lines. */
  get fields(): Fields {
    return this.#captures.fields(this.#users);
  }

  /** It matched and says that it is no failure; likewise. */
  get isQuiet(): boolean {
    return this.#captures.holds(KNOWN.nofail);
  }

  /** What one group captured; likewise. */
  captured(name: string): GroupValue | undefined {
    return this.#captures.get(name);
  }

  /** Everything captured, groups that took no part too; likewise. */
  get groups(): ReadonlyMap<string, GroupValue> {
    return this.#captures.entries();
  }
}

export const NOTHING_FOUND: readonly Found[] = [];
