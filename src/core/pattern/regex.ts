/**
 * A compiled expression: chooses for each text the evaluator that is safe and quick (DESIGN §5). All evaluators give
 * the same answer; `matcher.ts` says what it is.
 *
 * - text of ASCII, expression printable: JavaScript; V8's linear engine where the text is long;
 * - everything else: a loose outline may say "surely not", then the matcher decides.
 */
import { withoutConditions } from "./conditions.ts";
import { isPrepared, linearForm } from "./engine.ts";
import { isStrictIp6 } from "./loose.ts";
import { runProgram, MAX_STEPS } from "./matcher.ts";
import { type Finding, type Layout, layoutOf, PrintedFinding, ProgramFinding } from "./finding.ts";
import { printOutline } from "./outline.ts";
import { parse } from "./parse.ts";
import { GAVE_UP } from "./pattern.ts";
import { print, type Printed } from "./print.ts";
import { compile, type Program } from "./program.ts";
import { type Flags } from "./reading.ts";
import { safeLength } from "./shape.ts";
import { type Tree } from "./tree.ts";

/** Texts above go to V8's linear engine, which no text can stall, but which is some fifty times slower on ordinary ones. */
export const LONG_TEXT = 2048;

export type Evaluator = "auto" | "printed" | "linear" | "matcher";

export interface Regex {
  /** The expression as it was given. */
  readonly source: string;
  readonly tree: Tree;
  /** The JavaScript form for ASCII text; null if there is none. */
  readonly printed: string | null;
  /** Whether V8's linear engine takes it. */
  readonly linear: boolean;
  /**
   * Searches `text` from `from` on, as if the text ended at `to`; `^` is the text's start even so.
   * @param ascii whether the text is pure ASCII, if the caller knows.
   */
  exec(text: string, from?: number, to?: number, ascii?: boolean): Finding | null | typeof GAVE_UP;
  /** The same by one certain evaluator, for tests; null also where it cannot answer. */
  execBy(evaluator: Exclude<Evaluator, "auto">, text: string): Finding | null | typeof GAVE_UP | "cannot";
}

export type CompiledRegex = { readonly ok: true; readonly regex: Regex } | { readonly ok: false; readonly message: string };

/** @param source Python's dialect, no tags. @param flags in force as if they stood at the start. */
export function compileRegex(source: string, flags: Partial<Flags> = {}): CompiledRegex {
  const parsed = parse(source, flags);
  return parsed.ok ? { ok: true, regex: new CompiledExpression(source, parsed.tree) } : parsed;
}

const OTHER_THAN_ASCII = /[^\x00-\x7f]/;
const SURROGATE = /[\ud800-\udfff]/;

export function isAscii(text: string): boolean {
  return !OTHER_THAN_ASCII.test(text);
}

class CompiledExpression implements Regex {
  readonly source: string;
  readonly tree: Tree;
  readonly #layout: Layout;
  readonly #printed: Printed | null;
  readonly #plain: RegExp | null;
  /** Texts up to this length may be given to the plain form. */
  readonly #plainLength: number;
  readonly #linear: RegExp | null;
  #outline: RegExp | null = null;
  #program: Program | null = null;

  constructor(source: string, tree: Tree) {
    const root = withoutConditions(tree.root);
    const printed = print(root, tree.groups);
    const plain = printed === null ? null : tryRegExp(printed.source);
    this.source = source;
    this.tree = tree;
    this.#printed = plain === null ? null : printed;
    this.#plain = plain;
    this.#linear = printed === null ? null : linearForm(printed.source);
    this.#plainLength = this.#linear !== null && isPrepared() ? LONG_TEXT : Math.min(65_536, safeLength(root));
    this.#layout = layoutOf(tree, printed, (text, start) => this.#match(text, start, true));
  }

  get printed(): string | null {
    return this.#printed?.source ?? null;
  }

  get linear(): boolean {
    return this.#linear !== null;
  }

  exec(text: string, from = 0, to = text.length, ascii?: boolean): Finding | null | typeof GAVE_UP {
    const cut = to < text.length ? text.slice(0, to) : text;
    if (cut.length > 0 && (ascii ?? isAscii(cut))) {
      if (from > 0) return this.#execFrom(cut, from);
      const expression = cut.length <= this.#plainLength ? this.#plain : this.#linear;
      if (expression !== null) return this.#run(expression, cut);
    }
    return this.#decide(cut, from);
  }

  execBy(evaluator: Exclude<Evaluator, "auto">, text: string): Finding | null | typeof GAVE_UP | "cannot" {
    if (evaluator === "matcher") return this.#match(text, 0, false);
    const expression = evaluator === "linear" ? this.#linear : this.#plain;
    return expression === null || text === "" || !isAscii(text) ? "cannot" : this.#run(expression, text);
  }

  /** Whether the outline allows a match; for tests. */
  mayMatch(text: string): boolean {
    this.#outline ??= tryRegExp(printOutline(this.tree.root));
    return this.#outline === null || text.length > LONG_TEXT || SURROGATE.test(text) || this.#outline.test(text);
  }

  #run(expression: RegExp, text: string): Finding | null | typeof GAVE_UP {
    const found = expression.exec(text);
    if (found === null || this.#printed === null) return null;
    for (const capture of this.#printed.loose) {
      const address = found[capture];
      if (address !== undefined && !isStrictIp6(address)) return this.#match(text, 0, false);
    }
    return new PrintedFinding(this.#layout, found, text);
  }

  /** The whole text is searched first: mostly there is no match at all, or it lies after `from`. */
  #execFrom(text: string, from: number): Finding | null | typeof GAVE_UP {
    const expression = text.length <= this.#plainLength ? this.#plain : this.#linear;
    if (expression === null) return this.#decide(text, from);
    const found = this.#run(expression, text);
    return found === null || found === GAVE_UP || found.start >= from ? found : this.#match(text, from, false);
  }

  #decide(text: string, from: number): Finding | null | typeof GAVE_UP {
    return this.mayMatch(text) ? this.#match(text, from, false) : null;
  }

  #match(text: string, from: number, anchored: boolean): ProgramFinding | null | typeof GAVE_UP {
    this.#program ??= compile(this.tree);
    const slots = runProgram(this.#program, { text, from, anchored, steps: MAX_STEPS, watcher: null });
    if (slots === null || slots === "gave up") return slots;
    return new ProgramFinding(this.#layout, slots, text);
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
