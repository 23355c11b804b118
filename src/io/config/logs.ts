/** Stage: `logpath` → the log files that are there now (config-cli.md §2.5). */
import type { Issue } from "../../base/index.ts";
import type { Files, Written } from "./files.ts";
import { glob, isPattern } from "./glob.ts";
import { LOG_FILES } from "./limits.ts";
import type { StreamCommand } from "./stream.ts";

/** @returns one `addlogpath` for each file found; none when nothing matched */
export function logCommands(files: Files, jail: string, logpath: Written, issues: Issue[]): StreamCommand[] {
  const commands: StreamCommand[] = [];
  logpath.text.split("\n").forEach((line, index) => {
    const at = lineOf(logpath, index);
    const { pattern, option } = splitOption(line);
    const known = pattern === "" || isPattern(pattern) ? null : files.kind(pattern);
    const found = known === null ? glob(files, pattern, LOG_FILES) : known === "missing" ? [] : [pattern];
    if (found.length === LOG_FILES)
      issues.push({
        level: "warning",
        at,
        jail,
        message: `${pattern} leads to more than ${LOG_FILES} files; the others are left out`,
        remedy: "narrow the pattern",
      });
    if (found.length === 0 && pattern !== "")
      issues.push({ level: "notice", at, jail, message: `No file(s) found for glob ${pattern}`, ...remedyFor(option) });
    for (const path of found) {
      const kind = known ?? files.kind(path);
      if (kind === "directory")
        issues.push({
          level: "warning",
          at,
          jail,
          message: `${path} is a directory, in which no line can be found`,
          remedy: `name the files in it, as ${path}/*.log`,
        });
      if (kind === "dangling")
        issues.push({
          level: "warning",
          at,
          jail,
          message: `File ${path} is a dangling link, thus cannot be monitored`,
          remedy: "correct the link",
        });
      else commands.push({ words: ["set", jail, "addlogpath", path, option], at });
    }
  });
  return commands;
}

/** @returns one `addlogglob` for each pattern: our server takes up files that match it later, too */
export function globCommands(jail: string, logpath: Written): StreamCommand[] {
  return logpath.text.split("\n").flatMap((line, index): StreamCommand[] => {
    const { pattern } = splitOption(line);
    return isPattern(pattern) ? [{ words: ["set", jail, "addlogglob", pattern], at: lineOf(logpath, index) }] : [];
  });
}

/** What stands behind the last blank is how to begin. */
function splitOption(line: string): { readonly pattern: string; readonly option: string } {
  const blank = line.lastIndexOf(" ");
  return blank < 0
    ? { pattern: line, option: "head" }
    : { pattern: line.slice(0, blank), option: line.slice(blank + 1) };
}

function remedyFor(option: string): { remedy: string } {
  const known = ["head", "tail"].includes(option.toLowerCase());
  return {
    remedy: known
      ? "correct the path, or create the file before the start"
      : `after the last blank stands "${option}", which is read as head or tail: put the comment on a line of its own, or write head behind a path with blanks`,
  };
}

/** The place of one line of a value, where it still has the lines that it was written in. */
export function lineOf(value: Written, index: number): Written["at"] {
  const { text, at, lines } = value;
  const line = lines !== null && lines.length === text.split("\n").length ? lines[index] : undefined;
  return line === undefined ? at : { file: at.file, line };
}
