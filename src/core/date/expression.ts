/**
 * From a pattern, with its codes already spelled out, to the whole expression that is searched for: boundaries at both
 * ends, a first group (the part that is cut out of the line), flags in front (engine.md §3.4). Compiles nothing.
 */

/** How the expression is bound to the line; decides how the detector may stop searching (engine.md §3.5). */
export const LINE_BEGIN = 8;
export const LINE_END = 4;
export const WORD_BEGIN = 2;
export const WORD_END = 1;

/** What stands in front: nothing, a word's begin, or the line's begin with at most two signs before. */
export type Begin = "none" | "word" | "line";

export interface Bounded {
  readonly regex: string;
  readonly flags: number;
  /** The begin of the line was put in front, which the template's name then says too. */
  readonly lineBegin: boolean;
}

/** A pattern may say how it wants to be bound, exactly at its beginning and in capitals. */
export const NO_BOUNDS = "{UNB}";
export const AT_LINE_BEGIN = "{^LN-BEG}";

const WORD_BEGINS = String.raw`(?=^|\b|\W)`;
const LINE_BEGINS = String.raw`^(?:\W{0,2})?`;
const WORD_ENDS = String.raw`(?=\b|\W|$)`;

/** An inline flag group; a bracket after a backslash is a literal. */
const FLAG_GROUP = /(?<!\\)\(\?[a-z]+\)/;
const PLAIN_GROUP = /(?<!\\)\((?!\?)/;
const BOUND_BEFORE = /^\(*(?:\(\?\w+\))?(?:\^|\(*\*\*|\((?:\?:)?\^)/;
const BOUND_AFTER = /(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/;
const BEGINS_LINE = /^(?:\(\?\w+\))?(?:\^|\((?:\?:)?\^(?!\|))/;
const ENDS_LINE = /(?<![\\|])\$\)?$/;
/** Two stars at an end: "no boundary here". */
const STARS_BEFORE = /^(\(*(?:\(\?\w+\))?\(*)\*\*/;
const STARS_AFTER = /(?<!\\)\*\*(\)*)$/;
/** What the added group leaves out: `^` and flags in front, `$` behind. */
const CORE = /^((?:\(\?\w+\))?\^?(?:\(\?\w+\))?)([^\n]*?)((?:(?<!\\)\$)?)$/;

/** Binds an expression at both ends and gives it a first group where it has none. */
export function bind(expression: string, begin: Begin, endsWord: boolean): Bounded {
  const trimmed = expression.trim();
  const inline = FLAG_GROUP.exec(trimmed)?.[0] ?? "";
  const bare = inline === "" ? trimmed : trimmed.replace(inline, () => "");
  const bindBegin = begin !== "none" && !BOUND_BEFORE.test(bare);
  const bindEnd = endsWord && !BOUND_AFTER.test(bare);
  const lineBegin = bindBegin && begin === "line";
  const grouped = PLAIN_GROUP.test(bare) ? bare : bare.replace(CORE, "$1($2)$3");
  const front = bindBegin ? (lineBegin ? LINE_BEGINS : WORD_BEGINS) : "";
  const whole = `${front}${grouped}${bindEnd ? WORD_ENDS : ""}`;
  const flags =
    (lineBegin || BEGINS_LINE.test(whole) ? LINE_BEGIN : 0) |
    (ENDS_LINE.test(whole) ? LINE_END : 0) |
    (bindBegin && !lineBegin ? WORD_BEGIN : 0) |
    (bindEnd ? WORD_END : 0);
  const regex = inline + whole.replace(STARS_BEFORE, "$1").replace(STARS_AFTER, "$1");
  return { regex, flags, lineBegin };
}
