/**
 * Python's dialect of regular expressions (3.11) → tree. Complaints have Python's words and positions; what it accepts
 * and refuses is what Python accepts and refuses (engine.md §2.5, §2.6), but for characters by name.
 */
import { readBracket } from "./bracket.ts";
import { charSet, literal, type CharSet } from "./chars.ts";
import { readEscape } from "./escape.ts";
import { type Around, type Inner, readGroup } from "./opening.ts";
import {
  accept,
  BadExpression,
  complain,
  type Flags,
  MAX_DEPTH,
  NO_FLAGS,
  peek,
  type Reading,
  startReading,
  take,
  takeWhile,
} from "./reading.ts";
import { type Edge, type Node, type Place, sequence, type Tree, unwrap } from "./tree.ts";

export type Parsed = { readonly ok: true; readonly tree: Tree } | { readonly ok: false; readonly message: string };

/** @param given flags as if they stood at the start of the expression. */
export function parse(source: string, given: Partial<Flags> = {}): Parsed {
  try {
    const reading = startReading(source, { ...NO_FLAGS, ...given });
    const root = readChoice(reading, null, true);
    if (peek(reading) !== "") complain(reading, "unbalanced parenthesis", reading.at);
    for (const [index, at] of reading.asked) {
      if (index >= reading.nextGroup) complain(reading, `invalid group reference ${index}`, at);
    }
    if (reading.late !== null) throw new BadExpression(reading.late);
    return { ok: true, tree: { chars: reading.chars, root, groups: reading.nextGroup - 1, names: reading.names } };
  } catch (error) {
    if (error instanceof BadExpression) return { ok: false, message: error.message };
    throw error;
  }
}

/** @param scope flags inside of a group; null outside, where those given at the start hold. */
function readChoice(reading: Reading, scope: Flags | null, outermost = false): Node {
  if (++reading.depth > MAX_DEPTH) throw new BadExpression(`groups nested more than ${MAX_DEPTH} deep`);
  const branches = [readSequence(reading, scope, outermost)];
  while (accept(reading, "|")) branches.push(readSequence(reading, scope));
  reading.depth--;
  const only = branches[0];
  return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
}

/** @param first Flags for the whole expression may stand here. */
function readSequence(reading: Reading, scope: Flags | null, first = false): Node {
  const items: Node[] = [];
  for (;;) {
    const next = peek(reading);
    if (next === "" || next === "|" || next === ")") return sequenceOf(items);
    const from = reading.at;
    take(reading);
    const flags = scope ?? reading.flags;
    if (flags.verbose && skipLayout(reading, next)) continue;
    const item = readItem(reading, next, from, { flags, items, inner: INNER, mayFlag: first && items.length === 0 });
    if (item !== null) items.push(item);
  }
}

/** How a bracket reads what is inside of it. */
const INNER: Inner = { choice: readChoice, sequence: readSequence };

/** @returns null where there is nothing to add: a comment, flags, a repetition of the item before. */
function readItem(reading: Reading, token: string, from: number, around: Around): Node | null {
  const place = (): Place => ({ from, to: reading.at });
  const { flags } = around;
  if (token.startsWith("\\")) return escaped(reading, token, from, flags);
  switch (token) {
    case "[":
      return char(readBracket(reading, flags), place());
    case ".":
      return char(charSet(flags.dotAll ? [] : [{ kind: "range", from: 10, to: 10 }], true, flags), place());
    case "^":
      return edge(flags.multiline ? "lineStart" : "start", flags, place());
    case "$":
      return edge(flags.multiline ? "lineEnd" : "end", flags, place());
    case "(":
      return readGroup(reading, from, around);
    case "*":
    case "+":
    case "?":
    case "{":
      return readRepeat(reading, token, around);
    default:
      return char(literal(token.codePointAt(0) ?? 0, flags), place());
  }
}

function escaped(reading: Reading, token: string, from: number, flags: Flags): Node {
  const escape = readEscape(reading, token);
  const place = { from, to: reading.at };
  switch (escape.kind) {
    case "code":
      return char(literal(escape.code, flags), place);
    case "category":
      return char(charSet([escape], false, { ignoreCase: false, ascii: flags.ascii }), place);
    case "edge":
      return edge(escape.edge, flags, place);
    case "backref":
      return { kind: "backref", index: escape.index, ignoreCase: flags.ignoreCase, ascii: flags.ascii, place };
  }
}

function char(set: CharSet, place: Place): Node {
  return { kind: "char", set, place };
}

function edge(kind: Edge["edge"], flags: Flags, place: Place): Node {
  return { kind: "edge", edge: kind, ascii: flags.ascii, place };
}

/** Brackets that only held an item together are gone from here on. */
function sequenceOf(items: readonly Node[]): Node {
  return sequence(items.map(unwrap));
}

function skipLayout(reading: Reading, token: string): boolean {
  if (/^[ \t\n\r\v\f]$/.test(token)) return true;
  if (token !== "#") return false;
  for (;;) {
    const skipped = take(reading);
    if (skipped === "" || skipped === "\n") return true;
  }
}

/** Replaces the last item by its repetition. */
function readRepeat(reading: Reading, token: string, around: Around): Node | null {
  const here = reading.at;
  const counts =
    token === "{" ? readCounts(reading, here) : { min: token === "+" ? 1 : 0, max: token === "?" ? 1 : Infinity };
  if (counts === null) {
    reading.at = here;
    return char(literal(0x7b, around.flags), { from: here - 1, to: here });
  }
  const body = around.items.at(-1);
  if (body === undefined || body.kind === "edge") complain(reading, "nothing to repeat", here - 1);
  if (body.kind === "repeat") complain(reading, "multiple repeat", here - 1);
  const mode = accept(reading, "?") ? "lazy" : accept(reading, "+") ? "possessive" : "greedy";
  around.items.pop();
  return { kind: "repeat", body: unwrap(body), min: counts.min, max: counts.max, mode };
}

/** Above this Python says that the number is too large. */
const MAX_REPEAT = 0xffff_ffff;
const DIGIT = /^[0-9]$/;

/** `{2}`, `{2,}`, `{,3}`, `{2,3}` after the brace; null when it is a literal brace. */
function readCounts(reading: Reading, here: number): { min: number; max: number } | null {
  if (peek(reading) === "}") return null;
  const low = takeWhile(reading, Infinity, DIGIT);
  const high = accept(reading, ",") ? takeWhile(reading, Infinity, DIGIT) : low;
  if (!accept(reading, "}")) return null;
  const min = low === "" ? 0 : Number(low);
  const max = high === "" ? Infinity : Number(high);
  if (min >= MAX_REPEAT || (max >= MAX_REPEAT && max !== Infinity)) {
    throw new BadExpression("the repetition number is too large");
  }
  if (max < min) complain(reading, "min repeat greater than max repeat", here);
  return { min, max };
}
