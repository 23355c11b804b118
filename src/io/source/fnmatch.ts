/**
 * A shell pattern → an expression for one name, as Python's fnmatch reads it (config-cli.md §2.5): `*`, `?`, `[seq]`, `[!seq]`.
 *
 * A bracket that is never closed stands for itself; there is no escape but a bracket. Knows nothing of folders.
 */

/** @returns an expression that matches the whole name. */
export function nameExpression(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at] ?? "";
    const end = char === "[" ? endOfSet(pattern, at) : -1;
    if (char === "*") source += source.endsWith(".*") ? "" : ".*";
    else if (char === "?") source += ".";
    else if (end > 0) source += setSource(pattern.slice(at + 1, end));
    else source += quote(char);
    at = end > 0 ? end + 1 : at + 1;
  }
  return new RegExp(`^${source}$`, "s");
}

/** Whether the text holds anything that is not meant as it stands. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A `]` right after the opening (or after its `!`) belongs to the set. */
function endOfSet(pattern: string, at: number): number {
  const first = pattern[at + 1] === "!" ? at + 2 : at + 1;
  return pattern.indexOf("]", pattern[first] === "]" ? first + 1 : first);
}

function setSource(set: string): string {
  const negated = set.startsWith("!");
  let source = "";
  const body = negated ? set.slice(1) : set;
  for (let at = 0; at < body.length; at += 1) {
    const [from, dash, to] = [body[at] ?? "", body[at + 1], body[at + 2]];
    if (dash === "-" && to !== undefined) {
      if (from <= to) source += `${quote(from)}-${quote(to)}`;
      at += 2;
    } else source += quote(from);
  }
  // An empty range alone matches nothing; negated, everything.
  if (source === "") return negated ? "." : "(?!)";
  return `[${negated ? "^" : ""}${source}]`;
}

function quote(char: string): string {
  return /[\w]/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
