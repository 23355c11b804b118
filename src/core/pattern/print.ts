/**
 * Tree → JavaScript for text that is pure ASCII, without any flag, so that V8's linear engine can take most of it
 * (engine.md §2.6 for the meaning). What JavaScript cannot express exactly is declined, never approximated: empty
 * rounds, unset back-references, conditions. Two exceptions are made good afterwards: loose IPv6 is checked (`loose.ts`), and
 * groups that JavaScript would forget in a later round are not captured, but told by the matcher (`lost`).
 */
import { ALL, NO_WORD, textsOf, without } from "./avoid.ts";
import { printAscii, printTable } from "./classes.ts";
import { LOOSE_IP6 } from "./loose.ts";
import { parse } from "./parse.ts";
import { IP6_BODY } from "./tags.ts";
import { type Backref, type Edge, type Look, type Node, NOTHING, type Repeat, some } from "./tree.ts";
import { widthOf } from "./width.ts";

export interface Printed {
  readonly source: string;
  /** Captures of the JavaScript expression by group of the original: at most one of them takes part in a match. */
  readonly captures: readonly (readonly number[])[];
  /** Captures of a last line feed that `$` let pass: not part of the match. */
  readonly trims: readonly number[];
  /** Captures that must be strict IPv6 texts. */
  readonly loose: readonly number[];
  /** Groups of the original that were not captured: where they matched, the matcher must be asked. */
  readonly lost: readonly number[];
}

/** Longest expression that is handed to V8. */
const MAX_PRINTED = 100_000;

class Declined extends Error {}

/** Where a part stands. */
interface Spot {
  /** Nothing follows on this way, and no group is open: the place for a final `$`. */
  readonly last: boolean;
  /** `captured`: at the end of a look-ahead, where a line feed may be taken without a trace. */
  readonly lookEnd: boolean;
  readonly loop: "none" | "always" | "perhaps";
  /** Inside of look-around or an atomic group. */
  readonly shut: boolean;
  readonly behind: boolean;
}

interface Job {
  captures: number;
  readonly groups: number[][];
  readonly trims: number[];
  readonly loose: number[];
  readonly lost: Set<number>;
  /** Groups that surely took part before this point → their capture on this way. */
  sure: Map<number, number>;
}

/** @returns null where there is no exact form. */
export function print(root: Node, groups: number): Printed | null {
  const job: Job = {
    captures: 0,
    groups: Array.from({ length: groups + 1 }, () => []),
    trims: [],
    loose: [],
    lost: new Set(),
    sure: new Map(),
  };
  try {
    const source = printNode(root, { last: true, lookEnd: false, loop: "none", shut: false, behind: false }, job);
    if (source.length > MAX_PRINTED) return null;
    const captures = job.groups.map((group, index) => (job.lost.has(index) ? [] : group));
    return { source, captures, trims: job.trims, loose: job.loose, lost: [...job.lost] };
  } catch (error) {
    if (error instanceof Declined) return null;
    throw error;
  }
}

function printNode(node: Node, spot: Spot, job: Job): string {
  switch (node.kind) {
    case "char":
      return printAscii(node.set);
    case "sequence":
      return printSequence(node.items, spot, job);
    case "choice":
      return `(?:${printBranches(node.branches, spot, job)})`;
    case "group":
      return printGroup(node.index, node.name, node.body, spot, job);
    case "repeat":
      return printRepeat(node, spot, job);
    case "atomic":
      return printAtomic(node.body, spot, job);
    case "look": {
      const trailing = printTrailing(node, spot, job);
      if (trailing !== null) return trailing;
      if (!node.ahead && some(node.body, (part) => part.kind === "group" || part.kind === "backref"))
        throw new Declined();
      const sign = `${node.ahead ? "" : "<"}${node.negative ? "!" : "="}`;
      const inside = { ...spot, last: false, lookEnd: node.ahead, shut: true, behind: !node.ahead };
      const before = new Map(job.sure);
      const text = `(?${sign}${printBody(node.body, inside, job)})`;
      if (node.negative) job.sure = before;
      return text;
    }
    case "edge":
      return printEdge(node, spot, job);
    case "backref":
      return printBackref(node, job);
    case "condition":
      throw new Declined();
  }
}

/** A text that must not follow the match: what does is taken, and is no part of it. Null where that is not possible. */
function printTrailing({ ahead, negative, body }: Look, spot: Spot, job: Job): string | null {
  if (!ahead || !negative || !spot.last || spot.loop !== "none" || spot.shut) return null;
  const [text, ...others] = textsOf(body) ?? [];
  if (text === undefined || others.length > 0 || text.at(-1) === NO_WORD) return null;
  job.trims.push(++job.captures);
  const other = (table: Uint8Array): string => `$|${printTable(without(ALL, table))}`;
  return `(${text.reduceRight((rest, table) => `(?:${other(table)}${rest === "" ? "" : `|${printTable(table)}${rest}`})`, "")})`;
}

/** The inside of brackets: no further ones around alternatives. */
function printBody(node: Node, spot: Spot, job: Job): string {
  return node.kind === "choice" ? printBranches(node.branches, spot, job) : printNode(node, spot, job);
}

function printSequence(items: readonly Node[], spot: Spot, job: Job): string {
  const inner = { ...spot, last: false, lookEnd: false };
  return items.map((item, at) => printNode(item, at === items.length - 1 ? spot : inner, job)).join("");
}

function printBranches(branches: readonly Node[], spot: Spot, job: Job): string {
  const before = job.sure;
  const inner: Spot = spot.loop === "always" && branches.length > 1 ? { ...spot, loop: "perhaps" } : spot;
  let common: Map<number, number> | null = null;
  const texts = branches.map((branch) => {
    job.sure = new Map(before);
    const text = printNode(branch, inner, job);
    const after = job.sure;
    common = common === null ? after : new Map([...common].filter(([group, capture]) => after.get(group) === capture));
    return text;
  });
  job.sure = common ?? before;
  return texts.join("|");
}

function printGroup(index: number, name: string | null, body: Node, spot: Spot, job: Job): string {
  if (spot.loop === "perhaps") return printLost(index, body, spot, job);
  if (isGroup(body)) return printAround(index, body, spot, job);
  const capture = ++job.captures;
  job.groups[index]?.push(capture);
  const text = printBody(body, { ...spot, last: false, lookEnd: false }, job);
  job.sure.set(index, capture);
  const loosely = name === "ip6" && spot.loop === "none" && !spot.shut && text === STRICT_IP6;
  if (loosely) job.loose.push(capture);
  return `(${loosely ? LOOSE_IP6 : text})`;
}

function isGroup(body: Node): boolean {
  return body.kind === "group" || (body.kind === "sequence" && body.items.length === 1 && body.items.every(isGroup));
}

/** A group that is nothing but another group captures what that one does: one text is made for both. */
function printAround(index: number, body: Node, spot: Spot, job: Job): string {
  const capture = job.captures + 1;
  job.groups[index]?.push(capture);
  const text = printNode(body, { ...spot, last: false, lookEnd: false }, job);
  job.sure.set(index, capture);
  return text;
}

/** JavaScript forgets in each round what the one before captured, Python does not. */
function printLost(index: number, body: Node, spot: Spot, job: Job): string {
  job.lost.add(index);
  job.sure.delete(index);
  return `(?:${printBody(body, { ...spot, last: false, lookEnd: false }, job)})`;
}

function printRepeat(node: Repeat, spot: Spot, job: Job): string {
  if (node.mode === "possessive") return printAtomic({ ...node, mode: "greedy" }, spot, job);
  const { body, min, max } = node;
  const once = max <= 1;
  const inner: Spot = {
    ...spot,
    last: spot.last && once,
    lookEnd: spot.lookEnd && once,
    loop: once ? optional(spot.loop, min) : spot.loop === "none" ? "always" : optional(spot.loop, min),
  };
  const before = new Map(job.sure);
  const text = printBody(body, inner, job);
  if (min === 0) job.sure = before;
  const lazy = node.mode === "lazy" ? "?" : "";
  const bare = body.kind === "char" ? text : `(?:${text})`;
  if (body.kind === "char" && max > MAX_COUNT && max <= MAX_WRITTEN) return printCounted(text, min, max, lazy);
  if (widthOf(body).min > 0 || min === max) return `${bare}${quantifier(min, max)}${lazy}`;
  if (!once) throw new Declined();
  return lazy === "" ? `(?:${text}|)` : `(?:|${text})`;
}

/** V8's linear engine counts no further. */
const MAX_COUNT = 16;
/** Longer repetitions stay as they are. */
const MAX_WRITTEN = 300;

/** In pieces that it takes: first those that must be, then the others, each only after the one before. */
function printCounted(char: string, min: number, max: number, lazy: string): string {
  const pieces = char + quantifier(MAX_COUNT, MAX_COUNT);
  const surely =
    pieces.repeat(Math.floor(min / MAX_COUNT)) + (min % MAX_COUNT > 0 ? `${char}{${min % MAX_COUNT}}` : "");
  const more = max - min;
  if (more === 0) return surely;
  if (more <= MAX_COUNT) return `${surely}${char}${quantifier(0, more)}${lazy}`;
  return surely + `(?:${char}`.repeat(more) + `)?${lazy}`.repeat(more);
}

/** A part that may be left out of a round of a loop. */
function optional(loop: Spot["loop"], min: number): Spot["loop"] {
  return loop === "none" || min > 0 ? loop : "perhaps";
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** Look-ahead does not go back into what it found; the back-reference takes it. */
function printAtomic(body: Node, spot: Spot, job: Job): string {
  if (spot.behind) throw new Declined();
  const capture = ++job.captures;
  const text = printBody(body, { ...spot, last: false, lookEnd: false, shut: true }, job);
  return `(?=(${text}))(?:\\${capture})`;
}

function printEdge(node: Edge, spot: Spot, job: Job): string {
  switch (node.edge) {
    case "start":
      return "^";
    case "lineStart":
      return "(?<![^\\n])";
    case "lineEnd":
      if (!spot.last || spot.loop !== "none" || spot.shut) return "(?![^\\n])";
      job.trims.push(++job.captures);
      return "(?:$|(\\n))";
    case "veryEnd":
      return "$";
    case "word":
      return "\\b";
    case "notWord":
      return "\\B";
    case "end":
      if (spot.lookEnd) return "\\n?$";
      if (!spot.last || spot.loop !== "none" || spot.shut) return "(?=\\n?$)";
      job.trims.push(++job.captures);
      return "(\\n?)$";
  }
}

/** JavaScript lets an unset group match nothing, where Python fails: only for groups that are surely set. */
function printBackref(node: Backref, job: Job): string {
  const capture = job.sure.get(node.index);
  if (capture === undefined || node.ignoreCase) throw new Declined();
  return `(?:\\${capture})`;
}

function printStrictIp6(): string {
  const parsed = parse(IP6_BODY);
  const root = parsed.ok ? parsed.tree.root : NOTHING;
  const job: Job = { captures: 0, groups: [], trims: [], loose: [], lost: new Set(), sure: new Map() };
  return printBody(root, { last: false, lookEnd: false, loop: "none", shut: false, behind: false }, job);
}

const STRICT_IP6 = printStrictIp6();
