/** What the fold of a stream refused → issues with the place of the value: the second half of `-t`. */
import { pythonRepr, type Issue, type Place, type Refusal } from "../../base/index.ts";
import type { FoldedRefusal } from "../../core/jail/index.ts";
import type { StreamCommand } from "./stream.ts";

/** @param refusals of exactly these commands */
export function refusalIssues(commands: readonly StreamCommand[], refusals: readonly FoldedRefusal[]): Issue[] {
  const refused = new Set(refusals.flatMap(({ index, jail }) => (commands[index]?.words[0] === "add" ? [jail] : [])));
  // That a jail is not there follows from an earlier mistake, and would only hide it.
  const causes = refusals.filter(
    ({ jail, refusal }) => !(refusal.kind === "UnknownJailException" && refused.has(jail)),
  );
  return causes.map(({ index, item, jail, refusal }) => {
    const command = commands[index];
    const message = `${wordOf(command)}: ${refusal.message}`;
    return {
      level: "error",
      at: placeOf(command, item),
      message,
      ...(jail === null ? {} : { jail }),
      remedy: remedyFor(command, refusal),
    };
  });
}

function remedyFor(command: StreamCommand | undefined, { kind, message }: Refusal): string {
  if (command?.words[0] === "add" && kind !== "DuplicateJailException")
    return "write auto, systemd, pyinotify or polling";
  if (/^Action .* already exists$/s.test(message)) return "give one of them another name: actname=…";
  return REMEDIES[kind] ?? "correct the value";
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
  return (item === null ? undefined : command?.itemAt?.(item)) ?? command?.at ?? null;
}
