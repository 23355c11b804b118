/** For one text: how far an expression came, where it stopped, and what it wanted there (`fail2ban-regex --explain`). */
import { runProgram } from "./matcher.ts";
import { type Pattern } from "./pattern.ts";
import { NO_LIMIT, OP, type Program } from "./instructions.ts";
import { childrenOf, type Node, type Place, type Tree } from "./tree.ts";

export interface Explanation {
  readonly matched: boolean;
  /** Where the part that matched longest begins. */
  readonly at: number;
  /** How far the longest part matched; for a match its end. */
  readonly longest: number;
  /** What was wanted there, in words; empty for a match. */
  readonly expected: string;
}

/** Steps for one explanation; at the limit it tells of what was tried until then. */
const MAX_STEPS = 500_000;
/** Alternatives named in one explanation. */
const MAX_NAMED = 4;
/** Characters of a literal that are shown. */
const MAX_LITERAL = 40;

export function explainPattern(pattern: Pattern, text: string): Explanation {
  const { program, tree } = pattern.regex;
  const looks = lookRanges(program);
  const byExpression = takesAnything(program);
  let best = -1;
  let longest = 0;
  let begin = 0;
  let wanted = new Set<number>();
  const watcher = (at: number, address: number, start: number): void => {
    if (looks.some(([from, to]) => address > from && address < to)) return;
    const progress = byExpression ? (program.places.get(address)?.from ?? 0) : at;
    if (progress < best || (progress === best && at < longest)) return;
    if (progress > best || at > longest) wanted = new Set();
    best = progress;
    longest = at;
    begin = start;
    wanted.add(address);
  };
  const slots = runProgram(program, { text, from: 0, anchored: false, steps: MAX_STEPS, watcher });
  if (slots !== null && slots !== "gave up") {
    return { matched: true, at: slots[0] ?? 0, longest: slots[1] ?? 0, expected: "" };
  }
  return { matched: false, at: begin, longest, expected: describeAll(wanted, program, tree) };
}

/** Addresses of look-arounds and of their ends: what fails inside tells nothing of the text's own progress. */
function lookRanges(program: Program): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (const address of program.places.keys()) {
    if (program.code[address] === OP.LOOK) ranges.push([address, (program.code[address + 4] ?? 0) - 3]);
  }
  return ranges;
}

/**
 * A part that takes anything reaches the end of the line at once, which would be the longest always: then it is counted
 * how far the *expression* was used up.
 */
function takesAnything(program: Program): boolean {
  const { code, places, sets } = program;
  return [...places.keys()].some((address) => {
    if (code[address] !== OP.RUN || code[address + 3] !== NO_LIMIT) return false;
    const ascii = sets[code[address + 1] ?? 0]?.ascii;
    return ascii !== undefined && ascii[0x20] === 1 && ascii[0x61] === 1;
  });
}

function describeAll(wanted: ReadonlySet<number>, program: Program, tree: Tree): string {
  const named = new Set<string>();
  const ends = new Map([...lookRanges(program)].map(([from, to]) => [to, from]));
  for (const address of wanted) {
    const place = program.places.get(ends.get(address) ?? address);
    if (place !== undefined) named.add(describe(place, tree));
  }
  const words = [...named];
  const more = words.length > MAX_NAMED ? " or something else" : "";
  return words.slice(0, MAX_NAMED).join(" or ") + more;
}

const WORDS = new Map([
  ["\\d", "a digit"],
  ["\\D", "something that is no digit"],
  ["\\s", "a blank"],
  ["\\ ", "a blank"],
  ["\\S", "something that is no blank"],
  ["\\w", "a letter, digit or underscore"],
  ["\\W", "something that is no letter, digit or underscore"],
  [".", "any character"],
  ["$", "the end of the line"],
  ["\\Z", "the end of the text"],
  ["^", "the start of the line"],
  ["\\A", "the start of the text"],
  ["\\b", "the edge of a word"],
  ["\\B", "the inside of a word"],
  ["\\n", "a line feed"],
]);

const ADDRESSES = new Map([
  ["ip4", "an address"],
  ["ip6", "an address"],
  ["dns", "a host name"],
]);

function describe(place: Place, tree: Tree): string {
  const group = addressGroup(tree.root, place);
  if (group !== null) return group;
  const text = tree.chars.slice(place.from, place.to).join("");
  const words = WORDS.get(text);
  if (words !== undefined) return words;
  if (text.startsWith("[")) return `one of ${text}`;
  if (text.startsWith("(")) return text;
  return `"${literalFrom(place.from, tree.chars)}"`;
}

function addressGroup(node: Node, place: Place): string | null {
  if (node.kind === "group" && node.place.from <= place.from && place.to <= node.place.to) {
    const words = ADDRESSES.get(node.name ?? "");
    if (words !== undefined) return words;
  }
  for (const child of childrenOf(node)) {
    const found = addressGroup(child, place);
    if (found !== null) return found;
  }
  return null;
}

/** The literal text from there on, up to the next character with a meaning. */
function literalFrom(from: number, chars: readonly string[]): string {
  let text = "";
  for (let at = from; at < chars.length && text.length < MAX_LITERAL; at++) {
    const char = chars[at] ?? "";
    const escaped = char === "\\";
    if (escaped && /^[a-zA-Z0-9]$/.test(chars[at + 1] ?? "")) break;
    if (!escaped && /^[.^$*+?{}()[\]|]$/.test(char) && text !== "") break;
    const next = chars[at + (escaped ? 2 : 1)] ?? "";
    // a repeated character is not surely there
    if (/^[*?{]$/.test(next) && text !== "") break;
    text += escaped ? (chars[++at] ?? "") : char;
  }
  return text;
}
