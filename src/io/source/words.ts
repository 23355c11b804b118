/** Everything that the sources say in the log (engine.md §7.2–7.6; the rest is ours). A table of sentences: when to say them is decided elsewhere. */
import type { Level, Said } from "../../base/index.ts";
import { LINE_LIMIT } from "../../core/line/index.ts";

const said = (level: Level, logger: string, text: string): Said => ({ level, logger, text });

/** A path may come from a glob: its control characters must not reach the log. */
const clean = (path: string): string =>
  path.replaceAll(/[\0-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

export const words = {
  added: (path: string, offset: number, hash: string) =>
    said("INFO", "filter", `Added logfile: '${clean(path)}' (pos = ${offset}, hash = ${hash})`),
  removed: (path: string) => said("INFO", "filter", `Removed logfile: '${clean(path)}'`),
  rotated: (path: string, reason: string) =>
    said("MSG", "filter", `Log rotation detected for ${clean(path)}, reason: ${reason}`),
  replaced: (path: string) =>
    said("DEBUG", "filter", `Log ${clean(path)} was replaced by a copy of itself; going on at the same place`),
  unreadable: (path: string, reason: string) => said("ERROR", "filter", `Unable to open ${clean(path)}: ${reason}`),
  readable: (path: string) => said("NOTICE", "filter", `Log ${clean(path)} can be read again`),
  absent: (path: string, logger: string) =>
    said("MSG", logger, `Log absence detected (possibly rotation) for ${clean(path)}, reason: no such file`),
  present: (path: string, logger: string) => said("MSG", logger, `Log presence detected for file ${clean(path)}`),
  stillAbsent: (path: string, seconds: number) =>
    said(
      "WARNING",
      "filter",
      `Log ${clean(path)} has been missing for ${seconds} seconds; it is read as soon as it appears`,
    ),
  cut: (path: string, bytes: number) =>
    said(
      "WARNING",
      "filter",
      `A line of ${bytes} bytes in ${clean(path)} was cut to ${LINE_LIMIT}; more of them are only counted`,
    ),
  earlier: (path: string, part: string, offset: number) =>
    said(
      "INFO",
      "filter",
      `Finishing ${clean(part)} from position ${offset}: ${clean(path)} was rotated before it was read to its end`,
    ),
  earlierLost: (part: string, bytes: number) =>
    said("WARNING", "filter", `The first ${bytes} unread bytes of ${clean(part)} are left out: too much to keep`),
  notUnpacked: (part: string) =>
    said(
      "WARNING",
      "filter",
      `${clean(part)} cannot be unpacked, or is not what it was taken for: what was unread in it is lost`,
    ),
  partsLost: (path: string, parts: number) =>
    said(
      "WARNING",
      "filter",
      `Log ${clean(path)} was rotated too often while it could not be read: ${parts} old parts are left out`,
    ),
  letGo: (path: string) =>
    said(
      "INFO",
      "filter",
      `A deleted file of ${clean(path)} is let go; reading, which is paused, will go on from its place as far as that is still there`,
    ),
  seek: (path: string, offset: number, size: number) =>
    said("DEBUG", "filter", `Position ${offset} of ${size} in ${clean(path)} found by date`),
  noEvents: (folder: string, reason: string) =>
    said("WARNING", "filterpyinotify", `Cannot watch ${clean(folder)} for changes (${reason}): its logs are polled`),
  journalLive: (jail: string) =>
    said("INFO", "filtersystemd", `[${jail}] Jail is in operation now (process new journal entries)`),
  journalEnded: (reason: string, seconds: number) =>
    said(
      "ERROR",
      "filtersystemd",
      `The journal's reader ended (${reason}); it is started again, first after ${seconds} s`,
    ),
  journalBack: () => said("NOTICE", "filtersystemd", "The journal is being read again"),
  journalMissing: (reason: string) =>
    said(
      "ERROR",
      "filtersystemd",
      `The journal cannot be read: ${reason}. Jails with backend = systemd see nothing until it can`,
    ),
  journalEverything: (jail: string) =>
    said("NOTICE", "filtersystemd", `[${jail}] No journalmatch is set: every entry of the journal is checked`),
  journalBadEntry: (reason: string) =>
    said("WARNING", "filtersystemd", `A journal entry was left out (${reason}); more of them are only counted`),
} as const;
