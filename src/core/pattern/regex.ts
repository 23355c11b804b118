/**
 * A compiled expression: chooses for each text the evaluator that is safe and quick (DESIGN §5). All evaluators give
 * the same answer; `matcher.ts` says what it is.
 *
 * - text of ASCII, expression printable: JavaScript, on texts so short that it cannot take long, or, where they are not long,
 *   watched over by V8's linear engine;
 * - everything else: the matcher, which takes two to three times as long on ordinary lines;
 * - where the matcher gives up: V8's linear engine, if it takes the expression and the text is ASCII.
 */
import { withoutConditions } from "./conditions.ts";
import { isPrepared, linearForm } from "./engine.ts";
import { forgetFirsts } from "./first.ts";
import { withoutGuards } from "./guarded.ts";
import { withoutLooks } from "./unlooked.ts";
import { isStrictIp6 } from "./loose.ts";
import { runProgram, MAX_STEPS } from "./matcher.ts";
import { type Finding, type Layout, layoutOf, PrintedFinding, ProgramFinding } from "./finding.ts";
import { parse } from "./parse.ts";
import { GAVE_UP } from "./pattern.ts";
import { print, type Printed } from "./print.ts";
import { type Program } from "./instructions.ts";
import { compile } from "./program.ts";
import { type Flags } from "./reading.ts";
import { safeLength } from "./shape.ts";
import { type Tree } from "./tree.ts";

/**
 * Texts above go to the matcher, unless the expression's form says that they cannot take long: V8's own limit bounds exponential expressions, but not polynomial ones. Its linear
 * engine, which no text can stall, took twice the matcher's time on stock expressions with hostile lines, so it comes after.
 */
export const LONG_TEXT = 2048;

export type Evaluator = "printed" | "linear" | "matcher";
export type Answer = Finding | null | typeof GAVE_UP;

export interface Regex {
  /** The expression as it was given. */
  readonly source: string;
  /** Parsed anew each time that it is asked for: kept, it would be larger than all the rest. */
  readonly tree: Tree;
  /** Names of groups → their numbers. */
  readonly names: Tree["names"];
  /** The JavaScript form for ASCII text; null if there is none. */
  readonly printed: string | null;
  /** Whether V8's linear engine takes it. */
  readonly linear: boolean;
  /**
   * Searches `text` from `from` on, as if the text ended at `to`; `^` is the text's start even so.
   * @param ascii whether the text is pure ASCII, if the caller knows.
   */
  exec(text: string, from?: number, to?: number, ascii?: boolean): Answer;
  /** Whether `exec` finds something; asked where nobody wants to know what. */
  test(text: string, ascii?: boolean): boolean | typeof GAVE_UP;
  /** The same by one certain evaluator, for tests; "cannot" where it does not take the expression or the text. */
  execBy(evaluator: Evaluator, text: string): Answer | "cannot";
  /** The matcher's program. */
  readonly program: Program;
  /** The group with this number ends where the match does, wherever it takes part. */
  isLast(group: number): boolean;
}

export type CompiledRegex =
  | { readonly ok: true; readonly regex: Regex; readonly tree: Tree }
  | { readonly ok: false; readonly message: string };

/**
 * @param source Python's dialect, no tags.
 * @param flags in force as if they stood at the start.
 * @param isBounded it is known that a backtracking engine is quick with it on texts of any length.
 */
export function compileRegex(source: string, flags: Partial<Flags> = {}, isBounded = false): CompiledRegex {
  const parsed = parse(source, flags);
  if (!parsed.ok) return parsed;
  const { tree } = parsed;
  return { ok: true, regex: new CompiledExpression(source, flags, tree, isBounded), tree };
}

const OTHER_THAN_ASCII = /[^\x00-\x7f]/;

export function isAscii(text: string): boolean {
  return !OTHER_THAN_ASCII.test(text);
}

class CompiledExpression implements Regex {
  readonly source: string;
  readonly #flags: Partial<Flags>;
  readonly #layout: Layout;
  readonly #printed: Printed | null;
  readonly #plain: RegExp | null;
  /** Texts up to this length may be given to the plain form: longer ones perhaps, which is worked out for the first of them. */
  #plainLength: number;
  #isWorkedOut: boolean;
  readonly #linear: RegExp | null;
  /** A group with a name is not captured by the printed form: what this finds the matcher must find again. */
  readonly #asksMatcher: boolean;
  #later: RegExp | null = null;
  #program: Program | null = null;

  constructor(source: string, flags: Partial<Flags>, tree: Tree, isBounded: boolean) {
    const root = withoutConditions(tree.root);
    const printed = print(withoutLooks(withoutGuards(root)), tree.groups);
    const plain = printed === null ? null : tryRegExp(printed.source);
    const linear = plain === null || printed === null ? null : linearForm(printed.source);
    this.source = source;
    this.#flags = flags;
    this.#printed = plain === null ? null : printed;
    this.#plain = plain;
    this.#linear = linear;
    const isWatched = linear !== null && isPrepared();
    this.#plainLength = isBounded ? Infinity : isWatched ? LONG_TEXT : 0;
    this.#isWorkedOut = isBounded || plain === null;
    // Nobody asks for groups without a name but who explains the expression: `Layout.lost` sees to those.
    this.#asksMatcher = [...tree.names.values()].some((group) => printed?.lost.includes(group) === true);
    this.#layout = layoutOf(tree, printed, (text, start) => this.#match(text, start, true));
  }

  get tree(): Tree {
    const parsed = parse(this.source, this.#flags);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.tree;
  }

  get names(): Tree["names"] {
    return this.#layout.names;
  }

  get printed(): string | null {
    return this.#printed?.source ?? null;
  }

  get linear(): boolean {
    return this.#linear !== null;
  }

  get program(): Program {
    this.#program ??= compile(this.tree);
    return this.#program;
  }

  isLast(group: number): boolean {
    const place = this.#layout.fixed[group] ?? null;
    return place !== null && "fromEnd" in place && place.fromEnd === 0;
  }

  exec(text: string, from = 0, to = text.length, ascii?: boolean): Answer {
    const cut = to < text.length ? text.slice(0, to) : text;
    const plain = cut.length > 0 && (ascii ?? isAscii(cut));
    if (plain && this.#plain !== null && this.#takesPlain(cut.length)) {
      return this.#run(from === 0 ? this.#plain : this.#plainFrom(from), cut, from);
    }
    const found = this.#match(cut, from, false);
    if (found !== GAVE_UP || !plain || this.#linear === null || from > 0) return found;
    return this.#run(this.#linear, cut, 0);
  }

  test(text: string, ascii = isAscii(text)): boolean | typeof GAVE_UP {
    const isShort = ascii && text.length > 0 && this.#takesPlain(text.length);
    if (isShort && this.#plain !== null && this.#printed?.loose.length === 0) return this.#plain.test(text);
    const found = this.exec(text, 0, text.length, ascii);
    return found === GAVE_UP ? GAVE_UP : found !== null;
  }

  execBy(evaluator: Evaluator, text: string): Answer | "cannot" {
    if (evaluator === "matcher") return this.#match(text, 0, false);
    const expression = evaluator === "linear" ? this.#linear : this.#plain;
    return expression === null || text === "" || !isAscii(text) ? "cannot" : this.#run(expression, text, 0);
  }

  /** The plain form with its search set to begin at `from`: only a twin with `g` minds that. */
  #takesPlain(length: number): boolean {
    if (length <= this.#plainLength) return true;
    if (this.#isWorkedOut) return false;
    this.#isWorkedOut = true;
    this.#plainLength = Math.max(this.#plainLength, safeLength(withoutConditions(this.tree.root)));
    forgetFirsts();
    return length <= this.#plainLength;
  }

  #plainFrom(from: number): RegExp {
    this.#later ??= new RegExp(this.#printed?.source ?? "", "g");
    this.#later.lastIndex = from;
    return this.#later;
  }

  #run(expression: RegExp, text: string, from: number): Answer {
    const found = expression.exec(text);
    if (found === null || this.#printed === null) return null;
    const { loose } = this.#printed;
    for (let at = 0; at < loose.length; at += 1) {
      const address = found[loose[at] ?? 0];
      if (address !== undefined && !isStrictIp6(address)) return this.#match(text, from, false);
    }
    return this.#asksMatcher ? this.#match(text, found.index, true) : new PrintedFinding(this.#layout, found, text);
  }

  #match(text: string, from: number, anchored: boolean): Answer {
    const slots = runProgram(this.program, { text, from, anchored, steps: MAX_STEPS, watcher: null });
    return slots === null || slots === GAVE_UP ? slots : new ProgramFinding(this.#layout, slots, text);
  }
}

/** V8 refuses what is too large for it: then the matcher does the work. */
function tryRegExp(source: string): RegExp | null {
  try {
    return new RegExp(source);
  } catch {
    return null;
  }
}
