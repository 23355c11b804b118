/**
 * The grammar of `name[opt=val,…]` (config-cli.md §2.6): filters, actions, backends, log targets, ignorecache.
 *
 * Quotes protect commas and brackets, nothing escapes. Pure text work: knows no file and no option.
 */
import { BLANK, isBlank, trimBlanks, trimBlanksEnd } from "./blanks.ts";
import { lettersOf } from "./letters.ts";

export type Extracted =
  | { readonly ok: true; readonly name: string; readonly options: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string };

const NAME = "[\\p{L}\\p{N}_\\-.]+";
const OPTION = lettersOf(`(${NAME}(?:\\?${NAME}=${NAME})?)=`, "y");
const GROUP_END = new RegExp(`\\][${BLANK}]*\\[`, "uy");
const BLANKS = new RegExp(`[${BLANK}]*`, "y");
const WORD = new RegExp(`[^${BLANK}]*`, "y");
const VALUE_END = /[,\]]|$/g;
const NAME_END = new RegExp(`[^[${BLANK}]*`, "y");

/** `sshd[mode=aggressive]` → its name and its options, values unquoted and trimmed, the later of equals winning. */
export function extractOptions(text: string): Extracted {
  const open = text.indexOf("[");
  const closed = open < 0 ? text : trimBlanksEnd(text);
  if (text === "" || open === 0 || (open > 0 && (!closed.endsWith("]") || closed.length - 1 === open)))
    return { ok: false, reason: "unexpected option syntax" };
  const name = open < 0 ? text : text.slice(0, open);
  const inside = open < 0 ? undefined : closed.slice(open + 1, -1);
  const options = new Map<string, string>();
  if (inside === undefined) return { ok: true, name, options };
  const optionOf = OPTION(inside);
  for (let at = 0; ;) {
    const start = skipBlanks(inside, at);
    if (start === inside.length || isLastComma(inside, at)) return { ok: true, name, options };
    const key = stickyMatch(optionOf, inside, start);
    if (key === null) return { ok: false, reason: `expected option, wrong syntax at ${at}: ${excerpt(inside, at)}` };
    const option = key.slice(0, -1);
    const value = valueAt(inside, start + key.length);
    const next = separatorEnd(inside, value.end);
    if (next === null)
      return {
        ok: false,
        reason: `unexpected syntax at ${value.end} after option '${option}': ${excerpt(inside, value.end)}`,
      };
    options.set(option, trimBlanks(value.text));
    at = next;
  }
}

/** A list of references, as `action` takes: white space parts them, but for white space in brackets. */
export function splitReferences(text: string): string[] {
  const out: string[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const end = referenceEnd(text, at) ?? wordEnd(text, at);
    out.push(trimBlanks(text.slice(at, end)));
    at = end;
  }
  return out;
}

function valueAt(text: string, at: number): { text: string; end: number } {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, at + 1);
    if (close >= 0) return { text: text.slice(at + 1, close), end: close + 1 };
  }
  VALUE_END.lastIndex = at;
  const end = VALUE_END.exec(text)?.index ?? text.length;
  return { text: text.slice(at, end), end };
}

/** A comma may stand alone before the end. */
function isLastComma(text: string, at: number): boolean {
  return text[at] === "," && skipBlanks(text, at + 1) === text.length;
}

/** After a value: a comma, `] [`, or the end, which is Python's: a line feed may follow. Null when something else stands there. */
function separatorEnd(text: string, at: number): number | null {
  if (at === text.length || (at === text.length - 1 && text[at] === "\n")) return text.length;
  if (text[at] === ",") return at + 1;
  const group = stickyMatch(GROUP_END, text, at);
  return group === null ? null : at + group.length;
}

/** End of a name without blanks and its well-formed brackets, if white space or the end follows. */
function referenceEnd(text: string, start: number): number | null {
  const name = runEnd(NAME_END, text, start);
  if (name === start) return null;
  const bracket = skipBlanks(text, name);
  const closed = text[bracket] === "[" ? bracketsEnd(text, bracket + 1) : null;
  if (closed !== null && (closed === text.length || isBlank(text[closed]))) return closed;
  return name === text.length || isBlank(text[name]) ? name : null;
}

function bracketsEnd(text: string, start: number): number | null {
  for (let at = skipBlanks(text, start); at < text.length;) {
    const group = stickyMatch(GROUP_END, text, at);
    if (group !== null) at = skipBlanks(text, at + group.length);
    else if (text[at] === "]") return at + 1;
    else {
      const next = itemEnd(text, at);
      if (next === null) return null;
      at = next;
    }
  }
  return null;
}

function itemEnd(text: string, at: number): number | null {
  const key = stickyMatch(OPTION(text), text, at);
  if (key === null) return null;
  const end = skipBlanks(text, valueAt(text, at + key.length).end);
  return text[end] === "," ? skipBlanks(text, end + 1) : end;
}

function wordEnd(text: string, at: number): number {
  return runEnd(WORD, text, at);
}

function skipBlanks(text: string, from: number): number {
  return isBlank(text[from]) ? runEnd(BLANKS, text, from) : from;
}

/** @param expression sticky */
function stickyMatch(expression: RegExp, text: string, at: number): string | null {
  expression.lastIndex = at;
  return expression.test(text) ? text.slice(at, expression.lastIndex) : null;
}

/** @param expression sticky, and never without a match */
function runEnd(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  expression.test(text);
  return expression.lastIndex;
}

function excerpt(text: string, at: number): string {
  return text.slice(at, at + 25);
}
