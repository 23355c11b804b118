/** A failure of somebody known, on its way to being counted. */
import type { Ban, Fields, Instant, Match, Who } from "../../base/index.ts";
import type { Found } from "../filter/index.ts";
import type { Offence } from "../tally/index.ts";
import type { JailSettings } from "./settings.ts";

export class Candidate {
  readonly who: Who;
  readonly at: Instant;
  readonly matches: readonly Match[];
  /** Given by `attempt`: how often it counts, and it is answered; null: a line told of it. */
  readonly attempt: number | null;
  readonly attempts: number;
  readonly #found: Found | null;
  #fields: Fields | null = null;

  /** @param found the line's failure; null for one that was reported by hand */
  constructor(who: Who, at: Instant, matches: readonly Match[], found: Found | null, attempt: number | null) {
    this.who = who;
    this.at = at;
    this.matches = matches;
    this.attempt = attempt;
    this.attempts = attempt ?? 0;
    this.#found = found;
  }

  /** What was captured; worked out when first asked for, which must be before the next line is read. */
  get fields(): Fields {
    this.#fields ??= this.#found === null ? {} : this.#found.fields;
    return this.#fields;
  }

  /** The failure in a ban's form, as tags see it. */
  asBan(settings: JailSettings): Ban {
    const { who, at, matches, fields } = this;
    const lasts = settings.ban.bantime;
    return {
      jail: settings.name,
      who,
      since: at,
      lasts,
      count: 0,
      failures: this.attempt ?? 1,
      matches,
      fields,
      restored: false,
    };
  }
}

/** The same failure without its lines and fields, for the tally. */
export function bare({ who, at, attempts }: Candidate): Offence {
  return { who, at, matches: NO_LINES, fields: NO_FIELDS, attempts };
}

const NO_LINES: readonly Match[] = [];
const NO_FIELDS: Fields = {};

/** A failure that a line told of; it never lies in the future. */
export function candidateOf(found: Found, who: Who, now: Instant): Candidate {
  return new Candidate(who, Math.min(found.at ?? now, now), found.matches, found, null);
}
