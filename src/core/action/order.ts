/** What a procedure asks the hand to do, and what it hears back. Procedures are generators: they decide, `daemon/hand.ts` acts. */
import type { Said, Span } from "../../base/index.ts";

/** A shell script and the values that it must not contain: they travel as positional parameters, from `$0` on (engine.md §6.7). */
export interface Script {
  readonly text: string;
  readonly values: readonly string[];
}

export type Order =
  /** Runs one script; with `input`, its standard input is fed from that text. */
  | {
      readonly do: "run";
      readonly script: Script;
      readonly input: string | null;
      readonly timeout: Span;
      /** A question, whose "no" is an answer and no failure: nothing of it is logged above DEBUG. */
      readonly quiet: boolean;
    }
  | { readonly do: "say"; readonly said: Said };

/** How a script ended. After "say" the answer means nothing. */
export interface Outcome {
  readonly ok: boolean;
}

/** What a procedure came to; the message is what the log puts after the colon. */
export type Result = { readonly ok: true } | { readonly ok: false; readonly message: string };

export type Procedure<Value = Result> = Generator<Order, Value, Outcome>;

export const DONE: Result = { ok: true };

export function failed(message: string): Result {
  return { ok: false, message };
}

export function* runScript(
  script: Script,
  timeout: Span,
  options: { readonly input?: string; readonly quiet?: boolean } = {},
): Procedure<boolean> {
  const outcome = yield { do: "run", script, input: options.input ?? null, timeout, quiet: options.quiet ?? false };
  return outcome.ok;
}

export function* say(said: Said): Procedure<void> {
  yield { do: "say", said };
}
