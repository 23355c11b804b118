/**
 * File names from a pattern with `*`, `?`, `[…]`, as the original expands `logpath` (config-cli.md §2.5).
 *
 * In the directory's own order; no `**`, no `~`; wildcards do not match a leading dot.
 */
import { directoryOf, joinPath, type Files } from "./files.ts";

const MAGIC = /[*?[]/;

/** Whether the text holds anything that is not meant as it stands. */
export function isPattern(text: string): boolean {
  return MAGIC.test(text);
}

/** @returns the paths that exist (a dangling link exists), at most `limit` */
export function glob(files: Files, pattern: string, limit: number): string[] {
  if (!MAGIC.test(pattern)) return files.kind(pattern) === "missing" || pattern === "" ? [] : [pattern];
  const slash = pattern.lastIndexOf("/");
  const name = pattern.slice(slash + 1);
  const directories =
    slash < 0
      ? [""]
      : MAGIC.test(directoryOf(pattern))
        ? glob(files, directoryOf(pattern), limit)
        : [directoryOf(pattern)];
  const out: string[] = [];
  for (const directory of directories) {
    for (const entry of entriesOf(files, directory, name)) {
      if (out.length === limit) return out;
      out.push(joinPath(directory, entry));
    }
  }
  return out;
}

function entriesOf(files: Files, directory: string, name: string): readonly string[] {
  if (name === "") return files.kind(directory) === "directory" ? [""] : [];
  if (!MAGIC.test(name)) return files.kind(joinPath(directory, name)) === "missing" ? [] : [name];
  const matches = matcherOf(name);
  const all = files.list(directory === "" ? "." : directory);
  return all.filter((entry) => (name.startsWith(".") || !entry.startsWith(".")) && matches(entry));
}

/** Between stars, each part is taken where it is found first: no pattern can make this slow. */
function matcherOf(name: string): (entry: string) => boolean {
  const [first = "", ...rest] = partsOf(name);
  const last = rest.pop();
  const begin = new RegExp(`^${first}${last === undefined ? "$" : ""}`, "su");
  const middle = rest.map((part) => new RegExp(part, "su"));
  const end = new RegExp(`(?:${last ?? ""})$`, "su");
  return (entry) => {
    let left = entry;
    for (const part of [begin, ...middle]) {
      const found = part.exec(left);
      if (found === null) return false;
      left = left.slice(found.index + found[0].length);
    }
    return last === undefined || end.test(left);
  };
}

/** The pattern as expressions, cut at its stars. */
function partsOf(name: string): string[] {
  const parts = [""];
  const put = (text: string): void => void parts.push(`${parts.pop() ?? ""}${text}`);
  for (let at = 0; at < name.length; at += 1) {
    const char = name[at] ?? "";
    const end = char === "[" ? setEnd(name, at) : -1;
    if (char === "*") parts.push("");
    else if (char === "?") put(".");
    else if (end < 0) put(char.replace(/[\\^$.|+()[\]{}/]/, "\\$&"));
    else {
      put(setOf(name.slice(at + 1, end)));
      at = end;
    }
  }
  return parts;
}

/** The bracket that closes a set; a `]` that stands first belongs to it. */
function setEnd(name: string, at: number): number {
  const first = name[at + 1] === "!" ? at + 2 : at + 1;
  return name.indexOf("]", first + 1);
}

/** A range written backwards is empty: a set of only such matches nothing, negated anything. */
function setOf(inside: string): string {
  const negated = inside.startsWith("!");
  const body = negated ? inside.slice(1) : inside;
  let out = "";
  for (let at = 0; at < body.length; at += 1) {
    const [from = "", dash, to] = [body[at], body[at + 1], body[at + 2]];
    const range = dash === "-" && to !== undefined;
    if (!range) out += from.replace(/[\\^\][&~|-]/, "\\$&");
    else if (from <= to) out += `\\u{${from.charCodeAt(0).toString(16)}}-\\u{${to.charCodeAt(0).toString(16)}}`;
    if (range) at += 2;
  }
  if (out === "") return negated ? "." : "(?!)";
  return negated ? `[^${out}]` : `[${out}]`;
}
