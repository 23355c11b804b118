/** Seeded random expressions of Python's dialect, right and wrong ones, and texts that they may match. */

/** A small generator of numbers (xorshift), so that a seed gives the same run everywhere. */
export function numbers(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export type Pick = (below: number) => number;

const ATOMS = [
  "a",
  "b",
  "c",
  "ab",
  "A",
  ".",
  "\\w",
  "\\d",
  "\\s",
  "\\S",
  "\\W",
  "\\D",
  "[ab]",
  "[^a]",
  "[a-c]",
  "[^\\s]",
  "[\\w-]",
  "1",
  " ",
  ":",
  "\\n",
  "é",
  "ß",
  "[^\\W\\d]",
  "[]a]",
  "[^]b]",
  "x",
  "k",
  "K",
  "s",
  "i",
  "\\x41",
  "\\-",
  "\u{1f600}",
];
const EDGES = [
  "^",
  "$",
  "\\b",
  "\\B",
  "\\A",
  "\\Z",
  "(?=a)",
  "(?!a)",
  "(?!ab)",
  "(?!b|ca)",
  "(?!a\\b)",
  "(?<=a)",
  "(?<!b)",
  "(?=.*b)",
  "(?<=[ab]c)",
  "(?!.*c$)",
];
const REPEATS = [
  "*",
  "+",
  "?",
  "{2}",
  "{1,3}",
  "{,2}",
  "{2,}",
  "{1,18}",
  "{0}",
  "*?",
  "+?",
  "??",
  "{1,2}?",
  "*+",
  "++",
  "?+",
  "{1,2}+",
];

export function randomExpression(pick: Pick): string {
  const made = { groups: 0, closed: [] as number[] };
  const flags = pick(12) === 0 ? ["(?i)", "(?s)", "(?m)", "(?a)", "(?im)", "(?x)"][pick(6)] : "";
  return flags + choice(pick, made, 3);
}

interface Made {
  groups: number;
  closed: number[];
}

function choice(pick: Pick, made: Made, depth: number): string {
  const branches = [sequence(pick, made, depth)];
  while (pick(4) === 0) branches.push(sequence(pick, made, depth));
  return branches.join("|");
}

function sequence(pick: Pick, made: Made, depth: number): string {
  let text = "";
  for (let left = pick(4); left >= 0; left--) text += repeated(pick, made, depth);
  return text;
}

function repeated(pick: Pick, made: Made, depth: number): string {
  if (pick(8) === 0) return EDGES[pick(EDGES.length)] ?? "";
  const atom = item(pick, made, depth);
  return pick(3) === 0 ? atom + (REPEATS[pick(REPEATS.length)] ?? "") : atom;
}

function item(pick: Pick, made: Made, depth: number): string {
  if (depth === 0 || pick(3) > 0) return ATOMS[pick(ATOMS.length)] ?? "a";
  const kind = pick(12);
  if (kind < 5) {
    const number = ++made.groups;
    const name = pick(2) === 0 ? `?P<g${number}>` : "";
    const body = choice(pick, made, depth - 1);
    made.closed.push(number);
    return `(${name}${body})`;
  }
  const body = (): string => choice(pick, made, depth - 1);
  if (kind < 7) return `(?:${body()})`;
  if (kind === 7) return `(?>${body()})`;
  if (kind === 8) return `(?${pick(2) === 0 ? "=" : "!"}${body()})`;
  if (kind === 9) return `(?${["i", "s", "m", "-i", "i-s"][pick(5)]}:${body()})`;
  const group = made.closed[pick(Math.max(1, made.closed.length))];
  if (group === undefined) return `(?:${body()})`;
  if (kind === 10) return `(?:\\${group})`;
  return `(?(${group})${sequence(pick, made, depth - 1)}|${sequence(pick, made, depth - 1)})`;
}

const PIECES = ["a", "b", "c", "ab", "A", "aa", "1", " ", ":", "\n", "x", "k", "S", "i", "-", "]", "_"];
const OTHERS = ["é", "ß", "\u0130", "\u017f", "\u212a", "٣", "\u00a0", "\u001c", "\u{1f600}", "ı", "K", "\u0085"];

/** @param wide with characters beyond ASCII */
export function randomText(pick: Pick, wide: boolean): string {
  let text = "";
  for (let left = pick(12); left > 0; left--) {
    text += wide && pick(4) === 0 ? (OTHERS[pick(OTHERS.length)] ?? "") : (PIECES[pick(PIECES.length)] ?? "");
  }
  return pick(3) === 0 ? `${text}\n` : text;
}

const DAMAGE = [
  "(",
  ")",
  "[",
  "]",
  "*",
  "+",
  "?",
  "{",
  "}",
  "|",
  "\\",
  "\\e",
  "\\1",
  "\\9",
  "(?P<a>",
  "(?P<a>b)",
  "(?P=a)",
  "(?P<",
  "(?",
  "(?i)",
  "(?<=a*)",
  "(?<",
  "(?(1)",
  "(?(a)b|c|d)",
  "{2,1}",
  "\\x1",
  "\\u12",
  "\\777",
  "[z-a]",
  "[a-\\d]",
  "(?#",
  "(?-i",
  "(?ii-i:a)",
  "(?P>",
  "(?z)",
  "a{99999999999}",
  "\n",
  "(?P<1>a)",
  "(?()a)",
  "(?(0)a)",
  "(?a-u:b)",
  "(?L)",
  "(?au:x)",
  "(?i-:x)",
  "(?-:x)",
  "(?i-z:x)",
  "(?iz)",
];

/** Random expressions with something wrong in them, mostly. */
export function damagedExpression(pick: Pick): string {
  const sound = Array.from(randomExpression(pick));
  const at = pick(sound.length + 1);
  sound.splice(at, pick(3) === 0 ? 1 : 0, DAMAGE[pick(DAMAGE.length)] ?? "");
  return sound.join("");
}
