/** From the groups of a match to the fields of a failure: alternates (`<F-ALT_USER>`) and tuples (`<F-TUPLE_ID>`), engine.md §2.3. */
import { type Match } from "./pattern.ts";
import { groupName } from "./tags.ts";

/** What a group is worth: a text, several joined by `tuple_` groups, or null where it took no part. */
export type GroupValue = string | readonly (string | null)[] | null;

export interface MergePlan {
  /** All groups, in order of appearance. */
  readonly groups: readonly string[];
  /** Groups that feed another one, in the order in which they do. */
  readonly feeds: readonly Feed[];
}

export interface Feed {
  readonly group: string;
  readonly into: string;
  /** alt: used where `into` has no value. tuple: joined to the value of `into`. */
  readonly kind: "alt" | "tuple";
}

const FEEDING = /^(alt|tuple)_(.*?)(?:_\d+)?$/s;

/** Made once for an expression. */
export function mergePlan(groups: readonly string[]): MergePlan {
  const feeds: Feed[] = [];
  for (const group of groups.toSorted((a, b) => (a < b ? -1 : 1))) {
    const parts = group.length > 4 ? FEEDING.exec(group) : null;
    const base = parts?.[2];
    if (parts === null || base === undefined) continue;
    feeds.push({ group, into: groupName(base), kind: parts[1] === "alt" ? "alt" : "tuple" });
  }
  return { groups, feeds };
}

/**
 * All named groups of a match, with alternates and tuples worked into others (they themselves stay as well).
 * @returns a value for each group; null for one that took no part.
 */
export function mergedGroups(plan: { readonly merging: MergePlan }, match: Match): ReadonlyMap<string, GroupValue> {
  const { groups, feeds } = plan.merging;
  const values = new Map<string, GroupValue>();
  for (const group of groups) values.set(group, match.get(group) ?? null);
  for (const feed of feeds) {
    const value = match.get(feed.group) ?? null;
    const base = values.get(feed.into) ?? null;
    if (feed.kind === "tuple")
      values.set(feed.into, typeof base === "object" && base !== null ? [...base, value] : [base, value]);
    else if (value !== null && value !== "" && (base === null || base === "")) values.set(feed.into, value);
  }
  return values;
}
