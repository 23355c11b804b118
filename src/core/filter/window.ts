/**
 * The lines that are searched together (`maxlines`), and which of them a match took (engine.md §1.4, §2.4).
 */
import type { Match as PatternMatch } from "../pattern/index.ts";
import { messageOf, type CutLine } from "./groups.ts";

/** The searched text: every line's message with a line feed; it always ends in one. */
export function searchText(lines: readonly CutLine[]): string {
  let text = "";
  for (const line of lines) text += `${messageOf(line)}\n`;
  return text;
}

export interface Split {
  readonly matched: readonly CutLine[];
  readonly unmatched: readonly CutLine[];
}

/** Cuts the searched lines into those that the match lies on and the rest; lines under `<SKIPLINES>` go back to the rest. */
export function splitByMatch(lines: readonly CutLine[], match: PatternMatch, groups: readonly string[]): Split {
  if (lines.length === 1) return { matched: lines, unmatched: [] };
  const text = searchText(lines);
  const first = lineAt(text, match.start);
  const last = Math.max(first, lineAt(text, Math.max(match.start, match.end - 1), true));
  const matched = lines.slice(first, last + 1);
  const skipped: CutLine[] = [];
  for (const name of groups) {
    const captured = name.startsWith("skiplines") ? match.get(name) : undefined;
    for (const message of captured === undefined ? [] : captured.split("\n").slice(0, -1)) {
      const at = matched.findIndex((line) => messageOf(line) === message);
      if (at >= 0) skipped.push(...matched.splice(at, 1));
    }
  }
  return { matched, unmatched: [...lines.slice(0, first), ...skipped, ...lines.slice(last + 1)] };
}

/** Index of the line on which `offset` stands; a match that starts on a line feed belongs to the line after it. */
function lineAt(text: string, offset: number, isEnd = false): number {
  const before = text.slice(0, isEnd || text[offset] !== "\n" ? offset : offset + 1);
  let count = 0;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) count += 1;
  return count;
}
