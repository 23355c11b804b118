/** Reads the letters of `(?i)` and `(?i-s:…)`. */
import { complain, type Flags, type Reading, take } from "./reading.ts";

type Change = Partial<Flags>;

const LETTERS = new Map<string, Change>([
  ["i", { ignoreCase: true }],
  ["m", { multiline: true }],
  ["s", { dotAll: true }],
  ["x", { verbose: true }],
  ["a", { ascii: true }],
  ["u", { ascii: false }],
  ["L", {}],
  ["t", {}],
]);

export interface FlagChange {
  /** For the whole expression: the bracket closed at once. */
  readonly whole: boolean;
  readonly on: Change;
  readonly off: Change;
}

/** @param first the letter or hyphen after `(?`, already taken. */
export function readFlags(reading: Reading, first: string): FlagChange {
  if (first !== "-" && !LETTERS.has(first)) {
    complain(reading, `unknown extension ?${first}`, reading.at - Array.from(first).length - 1);
  }
  const letters = { on: "", off: "" };
  let end = first;
  if (first !== "-") end = readLetters(reading, first, letters);
  if (end === ")") return { whole: true, on: changes(letters.on), off: {} };
  if (letters.on.includes("t")) complain(reading, "bad inline flags: cannot turn on global flag", reading.at - 1);
  if (end === "-") readOff(reading, letters);
  if ([...letters.on].some((letter) => letters.off.includes(letter))) {
    complain(reading, "bad inline flags: flag turned on and off", reading.at - 1);
  }
  const off = Object.fromEntries(Object.keys(changes(letters.off)).map((name) => [name, false]));
  return { whole: false, on: changes(letters.on), off };
}

function changes(letters: string): Change {
  return [...letters].reduce<Change>((change, letter) => ({ ...change, ...LETTERS.get(letter) }), {});
}

function readLetters(reading: Reading, first: string, letters: { on: string }): string {
  for (let letter = first; ;) {
    if (letter === "L") complain(reading, "bad inline flags: cannot use 'L' flag with a str pattern", reading.at);
    letters.on += letter;
    if (letters.on.includes("a") && letters.on.includes("u")) {
      complain(reading, "bad inline flags: flags 'a', 'u' and 'L' are incompatible", reading.at);
    }
    letter = take(reading);
    if (letter === "") complain(reading, "missing -, : or )", reading.at);
    if (letter === ")" || letter === "-" || letter === ":") return letter;
    if (!LETTERS.has(letter)) unknown(reading, letter, "missing -, : or )");
  }
}

function readOff(reading: Reading, letters: { off: string }): void {
  let letter = take(reading);
  if (letter === "") complain(reading, "missing flag", reading.at);
  if (!LETTERS.has(letter)) unknown(reading, letter, "missing flag");
  for (;;) {
    if (letter === "a" || letter === "u" || letter === "L") {
      complain(reading, "bad inline flags: cannot turn off flags 'a', 'u' and 'L'", reading.at);
    }
    letters.off += letter;
    letter = take(reading);
    if (letter === "") complain(reading, "missing :", reading.at);
    if (letter === ":") break;
    if (!LETTERS.has(letter)) unknown(reading, letter, "missing :");
  }
  if (letters.off.includes("t")) complain(reading, "bad inline flags: cannot turn off global flag", reading.at - 1);
}

function unknown(reading: Reading, letter: string, otherwise: string): never {
  const message = /^\p{L}/u.test(letter) ? "unknown flag" : otherwise;
  return complain(reading, message, reading.at - Array.from(letter).length);
}
