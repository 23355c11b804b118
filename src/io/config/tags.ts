/**
 * `<tag>` substitution while filters and actions are read (config-cli.md §1.6).
 *
 * What has no value here stays: `<HOST>`, `<ip>`, `<F-USER>` have their meaning later. Does not touch plain jail options.
 */
import type { Place } from "../../base/index.ts";
import { Unreadable } from "./files.ts";
import { TAG_STEPS, VALUE_LENGTH } from "./limits.ts";

/** One tag may be replaced so often in one option. */
const SAME_TAG = 25;

/** What tags mean. */
export interface Meanings {
  /** Options by name. */
  readonly values: Map<string, string>;
  /** Names that are neither replaced nor searched. */
  readonly ignored: ReadonlySet<string>;
  /** Value of a tag that is no option here; undefined when there is none. */
  readonly elsewhere: (name: string) => string | undefined;
  readonly cuts: Cuts;
}

/** Where the value of an option was written. */
type PlaceOf = (option: string) => Place | null;

/**
 * Replaces the tags in all values, in place.
 * @throws Unreadable when options refer to themselves
 */
export function putTags(meanings: Meanings, at: PlaceOf): void {
  const put = putAtOnce(meanings);
  if (put === null) return putInSteps(meanings, at);
  put.forEach((text, name) => meanings.values.set(name, text));
}

/** Texts, and between them what stands in `<` and `>`: without blanks, which is what tells tags from the `<` and `>` of shell commands. */
const TAGS = /<([^<> ]+)>/;

/** A text with its tags replaced. */
interface Put {
  readonly text: string;
  /** Those that stood in it itself. */
  readonly tags: readonly string[];
  /** With those in what was put in. */
  readonly count: number;
  /** As `Cut.open`. */
  readonly open: boolean;
}

/** Something that only the way in steps can judge. */
class Declined extends Error {}

/**
 * Each tag's meaning is worked out once, for all options: the same in the end as in steps, and much faster.
 * @returns the options that changed; null where it cannot be said that the way in steps would find no fault
 */
export function putAtOnce(meanings: Meanings): ReadonlyMap<string, string> | null {
  const known = new Map<string, Put | null>();
  const out = new Map<string, string>();
  try {
    meanings.values.forEach((value, name) => {
      if (!value.includes("<") || meanings.ignored.has(name)) return;
      const put = meaningOf(meanings, known, name);
      if (put === null || put.count === 0) return;
      if (put.count > SAME_TAG && isOften(known, put, new Map())) throw new Declined();
      out.set(name, put.text);
    });
    return out;
  } catch (cause) {
    // RangeError: tags in tags in tags, more than the stack holds.
    if (cause instanceof Declined || cause instanceof Unreadable || cause instanceof RangeError) return null;
    throw cause;
  }
}

/** Null for a tag that stays. */
function meaningOf(meanings: Meanings, known: Map<string, Put | null>, name: string): Put | null {
  const before = known.get(name);
  if (before === OPEN) throw new Declined();
  if (before !== undefined) return before;
  const text = meanings.ignored.has(name) ? undefined : (meanings.values.get(name) ?? meanings.elsewhere(name));
  let put: Put | null = null;
  if (text !== undefined && text.includes("<")) {
    known.set(name, OPEN);
    put = putInto(meanings, known, text);
  } else if (text !== undefined) put = { text, tags: NONE, count: 0, open: false };
  known.set(name, put);
  return put;
}

const NONE: readonly string[] = [];

/** Whether one tag is put in more often than the original puts up with. It counts fewer: what stands there several times at once is one to it. */
function isOften(known: ReadonlyMap<string, Put | null>, { tags }: Put, counts: Map<string, number>): boolean {
  return tags.some((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const put = known.get(name) ?? null;
    return count > SAME_TAG || (put !== null && isOften(known, put, counts));
  });
}

/** Stands for a tag whose meaning is being worked out: met again, it refers to itself. */
const OPEN: Put = { text: "", tags: [], count: 0, open: false };

function putInto(meanings: Meanings, known: Map<string, Put | null>, from: string): Put {
  const tags: string[] = [];
  let [text, cut, count] = [from, cutOf(meanings.cuts, from), 0];
  for (;;) {
    const before = count;
    let { open } = cut;
    let out = cut.parts[0] ?? "";
    for (let at = 1; at < cut.parts.length; at += 2) {
      const name = cut.parts[at] ?? "";
      const put = meaningOf(meanings, known, name);
      out += (put === null ? `<${name}>` : put.text) + (cut.parts[at + 1] ?? "");
      if (put === null) continue;
      tags.push(name);
      count += 1 + put.count;
      open ||= put.open;
    }
    if (count === before) return { text, tags, count, open };
    text = out;
    if (text.length > VALUE_LENGTH || count > TAG_STEPS) throw new Declined();
    if (!open) return { text, tags, count, open };
    cut = cutText(text);
  }
}

/** A text cut at its tags. */
interface Cut {
  /** Texts, and between them the names. */
  readonly parts: readonly string[];
  /** Whether what is put in may make a tag of what stands around it, as in `<a-<b>>`: a `<` is still open where a text ends. */
  readonly open: boolean;
}

/** Cuts that were made before: a hundred jails use one action. */
export type Cuts = Map<string, Cut>;

function cutOf(cuts: Cuts, text: string): Cut {
  const known = cuts.get(text);
  if (known !== undefined) return known;
  const cut = cutText(text);
  cuts.set(text, cut);
  return cut;
}

const OPEN_END = /<[^<> ]*$/;

function cutText(text: string): Cut {
  const parts = text.split(TAGS);
  return { parts, open: parts.some((part, at) => at % 2 === 0 && OPEN_END.test(part)) };
}

/** One tag after the other, as the original does it: its complaints depend on the order. */
export function putInSteps({ values, ignored, elsewhere }: Meanings, at: PlaceOf): void {
  let open = [...values.keys()].filter((option) => !ignored.has(option));
  // Only what changed can change again: `<a-<b>>` is a tag of its own once <b> has been put in.
  while (open.length > 0) {
    open = open.filter((option) => {
      const value = values.get(option) ?? "";
      if (!value.includes("<")) return false;
      const replaced = putIn(option, value, values, ignored, elsewhere, at(option));
      values.set(option, replaced);
      return replaced !== value;
    });
  }
}

function putIn(
  option: string,
  from: string,
  values: ReadonlyMap<string, string>,
  ignored: ReadonlySet<string>,
  elsewhere: (name: string) => string | undefined,
  at: Place | null,
): string {
  const counts = new Map<string, number>();
  let value = from;
  let steps = 0;
  for (let open = value.indexOf("<"); open >= 0; open = value.indexOf("<", open)) {
    const name = tagAt(value, open);
    open += 1;
    if (name === null || ignored.has(name)) continue;
    const count = counts.get(name) ?? 0;
    if (name === option || count > SAME_TAG) throw selfReferring(option, name, counts, value, at);
    const replacement = values.get(name) ?? elsewhere(name);
    if (replacement === undefined) continue;
    counts.set(name, count + 1);
    value = value.replaceAll(`<${name}>`, () => replacement);
    steps += 1;
    if (steps > TAG_STEPS || value.length > VALUE_LENGTH)
      throw new Unreadable(
        `option ${option} grows over ${VALUE_LENGTH} characters when its tags are replaced`,
        at,
        "look for tags that repeat each other",
      );
    open -= 1;
  }
  return value;
}

/** The name between `<` and `>`: without blanks, which is what tells tags from the `<` and `>` of shell commands. */
function tagAt(value: string, open: number): string | null {
  const close = value.indexOf(">", open + 1);
  if (close < 0 || close === open + 1) return null;
  const name = value.slice(open + 1, close);
  return name.includes("<") || name.includes(" ") ? null : name;
}

function selfReferring(
  option: string,
  tag: string,
  counts: ReadonlyMap<string, number>,
  value: string,
  at: Place | null,
): Unreadable {
  const seen = `{${[...counts].map(([name, count]) => `'${name}': ${count}`).join(", ")}}`;
  const message = `properties contain self referencing definitions and cannot be resolved, fail tag: ${option}, found: ${tag} in ${seen}, value: ${value}`;
  return new Unreadable(message, at, `break the circle of <${option}> and <${tag}>`);
}
