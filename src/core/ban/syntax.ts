/**
 * Text of a ban formula → tree: that part of Python's expressions which computes numbers (engine.md §5.7).
 * Strings, lambdas, comprehensions and keyword arguments are refused here, at configuration time; unknown names are not.
 */
import type { BinaryOperator } from "./number.ts";

export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

export type Node =
  | { readonly is: "number"; readonly value: bigint | number | boolean }
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "member"; readonly of: Node; readonly name: string }
  | { readonly is: "index"; readonly of: Node; readonly at: Node }
  | { readonly is: "call"; readonly of: Node; readonly given: readonly Node[] }
  | { readonly is: "list"; readonly items: readonly Node[] }
  | { readonly is: "sign"; readonly sign: "+" | "-" | "~" | "not"; readonly of: Node }
  | { readonly is: "binary"; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly is: "logic"; readonly operator: "and" | "or"; readonly left: Node; readonly right: Node }
  | { readonly is: "compare"; readonly first: Node; readonly rest: readonly (readonly [Comparison, Node])[] }
  | { readonly is: "choice"; readonly test: Node; readonly yes: Node; readonly no: Node };

export type Parsed = { readonly ok: true; readonly tree: Node } | { readonly ok: false; readonly message: string };

/** Characters of a formula, and brackets, signs or powers within one another; more is refused. */
export const FORMULA_LIMITS = { characters: 4096, depth: 64 } as const;

interface Token {
  readonly kind: "number" | "word" | "mark" | "end";
  readonly text: string;
  readonly at: number;
}

const tokens =
  /\s+|(?<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?\w*|0[xXoObB]\w+)|(?<word>[A-Za-z_]\w*)|(?<mark>\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%<>&|^~()[\],.])/gy;

/** Binding of two-sided operators; a power binds to the right, all others to the left. */
const bindings: ReadonlyMap<string, number> = new Map(
  [
    ["if"],
    ["or"],
    ["and"],
    ["not"],
    ["<", "<=", ">", ">=", "==", "!="],
    ["|"],
    ["^"],
    ["&"],
    ["<<", ">>"],
    ["+", "-"],
    ["*", "/", "//", "%"],
    ["sign"],
    ["**"],
    ["(", "[", "."],
  ].flatMap((row, i) => row.map((mark) => [mark, i + 1] as const)),
);
const bindingOf = (mark: string): number => bindings.get(mark) ?? 0;

/** Words that Python has and formulas have not. */
const unsupported = new Set([
  "not",
  "lambda",
  "for",
  "in",
  "is",
  "await",
  "async",
  "import",
  "yield",
  "else",
  "if",
  "and",
  "or",
]);

class Trouble extends Error {}

/** @returns the tree, or what is wrong with the text and where. */
export function parseExpression(text: string): Parsed {
  if (text.length > FORMULA_LIMITS.characters)
    return { ok: false, message: `longer than ${FORMULA_LIMITS.characters} characters` };
  try {
    // Formulas have no texts, so that a number sign always begins a comment, as `bantime.factor = 2 # twice` needs it.
    return { ok: true, tree: new Parser(scan(text.replaceAll(/#.*/g, ""))).whole() };
  } catch (cause) {
    if (cause instanceof Trouble) return { ok: false, message: cause.message };
    throw cause;
  }
}

function scan(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    const { number, word, mark } = match.groups ?? {};
    if (number !== undefined) found.push({ kind: "number", text: number, at });
    else if (word !== undefined) found.push({ kind: "word", text: word, at });
    else if (mark !== undefined) found.push({ kind: "mark", text: mark, at });
    at = match.index + match[0].length;
  }
  if (at < text.length) throw new Trouble(`invalid syntax: unexpected '${text[at]}' at character ${at + 1}`);
  return [...found, { kind: "end", text: "the end", at }];
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  whole(): Node {
    const tree = this.#expression(0);
    if (this.#peek().kind !== "end") throw this.#unexpected(this.#peek());
    return tree;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "the end", at: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.text === text && (token.kind === "mark" || token.kind === "word");
  }

  #expect(text: string): void {
    if (!this.#is(text)) throw this.#unexpected(this.#peek());
    this.#next += 1;
  }

  #unexpected(token: Token): Trouble {
    return new Trouble(
      `invalid syntax: unexpected ${token.kind === "end" ? token.text : `'${token.text}'`} at character ${token.at + 1}`,
    );
  }

  /** Everything that binds tighter than `floor`. */
  #expression(floor: number): Node {
    this.#depth += 1;
    if (this.#depth > FORMULA_LIMITS.depth) throw new Trouble(`nested more than ${FORMULA_LIMITS.depth} deep`);
    let left = this.#start(floor);
    for (
      let token = this.#peek();
      token.kind !== "number" && bindingOf(token.text) > floor && token.text !== "not";
      token = this.#peek()
    ) {
      if (token.kind === "word" && token.text === "sign") break;
      left = this.#more(left, this.#take().text);
    }
    this.#depth -= 1;
    return left;
  }

  #start(floor: number): Node {
    const token = this.#take();
    if (token.kind === "number") return { is: "number", value: readNumber(token) };
    if (token.text === "not" && floor <= bindingOf("not"))
      return { is: "sign", sign: "not", of: this.#expression(bindingOf("not")) };
    if (token.text === "(" || token.text === "[") return this.#bracket(token.text);
    if (token.text === "+" || token.text === "-" || token.text === "~")
      return { is: "sign", sign: token.text, of: this.#expression(bindingOf("sign")) };
    if (token.kind !== "word" || unsupported.has(token.text)) throw this.#unexpected(token);
    if (token.text === "True" || token.text === "False") return { is: "number", value: token.text === "True" };
    return { is: "name", name: token.text };
  }

  #more(left: Node, mark: string): Node {
    switch (mark) {
      case "if": {
        const test = this.#expression(bindingOf("if"));
        this.#expect("else");
        return { is: "choice", test, yes: left, no: this.#expression(0) };
      }
      case "and":
      case "or":
        return { is: "logic", operator: mark, left, right: this.#expression(bindingOf(mark)) };
      case "(":
        return { is: "call", of: left, given: this.#items(")").items };
      case "[": {
        const at = this.#expression(0);
        this.#expect("]");
        return { is: "index", of: left, at };
      }
      case ".": {
        const name = this.#take();
        if (name.kind !== "word") throw this.#unexpected(name);
        return { is: "member", of: left, name: name.text };
      }
      case "**":
        return { is: "binary", operator: mark, left, right: this.#expression(bindingOf("sign") - 1) };
      default:
        return isComparison(mark)
          ? this.#comparison(left, mark)
          : { is: "binary", operator: asOperator(mark), left, right: this.#expression(bindingOf(mark)) };
    }
  }

  /** `a < b < c` is one question. */
  #comparison(first: Node, mark: Comparison): Node {
    const rest: (readonly [Comparison, Node])[] = [[mark, this.#expression(bindingOf("<"))]];
    for (let text = this.#peek().text; isComparison(text); text = this.#peek().text) {
      this.#next += 1;
      rest.push([text, this.#expression(bindingOf("<"))]);
    }
    return { is: "compare", first, rest };
  }

  #bracket(open: "(" | "["): Node {
    const { items, comma } = this.#items(open === "(" ? ")" : "]");
    const [only] = items;
    return open === "(" && !comma && only !== undefined ? only : { is: "list", items };
  }

  #items(close: string): { readonly items: readonly Node[]; readonly comma: boolean } {
    const items: Node[] = [];
    let comma = false;
    while (!this.#is(close)) {
      items.push(this.#expression(0));
      if (!this.#is(",")) break;
      this.#next += 1;
      comma = true;
    }
    this.#expect(close);
    return { items, comma };
  }
}

const comparisons: readonly string[] = ["<", "<=", ">", ">=", "==", "!="] satisfies readonly Comparison[];

function isComparison(mark: string): mark is Comparison {
  return comparisons.includes(mark);
}

/** The marks that are left when brackets, points and comparisons have been dealt with. */
function asOperator(mark: string): BinaryOperator {
  switch (mark) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "//":
    case "%":
    case "<<":
    case ">>":
    case "&":
    case "|":
    case "^":
      return mark;
    default:
      throw new Trouble(`invalid syntax: unexpected '${mark}'`);
  }
}

function readNumber(token: Token): bigint | number {
  const text = token.text.replaceAll(/(?<=[\da-fA-FxXoObB])_(?=[\da-fA-F])/g, "");
  if (/^(?:0+|[1-9]\d*|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(text)) return BigInt(text);
  if (/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) && /[.eE]/.test(text)) return Number(text);
  throw new Trouble(`invalid decimal literal '${token.text}' at character ${token.at + 1}`);
}
