/**
 * A ban as one line of a batch (`actionbatch_…`): read by `nft -f -` or `ipset restore`, by no shell. So nothing is escaped here;
 * a value that is not plainly a number, a word or an address has no line, and that ban goes by the single command.
 *
 * A batch stands in for a command only where the command contains the batch's line: who writes an `actionban` of his own into a
 * `.local` file gets what he wrote.
 */
import type { Ban } from "../../base/index.ts";
import { type Family, NET_FAMILIES } from "./family.ts";
import type { ActionAtWork } from "./state.ts";
import { DYNAMIC_TAGS, tagReader } from "./tags.ts";

export type LineKind = "ban" | "restore" | "unban";

const STRICT = /^(?:-?\d{1,20}(?:\.\d{1,20})?|[0-9A-Za-z.:/_][0-9A-Za-z.:/_-]{0,99})$/;

/** Tags whose text we make ourselves; it may be empty or hold a blank. */
const OWN_TAGS = new Set(DYNAMIC_TAGS.filter((tag) => tag.ours).map((tag) => tag.name));

/** @returns the command that reads batches for this family; empty when the action has none. */
export function batchCommand(action: ActionAtWork, family: Family): string {
  const text = action.definition.text("actionbatch", family);
  return text.ok ? text.text.trim() : "";
}

/** @returns the script that prints the orders for a new environment; empty when this action cannot be made anew in a batch. */
export function batchStart(action: ActionAtWork, family: Family): string {
  return batchCommand(action, family) === "" ? "" : standsIn(action, "actionbatch_start", "actionstart", family);
}

/** @returns the order as a line (without line feed), or null when this ban cannot go in a batch. */
export function batchLine(action: ActionAtWork, kind: LineKind, family: Family, ban: Ban): string | null {
  if (ban.who.address === null || batchCommand(action, family) === "") return null;
  const template = templateOf(action, kind, family);
  if (template === "") return null;
  const read = tagReader({ ban, family, now: action.now(), source: action.source });
  let strict = true;
  const line = template.replace(/<([^ <>]+)>/g, (tag: string, name: string) => {
    const value = read(name) ?? tag;
    if (!OWN_TAGS.has(name) && !STRICT.test(value)) strict = false;
    return value;
  });
  return strict ? line : null;
}

function templateOf(action: ActionAtWork, kind: LineKind, family: Family): string {
  if (kind === "unban") return standsIn(action, "actionbatch_unban", "actionunban", family);
  const ban = standsIn(action, "actionbatch_ban", "actionban", family);
  if (kind === "ban" || ban === "") return ban;
  const restore = action.definition.text("actionbatch_restore", family);
  return restore.ok && restore.text.trim() !== "" ? restore.text.trim() : ban;
}

/** The batch's text where the command visibly contains it, else nothing. */
function standsIn(action: ActionAtWork, batchWord: string, word: string, family: Family): string {
  const batch = action.definition.text(batchWord, family);
  const single = action.definition.text(word, family);
  if (!batch.ok || !single.ok) return "";
  const text = batch.text.trim();
  return text !== "" && single.text.includes(text) ? text : "";
}

/** The lines that ban or unban, with what a network among networks brings along (cover.ts). Null: not by batch. */
export function linesOf(action: ActionAtWork, kind: LineKind, family: Family, ban: Ban): readonly string[] | null {
  const line = batchLine(action, kind, family, ban);
  if (line === null || !NET_FAMILIES.includes(family)) return line === null ? null : [line];
  const { cover } = action.state;
  const change = kind === "unban" ? cover.unban(family, ban) : cover.ban(family, ban);
  const drop = change.drop.map((other) => (other === ban ? line : batchLine(action, "unban", family, other)));
  const add = change.add.map((other) => (other === ban ? line : batchLine(action, "ban", family, other)));
  return [...drop, ...add].filter((text) => text !== null);
}
