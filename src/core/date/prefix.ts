/**
 * "Does this text stand there in the line?", asked of every line: several times faster than `startsWith`. Where only the digits of its
 * clock are others, that is told too: lines of one minute differ in nothing else.
 */

/** Longest text that is kept; of a longer one nothing is, and then no line has it. */
const LONGEST = 128;

/** `12:34:56`, and with a fraction; what only looks like one, too (but for `2026:1`): then it is not clear which is meant. */
const CLOCK_LENGTH = 8;
const CLOCKS = /(?<!\d)\d\d:\d\d:\d\d(?!\d)(?:[.,]\d{1,6}(?!\d))?|(?<!\d{3})\d:\d/g;
const COLON = 0x3a;
const ZERO = 0x30;

/** What `compare` says. */
export const SAME = 0;
export const OTHER_CLOCK = 1;
export const DIFFERENT = 2;

export class Prefix {
  readonly #codes = new Uint16Array(LONGEST);
  /** −1: nothing kept. */
  #length = -1;
  /** The line must also end there. */
  #whole = false;
  /** Where the clock stands in it, and where its fraction ends; −1: there is none, or its digits may not differ. */
  #clock = -1;
  #clockEnd = -1;
  hour = 0;
  minute = 0;
  second = 0;

  /**
   * Keeps a part of `line`; `to` beyond its length keeps all of it, the line's end included.
   * @param clockTo where the part ends in which another clock may stand for the same; −1: none may
   */
  keep(line: string, from: number, to: number, clockTo: number): void {
    this.#whole = to > line.length;
    const length = (this.#whole ? line.length : to) - from;
    this.#length = length > LONGEST ? -1 : length;
    for (let at = 0; at < this.#length; at += 1) this.#codes[at] = line.charCodeAt(from + at);
    this.#clock = -1;
    if (clockTo >= 0 && this.#length >= 0) this.#findClock(line, from, clockTo);
  }

  forget(): void {
    this.#length = -1;
  }

  /** Whether the text stands in `line`, which ends at `end`, at `from`; or would with another time of the day, which then stands in `hour` and so on. */
  compare(line: string, from: number, end: number): typeof SAME | typeof OTHER_CLOCK | typeof DIFFERENT {
    const length = this.#length;
    const rest = end - from;
    if (length < 0 || rest < length || (this.#whole && rest !== length)) return DIFFERENT;
    // From the end: seconds differ more often than years.
    let at = length - 1;
    while (at >= 0 && line.charCodeAt(from + at) === this.#codes[at]) at -= 1;
    if (at < 0) return SAME;
    const clock = this.#clock;
    if (clock < 0 || at < clock || at >= this.#clockEnd || !this.#hasClock(line, from)) return DIFFERENT;
    for (at = clock - 1; at >= 0; at -= 1) if (line.charCodeAt(from + at) !== this.#codes[at]) return DIFFERENT;
    return OTHER_CLOCK;
  }

  /** Takes the clock of a line of which `compare` said that it is another one. */
  turn(line: string, from: number): void {
    for (let at = this.#clock; at < this.#clockEnd; at += 1) this.#codes[at] = line.charCodeAt(from + at);
  }

  #findClock(line: string, from: number, to: number): void {
    const [found, ...others] = line.slice(from, from + this.#length).matchAll(CLOCKS);
    if (found === undefined || others.length > 0 || !this.#readClock(line, from + found.index)) return;
    const end = found.index + found[0].length;
    if (end > to - from) return;
    this.#clock = found.index;
    this.#clockEnd = end;
  }

  /** Digits where the clock has digits, and the same between them. */
  #hasClock(line: string, from: number): boolean {
    const fraction = this.#clock + CLOCK_LENGTH;
    if (!this.#readClock(line, from + this.#clock)) return false;
    for (let at = fraction; at < this.#clockEnd; at += 1) {
      const code = line.charCodeAt(from + at);
      if (at === fraction ? code !== this.#codes[at] : code < ZERO || code > ZERO + 9) return false;
    }
    return true;
  }

  #readClock(line: string, at: number): boolean {
    if (line.charCodeAt(at + 2) !== COLON || line.charCodeAt(at + 5) !== COLON) return false;
    this.hour = twoDigits(line, at);
    this.minute = twoDigits(line, at + 3);
    this.second = twoDigits(line, at + 6);
    return this.hour < 24 && this.minute < 60 && this.second < 60;
  }
}

/** NaN where there are others than digits: no number is smaller than that. */
function twoDigits(line: string, at: number): number {
  const tens = line.charCodeAt(at) - ZERO;
  const ones = line.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
