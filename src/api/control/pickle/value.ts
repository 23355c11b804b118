/**
 * What pickles on the control socket may hold besides plain data (config-cli.md §5.3): addresses and exceptions, which travel as calls of Python
 * names. Nothing here is ever called: a call is a name with arguments.
 */
import type { Plain, Refusal, RefusalKind } from "../../../base/index.ts";

/** An address (or any other offender's id) in an answer: travels as a call of `builtins.str`, and is its text to everybody who reads it. */
export class Id {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A tuple in an answer; `Tuple` of `base` holds plain data only, this one addresses and exceptions too. */
export class Row {
  readonly items: readonly Answer[];
  constructor(...items: readonly Answer[]) {
    this.items = items;
  }
}

/** A Python exception as it travels: which class, made of what. */
export class Raised {
  readonly module: string;
  readonly name: string;
  readonly args: readonly Plain[];
  constructor(module: string, name: string, args: readonly Plain[]) {
    this.module = module;
    this.name = name;
    this.args = args;
  }
}

/** Whatever the server may put into a reply. */
export type Answer = Plain | Id | Row | Raised | readonly Answer[] | ReadonlyMap<string, Answer>;

/** Where the exceptions live that are not Python's own. */
const MODULES: Partial<Readonly<Record<RefusalKind, string>>> = {
  UnknownJailException: "fail2ban.exceptions",
  DuplicateJailException: "fail2ban.exceptions",
  RegexException: "fail2ban.server.failregex",
};

/** @returns the exception by which a client learns of `refusal`. */
export function raisedOf(refusal: Refusal): Raised {
  return new Raised(MODULES[refusal.kind] ?? "builtins", refusal.kind, refusal.args);
}
