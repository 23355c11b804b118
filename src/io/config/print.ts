/** The command stream as `-d` and `--dp` print it: one Python list a line, or Python's pretty-printer with width 1000 and indent 2 (config-cli.md §3.4). */
import { BLANK, pythonRepr, textRepr, type Plain } from "../../base/index.ts";
import type { StreamCommand } from "./stream.ts";

const WIDTH = 1000;
const INDENT = 2;

/** @returns all commands, each ended by a line feed */
export function printStream(commands: readonly StreamCommand[], pretty: boolean): string {
  return commands.map(({ words }) => `${pretty ? prettyList(words, 0, 0) : pythonRepr(words)}\n`).join("");
}

/** `indent`: column where it begins; `allowance`: characters that must still fit behind it. */
function prettyValue(value: Plain, indent: number, allowance: number): string {
  if (typeof value === "string") return prettyText(value, indent, allowance);
  return Array.isArray(value) ? prettyList(value, indent, allowance) : pythonRepr(value);
}

function prettyList(items: readonly Plain[], indent: number, allowance: number): string {
  const flat = pythonRepr(items);
  if (width(flat) <= WIDTH - indent - allowance || items.length === 0) return flat;
  const inner = indent + INDENT;
  const last = items.length - 1;
  const lines = items.map((item, at) => prettyValue(item, inner, at === last ? allowance + 1 : 1));
  return `[${" ".repeat(INDENT - 1)}${lines.join(`,\n${" ".repeat(inner)}`)}]`;
}

const LINES = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;
const PARTS = new RegExp(`[^${BLANK}]*[${BLANK}]*`, "gu");

/** A long text becomes several literals, parted at line ends, else at white space. */
function prettyText(text: string, indent: number, allowance: number): string {
  if (width(textRepr(text)) <= WIDTH - indent - allowance) return textRepr(text);
  const room = WIDTH - indent;
  const lines = (text.match(LINES) ?? []).filter((line) => line !== "");
  const chunks: string[] = [];
  for (const [at, line] of lines.entries()) {
    const isLast = at === lines.length - 1;
    const flat = textRepr(line);
    if (width(flat) <= room - (isLast ? allowance : 0)) chunks.push(flat);
    else chunks.push(...wordChunks(line, room, isLast ? allowance : 0));
  }
  return chunks.join(`\n${" ".repeat(indent)}`);
}

function wordChunks(line: string, room: number, allowance: number): string[] {
  const chunks: string[] = [];
  const parts = (line.match(PARTS) ?? []).filter((part) => part !== "");
  let current = "";
  for (const [at, part] of parts.entries()) {
    const fits = width(textRepr(current + part)) <= room - (at === parts.length - 1 ? allowance : 0);
    if (!fits && current !== "") chunks.push(textRepr(current));
    current = fits ? current + part : part;
  }
  if (current !== "") chunks.push(textRepr(current));
  return chunks;
}

/** Characters as Python counts them. */
function width(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) count -= 1;
  return count;
}
