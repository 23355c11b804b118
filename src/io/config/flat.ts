/**
 * `<tag>` substitution at once: each tag's meaning is worked out once for all options, and what is the same for a hundred jails that use
 * one action is worked out once for all of these. In the end the same as in steps (`tags.ts`), and much faster.
 *
 * All of this is done once per start, before V8 makes anything of the code: loops by index and few look-ups by name are what counts here.
 */
import { Unreadable } from "./files.ts";
import { SAME_TAG, TAG_STEPS, VALUE_LENGTH } from "./limits.ts";

/** What tags mean. */
export interface Meanings {
  /** Options by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names that are neither replaced nor searched. */
  readonly ignored: ReadonlySet<string>;
  /** Value of a tag that is no option here; undefined when there is none. */
  readonly elsewhere: (name: string) => string | undefined;
  /** Of the same filter or action, as it was used before. */
  readonly flats: Flats;
}

/** What is kept of a filter or an action from one use to the next. */
export interface Flats {
  /** Uses so far. */
  use: number;
  readonly tags: Map<string, Tag>;
  /** By text. One is good for as long as its tags mean what they meant. */
  readonly texts: Map<string, Flat>;
}

export function noFlats(): Flats {
  return { use: 0, tags: new Map(), texts: new Map() };
}

/** A tag, and what it meant when it was last asked for; undefined: nothing, and it stays as it is. */
interface Tag {
  readonly name: string;
  use: number;
  meaning: string | undefined;
  /** Whether there are tags in that. */
  isDeep: boolean;
  /** The text for which it was last noted what it means. */
  noted: readonly Tag[];
}

/** A text in which those tags have been replaced that have tags in what they mean. */
interface Flat {
  /** What stands before, between and behind the tags that are left. */
  readonly texts: readonly string[];
  readonly tags: readonly Tag[];
  /** Tags that must mean what they meant: those that were replaced, and those that meant nothing. */
  readonly needs: readonly Tag[];
  readonly meant: readonly (string | undefined)[];
  /** Each tag with a meaning, as often as it stands there or stood in what was put in. */
  readonly put: readonly Tag[];
  /** Whether what is put in may make a tag of what stands around it, as in `<a-<b>>`: a `<` is still open where a text ends. */
  readonly open: boolean;
}

const NONE: readonly Tag[] = [];

/** Something that only the way in steps can judge. */
class Declined extends Error {}

/** Stands for a text that is being worked out: met again, it refers to itself. */
const UNDER_WAY: Flat = { texts: [], tags: [], needs: [], meant: [], put: [], open: false };

/** @returns all options; null where it cannot be said that the way in steps would find no fault */
export function putAtOnce(meanings: Meanings): Map<string, string> | null {
  const { values, ignored, flats } = meanings;
  const out = new Map<string, string>();
  flats.use += 1;
  try {
    values.forEach((value, name) => {
      out.set(name, value.includes("<") && !ignored.has(name) ? putIn(meanings, value) : value);
    });
    return out;
  } catch (cause) {
    // RangeError: tags in tags in tags, more than the stack holds.
    if (cause instanceof Declined || cause instanceof Unreadable || cause instanceof RangeError) return null;
    throw cause;
  }
}

/** Asks what the tag means in this use, once. */
function ask({ values, ignored, elsewhere, flats }: Meanings, tag: Tag): Tag {
  if (tag.use === flats.use) return tag;
  const { name } = tag;
  const meaning = ignored.has(name) ? undefined : (values.get(name) ?? elsewhere(name));
  tag.meaning = meaning;
  tag.isDeep = meaning !== undefined && meaning.includes("<");
  tag.use = flats.use;
  return tag;
}

/** The text with all its tags replaced. */
function putIn(meanings: Meanings, text: string): string {
  const { texts, tags, put } = flatOf(meanings, text);
  if (put.length === 0) return text;
  let out = texts[0] ?? "";
  for (let at = 0; at < tags.length; at += 1) {
    const tag = tags[at] as Tag;
    out += (tag.meaning ?? `<${tag.name}>`) + (texts[at + 1] ?? "");
  }
  if (out.length > VALUE_LENGTH) throw new Declined();
  return out;
}

/** All tags that are left in it have been asked for. */
function flatOf(meanings: Meanings, text: string): Flat {
  const { texts } = meanings.flats;
  const before = texts.get(text);
  if (before === UNDER_WAY) throw new Declined();
  if (before !== undefined && isGood(meanings, before)) return before;
  texts.set(text, UNDER_WAY);
  try {
    const flat = flatten(meanings, text);
    texts.set(text, flat);
    return flat;
  } finally {
    if (texts.get(text) === UNDER_WAY) texts.delete(text);
  }
}

function isGood(meanings: Meanings, { tags, needs, meant }: Flat): boolean {
  for (let at = 0; at < needs.length; at += 1) if (ask(meanings, needs[at] as Tag).meaning !== meant[at]) return false;
  for (let at = 0; at < tags.length; at += 1) if (ask(meanings, tags[at] as Tag).isDeep) return false;
  return true;
}

/** A text that is being flattened. */
interface Draft {
  readonly needs: Tag[];
  readonly meant: (string | undefined)[];
  readonly put: Tag[];
}

function note({ needs, meant }: Draft, tag: Tag, meaning: string | undefined): void {
  if (tag.noted === needs) return;
  tag.noted = needs;
  needs.push(tag);
  meant.push(meaning);
}

function flatten(meanings: Meanings, from: string): Flat {
  const draft: Draft = { needs: [], meant: [], put: [] };
  const { needs, meant, put } = draft;
  for (let cut = cutText(meanings.flats, from); ;) {
    const before = put.length;
    const { texts, tags, open } = putInto(meanings, cut, draft);
    if (put.length > TAG_STEPS || (put.length > SAME_TAG && isOften(put))) throw new Declined();
    if (!open || put.length === before) return { texts, tags, needs, meant, put, open };
    let text = texts[0] ?? "";
    for (let at = 0; at < tags.length; at += 1) {
      const tag = tags[at] as Tag;
      note(draft, tag, tag.meaning);
      text += (tag.meaning ?? `<${tag.name}>`) + (texts[at + 1] ?? "");
    }
    if (text.length > VALUE_LENGTH) throw new Declined();
    cut = cutText(meanings.flats, text);
  }
}

/** A text cut at its tags. */
type Cut = Pick<Flat, "texts" | "tags" | "open">;

/** Puts in what has tags itself. */
function putInto(meanings: Meanings, cut: Cut, draft: Draft): Cut {
  let isDeep = false;
  for (let at = 0; at < cut.tags.length; at += 1) {
    const tag = ask(meanings, cut.tags[at] as Tag);
    if (tag.meaning === undefined) note(draft, tag, undefined);
    else draft.put.push(tag);
    isDeep ||= tag.isDeep;
  }
  return isDeep ? deepen(meanings, cut, draft) : cut;
}

function deepen(meanings: Meanings, cut: Cut, draft: Draft): Cut {
  let text = cut.texts[0] ?? "";
  let { open } = cut;
  const texts: string[] = [];
  const tags: Tag[] = [];
  for (let at = 0; at < cut.tags.length; at += 1) {
    const tag = cut.tags[at] as Tag;
    const next = cut.texts[at + 1] ?? "";
    const { meaning } = tag;
    if (meaning !== undefined && tag.isDeep) {
      const flat = flatOf(meanings, meaning);
      note(draft, tag, meaning);
      for (let need = 0; need < flat.needs.length; need += 1) note(draft, flat.needs[need] as Tag, flat.meant[need]);
      draft.put.push(...flat.put);
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
function cutText({ tags: known }: Flats, text: string): Cut {
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
        tags.push(tagOf(known, name));
        from = close + 1;
      }
    }
    open = next;
  }
  const rest = text.slice(from);
  texts.push(rest);
  return { texts, tags, open: isOpen || isLeftOpen(rest) };
}

function tagOf(tags: Map<string, Tag>, name: string): Tag {
  const before = tags.get(name);
  if (before !== undefined) return before;
  const tag: Tag = { name, use: 0, meaning: undefined, isDeep: false, noted: NONE };
  tags.set(name, tag);
  return tag;
}

/** Whether a `<` might still become a tag. */
function isLeftOpen(text: string): boolean {
  const open = text.lastIndexOf("<");
  return open >= 0 && !text.includes(">", open) && !text.includes(" ", open);
}
