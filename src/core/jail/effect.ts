/** What goes into a jail and what comes out of it: closed lists, which `daemon/perform.ts` carries out. */
import type { Address, Ban, Chunk, Entry, Instant, Plain, Refusal, Said, Span, Who } from "../../base/index.ts";
import type { JailSettings } from "./settings.ts";

export type Input =
  | { readonly is: "chunk"; readonly chunk: Chunk }
  | { readonly is: "entries"; readonly entries: readonly Entry[]; readonly live: boolean }
  /** The alarm that the jail asked for. */
  | { readonly is: "wake" }
  | { readonly is: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly is: "settings"; readonly settings: JailSettings }
  /** Bans that the store remembers, at the jail's start. */
  | { readonly is: "restore"; readonly bans: readonly Ban[] }
  | { readonly is: "attempt"; readonly who: Who; readonly lines: readonly string[] }
  | { readonly is: "banip"; readonly who: readonly Who[] }
  /** Replies with the number lifted; `reportAbsent` makes absent ones a refusal. */
  | { readonly is: "unbanip"; readonly who: readonly Who[]; readonly reportAbsent: boolean }
  | { readonly is: "unban all" }
  /** The jail ends: bans are lifted from the firewall and stay in the store. */
  | { readonly is: "stop" };

export type Effect =
  | { readonly do: "say"; readonly said: Said }
  | { readonly do: "ban"; readonly ban: Ban }
  | { readonly do: "restore"; readonly bans: readonly Ban[] }
  | { readonly do: "unban"; readonly ban: Ban }
  /** An active ban has grown. */
  | { readonly do: "prolong"; readonly ban: Ban }
  /** Somebody banned fails again, `later` seconds after the failure that banned him: is the firewall still whole? */
  | { readonly do: "doubt"; readonly who: Who; readonly later: Span }
  | { readonly do: "flush"; readonly bans: readonly Ban[]; readonly stopping: boolean }
  | { readonly do: "remember"; readonly ban: Ban }
  /** Removes an offender from the store, or with null all of this jail. */
  | { readonly do: "forget"; readonly who: Who | null }
  | { readonly do: "ask"; readonly id: number; readonly question: Question }
  /** One alarm a jail: the last one asked for holds; null: none. */
  | { readonly do: "wake"; readonly at: Instant | null }
  | { readonly do: "reply"; readonly value: Plain | Refusal };

/** What only the world can tell. */
export type Question =
  | { readonly of: "addresses"; readonly name: string }
  | { readonly of: "ignorecommand"; readonly command: string; readonly failure: Ban };

export type Answer =
  | { readonly of: "addresses"; readonly addresses: readonly Address[]; readonly failed: string | null }
  /** Whether the command says "ignore"; a command that failed says no. */
  | { readonly of: "ignorecommand"; readonly ignore: boolean };
