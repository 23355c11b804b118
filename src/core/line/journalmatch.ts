/**
 * `journalmatch`: words → groups, and whether an entry meets them (engine.md §7.6).
 *
 * Within a group different fields are AND-ed and several values of one field OR-ed; groups are OR-ed. Every word goes on to
 * journalctl as it is, and is asked again here, because one reader serves many jails.
 */
import type { FieldText, JournalFields } from "./entry.ts";

/** One AND-group: field → accepted values. */
export type MatchGroup = ReadonlyMap<string, readonly string[]>;

/** Words of all matches of one jail; beyond it the rest is refused like a bad word. */
const WORDS_LIMIT = 1000;

/**
 * @param lines or-ed lines of words `FIELD=value`, in which `+` begins another group
 * @returns groups, or the first word that journald would not accept
 */
export function parseMatches(
  lines: readonly (readonly string[])[],
): { readonly groups: readonly MatchGroup[] } | { readonly bad: string } {
  const groups: MatchGroup[] = [];
  let words = 0;
  for (const line of lines) {
    words += line.length;
    const read = words > WORDS_LIMIT ? { bad: line.at(-1) ?? "" } : parseLine(line);
    if ("bad" in read) return read;
    groups.push(...read.groups);
  }
  return { groups };
}

function parseLine(line: readonly string[]): { readonly groups: readonly MatchGroup[] } | { readonly bad: string } {
  const groups: Map<string, string[]>[] = [];
  let group = new Map<string, string[]>();
  for (const word of [...line, "+"]) {
    if (word === "+") {
      if (group.size > 0) groups.push(group);
      group = new Map();
      continue;
    }
    const parts = /^((?!__)[A-Z0-9_]{1,64})=([^\0]*)$/s.exec(word);
    const [field, value] = [parts?.[1], parts?.[2]];
    if (field === undefined || value === undefined) return { bad: word };
    group.set(field, [...(group.get(field) ?? []), value]);
  }
  return { groups };
}

/** Whether the entry meets one of the groups; no group at all: every entry does. */
export function meetsMatches(groups: readonly MatchGroup[], fields: JournalFields): boolean {
  if (groups.length === 0) return true;
  for (const group of groups) if (meetsGroup(group, fields)) return true;
  return false;
}

/** The same groups as arguments of journalctl, joined by `+`. */
export function matchArguments(groups: readonly MatchGroup[]): readonly string[] {
  return groups.flatMap((group, i) => {
    const words = [...group].flatMap(([field, values]) => values.map((value) => `${field}=${value}`));
    return i === 0 ? words : ["+", ...words];
  });
}

function meetsGroup(group: MatchGroup, fields: JournalFields): boolean {
  for (const [field, values] of group) {
    const found = fields.get(field);
    if (found === undefined || !found.some((value) => values.includes(bytesText(value)))) return false;
  }
  return true;
}

/** A match is compared byte by byte; the configuration's text is UTF-8. */
function bytesText(value: FieldText): string {
  return typeof value === "string" ? value : Buffer.from(value.bytes, "latin1").toString("utf8");
}
