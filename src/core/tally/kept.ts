/**
 * The lines and fields of one offender while he is being counted (engine.md §4.1, §4.2).
 *
 * What the first failure brought is packed into one text of its own and later lines are copied: a line is a slice of
 * the 64 KiB that were read with it, and keeping the slice would keep them all.
 */
import { detach, type Fields, type Match } from "../../base/index.ts";

/** Longest fields that an offender keeps who has to give up his lines, in characters. */
const BARE = 256;

export class Kept {
  /** Of a failure that brought nothing; nothing is ever added to it. */
  static readonly nothing = new Kept({}, []);

  /** What is kept of the first failure: all its lines, however many. */
  static of(fields: Fields, matches: readonly Match[]): Kept {
    return matches.length === 0 && Object.keys(fields).length === 0 ? Kept.nothing : new Kept(fields, matches);
  }

  /** JSON of `[fields, matches]` of the first failure; matches stay in the form they came in (tuples). */
  #first: string;
  /** How many of the first failure's lines still count; the earlier ones have fallen out of the window. */
  #firstLeft: number;
  /** Lines of later failures, each as one text. */
  #later: string[] | null = null;
  #weight: number;

  private constructor(fields: Fields, matches: readonly Match[]) {
    this.#first = JSON.stringify([fields, matches]);
    this.#firstLeft = matches.length;
    this.#weight = this.#first.length;
  }

  /** Characters held. */
  get weight(): number {
    return this.#weight;
  }

  /** Lines held. */
  get lines(): number {
    return this.#firstLeft + (this.#later?.length ?? 0);
  }

  /** Adds the lines of a later failure and lets go of all but the last `most`. @returns what is to be kept now */
  add(matches: readonly Match[], most: number): Kept {
    if (matches.length === 0 && this.lines <= most) return this;
    if (this === Kept.nothing) return new Kept({}, []).add(matches, most);
    const later = (this.#later ??= []);
    for (let at = Math.max(0, matches.length - most); at < matches.length; at += 1) {
      const text = ownText(matches[at] ?? "");
      later.push(text);
      this.#weight += text.length;
    }
    if (this.lines > most) this.#firstLeft = Math.max(0, Math.min(this.#firstLeft, most - later.length));
    while (later.length > most) this.#weight -= later.shift()?.length ?? 0;
    return this;
  }

  /** The same offender without any line, and without fields of more than 256 characters. */
  forgetLines(): void {
    const bare = JSON.stringify([this.unpack()[0], []]);
    this.#first = bare.length <= BARE ? bare : JSON.stringify([{}, []]);
    this.#firstLeft = 0;
    this.#later = null;
    this.#weight = this.#first.length;
  }

  /** The fields of the first failure, and the lines in the order they came. */
  unpack(): readonly [Fields, readonly Match[]] {
    const [fields, first] = JSON.parse(this.#first) as readonly [Fields, readonly Match[]];
    return [fields, [...first.slice(first.length - this.#firstLeft), ...(this.#later ?? [])]];
  }
}

/** The line as a text that shares nothing with the buffer it was cut from: joined parts are copied. */
function ownText(match: Match): string {
  return typeof match === "string" ? detach(match) : match.join("");
}
