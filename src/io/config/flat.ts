/**
 * `<tag>` substitution at once: each tag's meaning is worked out once for all options, and what is the same for a hundred jails that use
 * one action is worked out once for all of these. In the end the same as in steps (`tags.ts`), and much faster.
 *
 * All of this is done once per start, before V8 makes anything of the code: loops by index and few look-ups by name are what counts here.
 */
import type { Place } from "../../base/index.ts";
import { Unreadable } from "./files.ts";
import { SAME_TAG, TAG_STEPS, VALUE_LENGTH } from "./limits.ts";

/** What tags mean. */
export interface Meanings {
  /** Options by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names that are neither replaced nor searched. */
  readonly ignored: ReadonlySet<string>;
  /** Value of a tag that is no option here; undefined when there is none. */
  elsewhere(name: string): string | undefined;
  /** Where the value of an option was written. */
  at(option: string): Place | null;
  /** Of the same filter or action, as it was used before. */
  readonly flats: Flats;
}

/** What is kept of a filter or an action from one use to the next. */
export interface Flats {
  /** Uses so far. */
  use: number;
  readonly tags: Map<string, Tag>;
  /** By text. All are good for as long as the tags mean what they meant. */
  readonly texts: Map<string, Flat>;
}

export function noFlats(): Flats {
  return { use: 0, tags: new Map(), texts: new Map() };
}

/** A tag, and what it means in this use; undefined: nothing, and it stays as it is. */
interface Tag {
  readonly name: string;
  use: number;
  meaning: string | undefined;
  /** Whether there are tags in that. */
  isDeep: boolean;
  /** Whether that is part of a text that was flattened, although it has no tags. */
  isInside: boolean;
}

/** A text in which those tags have been replaced that have tags in what they mean. The others may mean something else at each use. */
interface Flat {
  /** What stands before, between and behind the tags that are left. */
  readonly texts: readonly string[];
  readonly tags: readonly Tag[];
  /** Each tag with a meaning, as often as it stands there or stood in what was put in. */
  readonly put: readonly Tag[];
  /** Whether what is put in may make a tag of what stands around it, as in `<a-<b>>`: a `<` is still open where a text ends. */
  readonly open: boolean;
}

/** Something that only the way in steps can judge. */
class Declined extends Error {}

/** Stands for a text that is being worked out: met again, it refers to itself. */
const UNDER_WAY: Flat = { texts: [], tags: [], put: [], open: false };

/** @returns all options; null where it cannot be said that the way in steps would find no fault */
export function putAtOnce(meanings: Meanings): Map<string, string> | null {
  const out = new Map<string, string>();
  return atOnce(meanings, out) ? out : null;
}

/** The same without the texts. @returns whether it can be said that the way in steps would find no fault */
export function isSoundAtOnce(meanings: Meanings): boolean {
  return atOnce(meanings, null);
}

function atOnce(meanings: Meanings, out: Map<string, string> | null): boolean {
  const { values, ignored, flats } = meanings;
  flats.use += 1;
  try {
    if (!askAll(meanings)) forget(flats);
    values.forEach((value, name) => {
      const flat = value.includes("<") && !ignored.has(name) ? flatOf(meanings, value) : null;
      if (out !== null) out.set(name, flat === null ? value : fill(flat, value));
      else if (flat !== null) checkLength(flat);
    });
    return true;
  } catch (cause) {
    forget(flats);
    // RangeError: tags in tags in tags, more than the stack holds.
    if (cause instanceof Declined || cause instanceof Unreadable || cause instanceof RangeError) return false;
    throw cause;
  }
}

/** @returns whether what was flattened before is still good */
function askAll(meanings: Meanings): boolean {
  let good = true;
  meanings.flats.tags.forEach((tag) => {
    const { meaning, isDeep, isInside } = tag;
    ask(meanings, tag);
    const mayDiffer = !isDeep && !isInside && !tag.isDeep && meaning !== undefined && tag.meaning !== undefined;
    good &&= mayDiffer || tag.meaning === meaning;
  });
  return good;
}

function forget({ tags, texts }: Flats): void {
  texts.clear();
  tags.forEach((tag) => (tag.isInside = false));
}

/** Asks what the tag means in this use. */
function ask(meanings: Meanings, tag: Tag): void {
  const { values, ignored, flats } = meanings;
  const { name } = tag;
  const meaning = ignored.has(name) ? undefined : (values.get(name) ?? meanings.elsewhere(name));
  tag.meaning = meaning;
  tag.isDeep = meaning !== undefined && meaning.includes("<");
  tag.use = flats.use;
}

/** The text with all its tags replaced. @param text as it was */
function fill({ texts, tags, put }: Pick<Flat, "texts" | "tags" | "put">, text: string): string {
  if (put.length === 0) return text;
  let out = texts[0] ?? "";
  for (let at = 0; at < tags.length; at += 1) {
    const { name, meaning } = tags[at] as Tag;
    out += (meaning ?? `<${name}>`) + (texts[at + 1] ?? "");
  }
  if (out.length > VALUE_LENGTH) throw new Declined();
  return out;
}

function checkLength({ texts, tags }: Flat): void {
  let length = 0;
  for (let at = 0; at < tags.length; at += 1) {
    const { name, meaning } = tags[at] as Tag;
    length += (texts[at]?.length ?? 0) + (meaning?.length ?? name.length + 2);
  }
  if (length + (texts.at(-1)?.length ?? 0) > VALUE_LENGTH) throw new Declined();
}

function flatOf(meanings: Meanings, text: string): Flat {
  const { texts } = meanings.flats;
  const before = texts.get(text);
  if (before === UNDER_WAY) throw new Declined();
  if (before !== undefined) return before;
  texts.set(text, UNDER_WAY);
  try {
    const flat = flatten(meanings, text);
    texts.set(text, flat);
    return flat;
  } finally {
    if (texts.get(text) === UNDER_WAY) texts.delete(text);
  }
}

function flatten(meanings: Meanings, from: string): Flat {
  const put: Tag[] = [];
  for (let cut = cutText(meanings, from); ;) {
    const before = put.length;
    const { texts, tags, open } = putInto(meanings, cut, put);
    if (put.length > TAG_STEPS || (put.length > SAME_TAG && isOften(put))) throw new Declined();
    if (!open || put.length === before) return { texts, tags, put, open };
    tags.forEach((tag) => (tag.isInside = true));
    cut = cutText(meanings, fill({ texts, tags, put }, ""));
  }
}

/** A text cut at its tags. */
type Cut = Pick<Flat, "texts" | "tags" | "open">;

/** Puts in what has tags itself. Adds to `put`. */
function putInto(meanings: Meanings, cut: Cut, put: Tag[]): Cut {
  let isDeep = false;
  for (let at = 0; at < cut.tags.length; at += 1) {
    const tag = cut.tags[at] as Tag;
    if (tag.meaning !== undefined) put.push(tag);
    isDeep ||= tag.isDeep;
  }
  return isDeep ? deepen(meanings, cut, put) : cut;
}

function deepen(meanings: Meanings, cut: Cut, put: Tag[]): Cut {
  let text = cut.texts[0] ?? "";
  let { open } = cut;
  const texts: string[] = [];
  const tags: Tag[] = [];
  for (let at = 0; at < cut.tags.length; at += 1) {
    const tag = cut.tags[at] as Tag;
    const next = cut.texts[at + 1] ?? "";
    if (tag.isDeep) {
      const flat = flatOf(meanings, tag.meaning ?? "");
      put.push(...flat.put);
      tags.push(...flat.tags);
      open ||= flat.open;
      texts.push(text + (flat.texts[0] ?? ""), ...flat.texts.slice(1));
      text = (texts.pop() ?? "") + next;
    } else {
      texts.push(text);
      tags.push(tag);
      text = next;
    }
  }
  texts.push(text);
  return { texts, tags, open };
}

/** Whether one tag was put in more often than the original puts up with. It counts fewer: what stands there several times at once is one to it. */
function isOften(tags: readonly Tag[]): boolean {
  const counts = new Map<Tag, number>();
  return tags.some((tag) => {
    const count = (counts.get(tag) ?? 0) + 1;
    counts.set(tag, count);
    return count > SAME_TAG;
  });
}

/** What stands in `<` and `>` is a tag when it has no blank, which is what tells tags from the `<` and `>` of shell commands. */
function cutText(meanings: Meanings, text: string): Cut {
  const texts: string[] = [];
  const tags: Tag[] = [];
  let from = 0;
  let close = -1;
  let isOpen = false;
  for (let open = text.indexOf("<"); open >= 0;) {
    const next = text.indexOf("<", open + 1);
    if (close < open) close = text.indexOf(">", open);
    if (close < 0) break;
    if (close > open + 1 && (next < 0 || close < next)) {
      const name = text.slice(open + 1, close);
      if (!name.includes(" ")) {
        const before = text.slice(from, open);
        isOpen ||= isLeftOpen(before);
        texts.push(before);
        tags.push(tagOf(meanings, name));
        from = close + 1;
      }
    }
    open = next;
  }
  const rest = text.slice(from);
  texts.push(rest);
  return { texts, tags, open: isOpen || isLeftOpen(rest) };
}

/** The tag of that name, which has been asked for. */
function tagOf(meanings: Meanings, name: string): Tag {
  const { tags, use } = meanings.flats;
  const before = tags.get(name);
  const tag: Tag = before ?? { name, use: 0, meaning: undefined, isDeep: false, isInside: false };
  if (before === undefined) tags.set(name, tag);
  if (tag.use !== use) ask(meanings, tag);
  return tag;
}

/** Whether a `<` might still become a tag. */
function isLeftOpen(text: string): boolean {
  if (!text.includes("<")) return false;
  const open = text.lastIndexOf("<");
  return !text.includes(">", open) && !text.includes(" ", open);
}
