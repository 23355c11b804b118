/**
 * The table of what an action may define (engine.md §6.1), and our own additions to it. Every other property is a parameter: a
 * static tag. Help, man page and the checks of the configuration read this list.
 *
 * The additions stand in `[Init]`, whose keys the original takes for parameters: they do not disturb it.
 */

export interface ActionOption {
  readonly word: string;
  readonly kind: "command" | "switch" | "span" | "list" | "number" | "text";
  /** As written; null: unset. */
  readonly default: string | null;
  readonly meaning: string;
  /** Not known to the original. */
  readonly ours: boolean;
}

function row(
  word: string,
  kind: ActionOption["kind"],
  fallback: string | null,
  meaning: string,
  ours = false,
): ActionOption {
  return { word, kind, default: fallback, meaning, ours };
}

export const ACTION_OPTIONS: readonly ActionOption[] = [
  row(
    "actionstart",
    "command",
    "",
    "once per started family: at the jail's start, or on demand before the first ban of that family",
  ),
  row(
    "actionstart_on_demand",
    "switch",
    null,
    "start a family at its first ban; unset: yes if any conditional (`?family=…`) property exists",
  ),
  row("actionstop", "command", "", "per started family: jail stop, removal of the action, and as part of a repair"),
  row("actionflush", "command", "", "instead of all single unbans"),
  row("actionreload", "command", "", "after parameters were set again by a reload"),
  row(
    "actioncheck",
    "command",
    "",
    "after another command of the action failed, when somebody banned fails again, and after a repair",
  ),
  row("actionrepair", "command", "", "instead of stop and start when the check fails"),
  row("actionrepair_on_unban", "switch", null, "allow a repair when an unban or a flush failed"),
  row("actionban", "command", "", "per ban"),
  row("actionprolong", "command", null, "per ban whose time has grown"),
  row("actionreban", "command", "", "per ban carried out again after a repair; empty: actionban"),
  row("actionunban", "command", "", "per ban that ends: expiry, manual unban, stop without a flush"),
  row("norestored", "switch", null, "skip bans that are only restored after a restart"),
  row("timeout", "span", "60", "per command, in seconds"),
  row("families", "list", null, "address families to start; unset: by the conditional properties"),
  row(
    "actionbatch",
    "command",
    null,
    "a command that reads orders on its standard input, like `nft -f -` or `ipset restore`; an actionstart of the form `{ … } | <actionbatch>` goes in one with them",
    true,
  ),
  row(
    "actionbatch_ban",
    "text",
    null,
    "one order that bans; used where actionban (actionreban, actionprolong) contains it",
    true,
  ),
  row(
    "actionbatch_restore",
    "text",
    null,
    "a cheaper order that bans in an environment made in the same batch; unset: actionbatch_ban",
    true,
  ),
  row("actionbatch_restore_head", "text", null, "a line before all orders of actionbatch_restore in one batch", true),
  row("actionbatch_restore_tail", "text", null, "a line after them", true),
  row(
    "actionbatch_unban",
    "text",
    null,
    "one order that unbans, whether or not the address is banned; used where actionunban contains it",
    true,
  ),
  row("actionbatch_max", "number", "100000", "orders in one batch; more go into the next one", true),
  row(
    "actioncheck_every",
    "span",
    "0",
    "seconds between checks of a started action; a broken environment is repaired with all its bans; 0: never",
    true,
  ),
  row(
    "actionlock",
    "text",
    null,
    "actions with the same value, in whatever jail, never run commands at the same time",
    true,
  ),
  row(
    "actionkernel_max",
    "span",
    "0",
    "longest time in seconds that the kernel remembers a ban; longer ones are ordered again in time; 0: no limit",
    true,
  ),
];

const WORDS = new Map(ACTION_OPTIONS.map((option) => [option.word, option]));

export function actionOption(word: string): ActionOption | null {
  return WORDS.get(word) ?? null;
}

/** Whether a switch is on: the original's true words, and what the server is sent for them. */
export function isOn(value: string): boolean {
  return /^(1|on|true|yes)$/i.test(value.trim());
}
