/** What the fold of a stream refused → issues with the place of the value: the second half of `-t`. */
import { pythonRepr, type Issue, type Place } from "../../base/index.ts";
import type { FoldedRefusal } from "../../core/jail/index.ts";
import type { StreamCommand } from "./stream.ts";

/** @param refusals of exactly these commands */
export function refusalIssues(commands: readonly StreamCommand[], refusals: readonly FoldedRefusal[]): Issue[] {
  return refusals.map(({ index, item, jail, refusal }) => {
    const command = commands[index];
    const message = `${wordOf(command)}: ${refusal.message}`;
    return {
      level: "error",
      at: placeOf(command, item),
      message,
      ...(jail === null ? {} : { jail }),
      remedy: REMEDIES[refusal.kind] ?? "correct the value",
    };
  });
}

const REMEDIES: Readonly<Record<string, string>> = {
  NameError: "write a duration such as 10m, 1h 30m or 86400",
  SyntaxError: "write a duration such as 10m, or a correct expression",
  RegexException: "correct the expression; fail2ban-regex shows what it matches",
  LookupError: "name an encoding such as utf-8 or latin1, or auto",
  DuplicateJailException: "give the jails different names",
};

function wordOf(command: StreamCommand | undefined): string {
  const [verb, first, second] = command?.words ?? [];
  const word = verb === "set" && command?.words.length === 3 ? first : verb === "add" ? "backend" : second;
  return typeof word === "string"
    ? word.replace(/^add(?=failregex|ignoreregex|ignoreip|logpath|journalmatch|action)/, "")
    : pythonRepr(verb ?? null);
}

function placeOf(command: StreamCommand | undefined, item: number | null): Place | null {
  return (item === null ? undefined : command?.items?.[item]) ?? command?.at ?? null;
}
