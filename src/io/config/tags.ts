/**
 * `<tag>` substitution while filters and actions are read (config-cli.md §1.6).
 *
 * What has no value here stays: `<HOST>`, `<ip>`, `<F-USER>` have their meaning later. Does not touch plain jail options.
 */
import type { Place } from "../../base/index.ts";
import { Unreadable } from "./files.ts";
import { isSoundAtOnce, putAtOnce, type Meanings } from "./flat.ts";
import { SAME_TAG, TAG_STEPS, VALUE_LENGTH } from "./limits.ts";

/**
 * Replaces the tags in all values.
 * @throws Unreadable when options refer to themselves
 */
export function putTags(meanings: Meanings): Map<string, string> {
  return putAtOnce(meanings) ?? putInSteps(meanings);
}

/** The same for those who need not know what comes of it. */
export function checkTags(meanings: Meanings): void {
  if (!isSoundAtOnce(meanings)) putInSteps(meanings);
}

/** One tag after the other, as the original does it: its complaints depend on the order. */
export function putInSteps(meanings: Meanings): Map<string, string> {
  const { ignored } = meanings;
  const values = new Map(meanings.values);
  let open = [...values.keys()].filter((option) => !ignored.has(option));
  // Only what changed can change again: `<a-<b>>` is a tag of its own once <b> has been put in.
  while (open.length > 0) {
    open = open.filter((option) => {
      const value = values.get(option) ?? "";
      if (!value.includes("<")) return false;
      const replaced = putIn(option, value, values, meanings);
      values.set(option, replaced);
      return replaced !== value;
    });
  }
  return values;
}

function putIn(option: string, from: string, values: ReadonlyMap<string, string>, meanings: Meanings): string {
  const { ignored } = meanings;
  const counts = new Map<string, number>();
  let value = from;
  let steps = 0;
  for (let open = value.indexOf("<"); open >= 0; open = value.indexOf("<", open)) {
    const name = tagAt(value, open);
    open += 1;
    if (name === null || ignored.has(name)) continue;
    const count = counts.get(name) ?? 0;
    if (name === option || count > SAME_TAG) throw selfReferring(option, name, counts, value, meanings.at(option));
    const replacement = values.get(name) ?? meanings.elsewhere(name);
    if (replacement === undefined) continue;
    counts.set(name, count + 1);
    value = value.replaceAll(`<${name}>`, () => replacement);
    steps += 1;
    if (steps > TAG_STEPS || value.length > VALUE_LENGTH)
      throw new Unreadable(
        `option ${option} grows over ${VALUE_LENGTH} characters when its tags are replaced`,
        meanings.at(option),
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
