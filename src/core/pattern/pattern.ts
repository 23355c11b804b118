/** What the rest of the program sees of a compiled expression. */
import { type MergePlan } from "./groups.ts";
import { type NeedleSet } from "./needles.ts";
import { type Regex } from "./regex.ts";

export type UseDns = "yes" | "warn" | "no" | "raw";

export interface PatternOptions {
  /** What `<HOST>` stands for. */
  readonly usedns: UseDns;
  /** `^` and `$` match at line ends too: `maxlines` > 1. */
  readonly multiline: boolean;
}

/** A failregex, ignoreregex or prefregex, ready to search with. */
export interface Pattern {
  /** As written, tags and all. */
  readonly source: string;
  /** With tags replaced, as `get failregex` shows it. */
  readonly expanded: string;
  /** Names of the groups in order of appearance. */
  readonly groups: readonly string[];
  /** The number of a group by its name; -1: there is none. */
  groupAt(name: string): number;
  /** The group with this name ends where the match does, wherever it takes part. */
  isLast(name: string): boolean;
  /** Whether it can tell whom to count: has one of the groups fid, ip4, ip6, dns, mlfid. */
  readonly hasId: boolean;
  /** Literals of which every match contains at least one; null where that could not be proven. */
  readonly needles: NeedleSet | null;
  /** Other literals of which the same holds, the likely rarest first: which are rare indeed only a log can tell. */
  readonly needleSets: readonly NeedleSet[];
  /** Whether V8's linear engine takes it. */
  readonly linear: boolean;
  /**
   * Characters with which every text that matches begins, for dispatch: of a text that begins with another ASCII character
   * the answer is surely no. Null where nothing is known.
   */
  readonly firstChars: ReadonlySet<number> | null;
  /** How alternates and tuples are worked into other groups: for `mergedGroups`. */
  readonly merging: MergePlan;
  /** The compiled expression, for lint and explanations. */
  readonly regex: Regex;
  /**
   * Searches `text` (unanchored). GAVE_UP: the step limit was reached, the answer for this text is not known.
   * @param ascii whether the text is pure ASCII, if the caller knows: it is tested otherwise.
   */
  exec(text: string, ascii?: boolean): Match | null | typeof GAVE_UP;
  /** Whether it is found at all. */
  test(text: string, ascii?: boolean): boolean | typeof GAVE_UP;
}

export const GAVE_UP = "gave up";

export interface Match {
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
  /** What the group captured; undefined when it took no part or does not exist. */
  get(name: string): string | undefined;
  /** The same by the group's number (`Pattern.groupAt`), for every line. */
  text(group: number): string | undefined;
  /** Where the group matched, or null. Costs another search in some cases: not for every line. */
  span(name: string): readonly [start: number, end: number] | null;
}

export type Compiled =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly message: string };
