/** A line split as a POSIX shell splits words, without expansion: for `journalmatch` (config-cli.md §2.2). */

/** @returns the words, or the original's message for a quote that is never closed */
export function shellWords(text: string): readonly string[] | { readonly message: string } {
  const out: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (" \t\r\n".includes(char)) {
      if (word !== null) out.push(word);
      word = null;
    } else if (char === "'" || char === '"') {
      const quoted = quotedPart(text, at);
      if (quoted === null) return { message: "No closing quotation" };
      word = (word ?? "") + quoted.text;
      at = quoted.end;
    } else if (char === "\\") {
      at += 1;
      if (at === text.length) return { message: "No escaped character" };
      word = (word ?? "") + (text[at] ?? "");
    } else word = (word ?? "") + char;
  }
  if (word !== null) out.push(word);
  return out;
}

/** Within double quotes a backslash escapes a double quote and itself only; `end` is the closing quote. */
function quotedPart(text: string, start: number): { text: string; end: number } | null {
  const quote = text[start];
  let out = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === quote) return { text: out, end: at };
    const next = text[at + 1];
    if (quote === '"' && char === "\\" && (next === '"' || next === "\\")) {
      out += next;
      at += 1;
    } else out += char;
  }
  return null;
}
