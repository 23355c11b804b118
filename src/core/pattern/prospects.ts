/**
 * From where in a text may a match still be completed? Worked out once, from the text's end to its front, for every
 * instruction of a program: so the matcher need not try ways that lead nowhere, and a hostile line costs it little more
 * than going through it once.
 *
 * The set of hopeful instructions at a position follows from the next position's and the character between them. There are
 * few such sets in one text, so each step is worked out once and then looked up (an automaton of sets, made as it is
 * needed). In doubt there is hope: numbers of rounds, edges of words, back-references, conditions and the insides of
 * look-around are passed over. It may therefore say "perhaps" where the answer is no, never the other way round.
 *
 * What stands in an atomic group or in look-around is hopeful whatever comes after the group: its way is chosen without it.
 */
import { isEdge } from "./at.ts";
import { classOf } from "./first.ts";
import { HOPE, type Plan, planOf } from "./hopes.ts";
import { type Program } from "./instructions.ts";

export interface Prospects {
  /** False: no way on from the instruction at `address` and the position `at` ends in a match. */
  may(address: number, at: number): boolean;
  /** @returns the first position from `at` to `last` where a match may begin; one more than `last` if there is none */
  nextStart(at: number, last: number): number;
  /** What it took, in steps of the matcher. */
  readonly steps: number;
}

/** Instructions looked at; beyond, everything before the position that was reached is hopeful. Some three milliseconds. */
const MAX_WORK = 600_000;

export function prospectsOf(program: Program, text: string): Prospects {
  return new Backwards(planOf(program), text);
}

/** One text's sets of hopeful instructions; the first has all of them. */
class Backwards implements Prospects {
  readonly #plan: Plan;
  readonly #text: string;
  readonly #rows: Uint8Array[] = [];
  /** For each set and kind of character the number of the set one position before, plus one; 0: not known yet. */
  #before = new Uint16Array(0);
  readonly #known = new Map<number, number[]>();
  readonly #at: Uint16Array;
  /** Kinds of characters, and one for halves of characters. */
  readonly #width: number;
  readonly #isAscii: boolean;
  #work = 0;

  constructor(plan: Plan, text: string) {
    this.#plan = plan;
    this.#width = plan.fits.length + 1;
    this.#isAscii = !/[^\x00-\x7f]/.test(text);
    this.#text = text;
    this.#at = new Uint16Array(text.length + 1);
    this.#number(new Uint8Array(plan.kinds.length).fill(1));
    this.#goThrough();
  }

  get steps(): number {
    return (this.#work >> 2) + (this.#text.length >> 4);
  }

  may(address: number, at: number): boolean {
    const row = this.#rows[this.#at[at] ?? ALL];
    return row === undefined || row[this.#plan.numbers[address] ?? 0] === 1;
  }

  nextStart(at: number, last: number): number {
    const begins = this.#rows.map((row) => row[0] === 1);
    const sets = this.#at;
    let start = at;
    while (start <= last && !begins[sets[start] ?? ALL]) start++;
    return start;
  }

  #goThrough(): void {
    const last = this.#text.length - 1;
    let set = this.#workOut(null, 0, last + 1);
    this.#at[last + 1] = set;
    for (let at = last; at >= 0 && this.#work <= MAX_WORK;) {
      const unit = this.#text.charCodeAt(at);
      const kind = this.#plan.kindOf[classOf(unit)] ?? 0;
      const made = isSurrogate(unit) ? ALL : this.#workOut(this.#rows[set] ?? null, kind, at);
      // only the text's ends are special
      if (at > 0 && at < last) this.#before[set * this.#width + this.#kindAt(unit)] = made + 1;
      set = made;
      this.#at[at] = set;
      at = this.#goOn(at, set);
      set = this.#at[at] ?? ALL;
      at--;
    }
  }

  /** As far as sets are known. @returns the position that was reached, whose set is known */
  #goOn(from: number, known: number): number {
    const [text, before, sets, width] = [this.#text, this.#before, this.#at, this.#width];
    const { kindOf } = this.#plan;
    let set = known;
    let at = from;
    if (at === text.length - 1) return at;
    while (at > 1) {
      const unit = text.charCodeAt(at - 1);
      const kind = unit < 128 ? kindOf[unit] : this.#kindAt(unit);
      const made = before[set * width + (kind ?? 0)] ?? 0;
      if (made === 0) break;
      set = made - 1;
      at--;
      sets[at] = set;
    }
    return at;
  }

  #kindAt(unit: number): number {
    return isSurrogate(unit) ? this.#width - 1 : (this.#plan.kindOf[classOf(unit)] ?? 0);
  }

  /** @param there the set of the next position; null at the text's end. @returns the number of this position's set */
  #workOut(there: Uint8Array | null, kind: number, at: number): number {
    const { kinds, count, backward } = this.#plan;
    const here = new Uint8Array(kinds.length);
    const takes = there === null ? NONE : (this.#plan.fits[kind] ?? NONE);
    const next = there ?? here;
    // nearly all hopes are made of later ones of the same position
    do {
      for (let number = count - 1; number >= 0; number--) here[number] ||= this.#hopes(number, here, next, takes, at);
      this.#work += count;
    } while (backward.some((number) => here[number] === 0 && this.#hopes(number, here, next, takes, at) === 1));
    for (let number = count; number < kinds.length; number++) here[number] = this.#hopes(number, here, next, takes, at);
    return this.#number(here);
  }

  /** @param takes for each set whether it has the character at this position */
  #hopes(number: number, here: Uint8Array, there: Uint8Array, takes: Uint8Array, at: number): number {
    const { kinds, a, b } = this.#plan;
    const first = a[number] ?? 0;
    const second = b[number] ?? 0;
    switch (kinds[number]) {
      case HOPE.LIKE:
        return here[first] ?? 0;
      case HOPE.EITHER:
        return (here[first] ?? 0) | (here[second] ?? 0);
      case HOPE.BOTH:
        return (here[first] ?? 0) & (here[second] ?? 0);
      case HOPE.TAKE:
        return (takes[second] ?? 0) & (there[first] ?? 0);
      case HOPE.LOOP:
        return (here[first] ?? 0) | ((takes[second] ?? 0) & (there[number] ?? 0));
      case HOPE.LATER:
        return (here[first] ?? 0) | (there[number] ?? 0);
      case HOPE.AT_EDGE:
        return here[first] === 1 && isEdge(second, this.#text, at) ? 1 : 0;
      case HOPE.UNLESS:
        return (here[first] ?? 0) & (this.#isAscii ? 1 - (here[second] ?? 0) : 1);
      default:
        return 1;
    }
  }

  #number(row: Uint8Array): number {
    let hash = 0;
    for (let at = 0; at < row.length; at++) hash = (Math.imul(hash, 31) + (row[at] ?? 0)) | 0;
    const alike = this.#known.get(hash) ?? [];
    const known = alike.find((number) => isSame(this.#rows[number], row));
    if (known !== undefined) return known;
    const number = this.#rows.push(row) - 1;
    this.#known.set(hash, [...alike, number]);
    const wanted = this.#rows.length * this.#width;
    if (wanted > this.#before.length) {
      const larger = new Uint16Array(wanted * 2);
      larger.set(this.#before);
      this.#before = larger;
    }
    return number;
  }
}

const NONE = new Uint8Array(0);
/** The set of everything: where nothing is known. */
const ALL = 0;

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

function isSame(row: Uint8Array | undefined, other: Uint8Array): boolean {
  return row !== undefined && row.every((bit, at) => bit === other[at]);
}
