/** What is in the journal now, once and to its end: for `fail2ban-regex` (engine.md §7.6, config-cli.md §8.3). Follows nothing. */
import type { Entry, Zone } from "../../base/index.ts";
import {
  matchArguments,
  parseFields,
  renderEntry,
  RENDERED_FIELDS,
  type Encoding,
  type MatchGroup,
} from "../../core/line/index.ts";
import { JournalChild } from "./journalchild.ts";
import { placeArguments, type JournalPlace } from "./journalplace.ts";

export interface JournalRead {
  readonly place: JournalPlace;
  /** None: every entry. */
  readonly matches: readonly MatchGroup[];
  /** For values that are not UTF-8. */
  readonly encoding: Encoding;
  readonly zone: Zone;
  readonly command?: string;
}

/**
 * Entries from the oldest to the youngest, as they come together; no more are read while the last ones are worked on.
 * @returns (as the generator's value) why it ended early, or null
 */
export async function* readJournal(read: JournalRead): AsyncGenerator<readonly Entry[], string | null> {
  const where = placeArguments(read.place);
  if (where === null) return "there are no journal files";
  const fields = new Set([...RENDERED_FIELDS, ...read.matches.flatMap((group) => [...group.keys()])]);
  const waiting: (readonly string[])[] = [];
  let ended: { readonly reason: string | null } | null = null;
  let wake = (): void => {};
  const matches = read.matches.length === 0 ? [] : ["--", ...matchArguments(read.matches)];
  const args = ["--output=json", "--all", "--no-pager", "--quiet", `--output-fields=${[...fields].join(",")}`];
  const child = new JournalChild(read.command ?? "journalctl", [...args, ...where, ...matches], {
    onLines: (lines) => {
      waiting.push(lines);
      child.pause();
      wake();
    },
    onTooLong: () => {},
    onEnd: (reason) => {
      ended = { reason };
      wake();
    },
  });
  const outcome = (): { readonly reason: string | null } | null => ended;
  try {
    for (;;) {
      const lines = waiting.shift();
      if (lines !== undefined) {
        yield entriesOf(lines, read);
        continue;
      }
      const end = outcome();
      if (end !== null) return end.reason;
      const next = new Promise<void>((resolve) => (wake = resolve));
      child.resume();
      await next;
    }
  } finally {
    child.kill();
  }
}

function entriesOf(lines: readonly string[], { encoding, zone }: JournalRead): Entry[] {
  return lines.flatMap((line) => {
    const fields = parseFields(line);
    return fields === null ? [] : [renderEntry(fields, encoding, zone)];
  });
}
