/**
 * A ban as one line of a batch (`actionbatch_…`): read by `nft -f -` or `ipset restore`, by no shell. So nothing is escaped here;
 * a value that is not plainly a number, a word or an address has no line, and that ban goes by the single command.
 *
 * A batch stands in for a command only where the command contains the batch's line: who writes an `actionban` of his own into a
 * `.local` file gets what he wrote.
 */
import type { Ban } from "../../base/index.ts";
import { usesTag } from "./dynamic.ts";
import { type Family, NET_FAMILIES } from "./family.ts";
import type { ActionAtWork } from "./state.ts";
import { DYNAMIC_TAGS, tagReader } from "./tags.ts";

/** What a line is for; "restore" is a ban in an environment made in the same batch. */
export type LineKind = "ban" | "reban" | "prolong" | "restore" | "unban";

const STRICT = /^(?:-?\d{1,20}(?:\.\d{1,20})?|[0-9A-Za-z.:/_][0-9A-Za-z.:/_-]{0,99})$/;

/** Tags whose text we make ourselves; it may be empty or hold a blank. */
const OWN_TAGS = new Set(DYNAMIC_TAGS.filter((tag) => tag.ours).map((tag) => tag.name));

/** @returns the command that reads batches for this family; empty when the action has none. */
export function batchCommand(action: ActionAtWork, family: Family): string {
  return textOf(action, "actionbatch", family);
}

/**
 * An `actionstart` of the form `{ … } | <actionbatch>` makes its environment by a batch: what the braces print and the orders of a
 * batch can go to the command as one text.
 * @returns what stands between the braces; empty when this action cannot be made anew in a batch.
 */
export function batchStart(action: ActionAtWork, family: Family): string {
  const batch = batchCommand(action, family);
  const text = textOf(action, "actionstart", family);
  const end = `} | ${batch}`;
  return batch !== "" && text.startsWith("{") && text.endsWith(end) ? text.slice(1, -end.length).trim() : "";
}

/** Makes the order for one ban as a line (without line feed), or null when that ban cannot go in a batch. */
export type LineMaker = (ban: Ban) => string | null;

const NO_LINES: LineMaker = () => null;

/** Resolves everything that is the same for all bans of a batch once. */
export function lineMaker(action: ActionAtWork, kind: LineKind, family: Family): LineMaker {
  const template = batchCommand(action, family) === "" ? "" : templateOf(action, kind, family);
  if (template === "") return NO_LINES;
  const pieces = template.split(/<([^ <>]+)>/); // text and tag names in turn
  const { source } = action;
  const now = action.now();
  return (ban) => {
    if (ban.who.address === null) return null;
    const read = tagReader({ ban, family, now, source });
    let line = "";
    for (const [n, piece] of pieces.entries()) {
      const value = n % 2 === 0 ? piece : (read(piece) ?? `<${piece}>`);
      if (n % 2 === 1 && !OWN_TAGS.has(piece) && !STRICT.test(value)) return null;
      line += value;
    }
    return line;
  };
}

/** All orders of restored bans as the input of one batch. */
export function restoreInput(action: ActionAtWork, family: Family, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const framed = textOf(action, "actionbatch_restore", family) !== "";
  const frame = (word: string): string => (framed ? textOf(action, word, family) : "");
  return [frame("actionbatch_restore_head"), ...lines, frame("actionbatch_restore_tail"), ""]
    .filter((line, n, all) => line !== "" || n === all.length - 1)
    .join("\n");
}

/** One line; for many, make a `lineMaker`. */
export function batchLine(action: ActionAtWork, kind: LineKind, family: Family, ban: Ban): string | null {
  return lineMaker(action, kind, family)(ban);
}

function templateOf(action: ActionAtWork, kind: LineKind, family: Family): string {
  if (kind === "unban") return standsIn(action, "actionbatch_unban", "actionunban", family);
  if (kind === "prolong") return standsIn(action, "actionbatch_ban", "actionprolong", family);
  const own = kind === "reban" && textOf(action, "actionreban", family) !== "";
  const ban = standsIn(action, "actionbatch_ban", own ? "actionreban" : "actionban", family);
  return ban !== "" && kind === "restore" ? textOf(action, "actionbatch_restore", family) || ban : ban;
}

/** The batch's text where the command visibly contains it, else nothing. */
function standsIn(action: ActionAtWork, batchWord: string, word: string, family: Family): string {
  const batch = textOf(action, batchWord, family);
  return batch !== "" && textOf(action, word, family).includes(batch) ? batch : "";
}

function textOf(action: ActionAtWork, word: string, family: Family): string {
  const text = action.definition.text(word, family);
  return text.ok ? text.text.trim() : "";
}

/** Whether the kernel forgets this action's bans by itself, so that they may be left there. */
export function hasKernelTime(action: ActionAtWork, family: Family): boolean {
  return usesTag(templateOf(action, "restore", family), (tag) => OWN_TAGS.has(tag));
}

/**
 * The lines that ban or unban, in the stages in which they have to go out: one, or two where a network takes the place of others
 * (cover.ts). Null: not by batch.
 */
export function stagesOf(
  action: ActionAtWork,
  kind: LineKind,
  family: Family,
  ban: Ban,
): readonly (readonly string[])[] | null {
  const line = batchLine(action, kind, family, ban);
  if (line === null || !NET_FAMILIES.includes(family)) return line === null ? null : [[line]];
  const { cover } = action.state;
  const change = kind === "unban" ? cover.unban(family, ban) : cover.ban(family, ban);
  const linesFor = (bans: readonly Ban[], which: LineKind): readonly string[] =>
    bans
      .map((other) => (other === ban ? line : batchLine(action, which, family, other)))
      .filter((text) => text !== null);
  return [linesFor(change.drop, "unban"), linesFor(change.add, "ban")].filter((stage) => stage.length > 0);
}
