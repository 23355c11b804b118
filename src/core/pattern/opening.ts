/** Reads everything that begins with `(`: groups, look-around, conditionals, back-references, flags, comments. */
import { lettersOf } from "../../base/index.ts";
import { checkBehind, checkReference } from "./escape.ts";
import { accept, complain, type Flags, peek, quoted, type Reading, take, takeUntil } from "./reading.ts";
import { readFlags } from "./flags.ts";
import { type Node, NOTHING, wrap } from "./tree.ts";
import { widthOf } from "./width.ts";

/** A number as Python's int() reads it. */
const NUMBER = /^\s*\+?[0-9]+(?:_[0-9]+)*\s*$/;

/** What stands around an item: the flags in force, and the items before it. */
export interface Around {
  readonly flags: Flags;
  readonly items: Node[];
  readonly inner: Inner;
  /** Flags for the whole expression may stand here. */
  readonly mayFlag: boolean;
}

/** The parser's own functions for what is inside of a bracket; they stop before the closing one. */
export interface Inner {
  choice(reading: Reading, flags: Flags): Node;
  sequence(reading: Reading, flags: Flags): Node;
}

const IDENTIFIER = lettersOf("^[\\p{XID_Start}_][\\p{XID_Continue}]*$", "");

/** @param from position of the bracket, already taken. @returns null for comments and flags. */
export function readGroup(reading: Reading, from: number, around: Around): Node | null {
  if (!accept(reading, "?")) return capture(reading, from, null, around);
  const kind = takeSome(reading);
  switch (kind) {
    case "P":
      return readNamed(reading, from, around);
    case ":":
      return wrap(closed(reading, from, around.inner.choice(reading, around.flags)));
    case "#":
      return skipComment(reading, from);
    case "=":
    case "!":
      return lookAhead(reading, from, around, kind === "!");
    case "<":
      return lookBehind(reading, from, around);
    case "(":
      return condition(reading, from, around);
    case ">":
      return { kind: "atomic", body: closed(reading, from, around.inner.choice(reading, around.flags)) };
    default:
      return flagged(reading, from, around, kind);
  }
}

function takeSome(reading: Reading): string {
  const token = take(reading);
  if (token === "") complain(reading, "unexpected end of pattern", reading.at);
  return token;
}

function closed(reading: Reading, from: number, body: Node): Node {
  if (!accept(reading, ")")) complain(reading, "missing ), unterminated subpattern", from);
  return body;
}

function capture(reading: Reading, from: number, name: string | null, around: Around): Node {
  const index = reading.nextGroup++;
  if (name !== null) {
    const earlier = reading.names.get(name);
    if (earlier !== undefined) {
      const message = `redefinition of group name ${quoted(name)} as group ${index}; was group ${earlier}`;
      complain(reading, message, reading.at - Array.from(name).length - 1);
    }
    reading.names.set(name, index);
  }
  const body = closed(reading, from, around.inner.choice(reading, around.flags));
  reading.widths.set(index, widthOf(body, reading.widths));
  return { kind: "group", index, name, body, place: { from, to: reading.at } };
}

function readNamed(reading: Reading, from: number, around: Around): Node {
  if (accept(reading, "<")) {
    const name = takeUntil(reading, ">", "group name");
    checkName(reading, name);
    return capture(reading, from, name, around);
  }
  if (!accept(reading, "=")) {
    const token = takeSome(reading);
    complain(reading, `unknown extension ?P${token}`, reading.at - Array.from(token).length - 2);
  }
  const name = takeUntil(reading, ")", "group name");
  checkName(reading, name);
  const at = reading.at - Array.from(name).length - 1;
  const index = reading.names.get(name);
  if (index === undefined) return complain(reading, `unknown group name ${quoted(name)}`, at);
  checkReference(reading, index, at);
  const { ignoreCase, ascii } = around.flags;
  return { kind: "backref", index, ignoreCase, ascii, place: { from, to: reading.at } };
}

function checkName(reading: Reading, name: string): void {
  if (IDENTIFIER(name).test(name)) return;
  complain(reading, `bad character in group name ${quoted(name)}`, reading.at - Array.from(name).length - 1);
}

function skipComment(reading: Reading, from: number): null {
  for (;;) {
    if (peek(reading) === "") complain(reading, "missing ), unterminated comment", from);
    if (take(reading) === ")") return null;
  }
}

function lookAhead(reading: Reading, from: number, around: Around, negative: boolean): Node {
  const body = closed(reading, from, around.inner.choice(reading, around.flags));
  return { kind: "look", ahead: true, negative, body, width: 0, place: { from, to: reading.at } };
}

function lookBehind(reading: Reading, from: number, around: Around): Node {
  const kind = takeSome(reading);
  if (kind !== "=" && kind !== "!")
    complain(reading, `unknown extension ?<${kind}`, reading.at - Array.from(kind).length - 2);
  const outer = reading.behind;
  reading.behind ??= reading.nextGroup;
  const body = around.inner.choice(reading, around.flags);
  reading.behind = outer;
  closed(reading, from, body);
  const { min, max } = widthOf(body, reading.widths);
  if (min !== max) reading.late ??= "look-behind requires fixed-width pattern";
  return { kind: "look", ahead: false, negative: kind === "!", body, width: min, place: { from, to: reading.at } };
}

function condition(reading: Reading, from: number, around: Around): Node {
  const name = takeUntil(reading, ")", "group name");
  const index = conditionGroup(reading, name);
  checkBehind(reading, index);
  const yes = around.inner.sequence(reading, around.flags);
  const no = accept(reading, "|") ? around.inner.sequence(reading, around.flags) : NOTHING;
  if (peek(reading) === "|") complain(reading, "conditional backref with more than two branches", reading.at);
  return closed(reading, from, { kind: "condition", index, yes, no });
}

function conditionGroup(reading: Reading, name: string): number {
  const at = reading.at - Array.from(name).length - 1;
  if (IDENTIFIER(name).test(name)) {
    return reading.names.get(name) ?? complain(reading, `unknown group name ${quoted(name)}`, at);
  }
  if (!NUMBER.test(name)) complain(reading, `bad character in group name ${quoted(name)}`, at);
  const index = Number(name.replaceAll("_", ""));
  if (index === 0) complain(reading, "bad group number", at);
  if (!reading.asked.has(index)) reading.asked.set(index, at);
  return index;
}

/** `(?i)` for the whole expression or `(?i-s:…)` for a part. */
function flagged(reading: Reading, from: number, around: Around, kind: string): Node | null {
  const change = readFlags(reading, kind);
  if (change.whole) {
    if (!around.mayFlag) complain(reading, "global flags not at the start of the expression", from);
    reading.flags = { ...reading.flags, ...change.on };
    return null;
  }
  const scope: Flags = { ...around.flags, ...change.on, ...change.off };
  return wrap(closed(reading, from, around.inner.choice(reading, scope)));
}
