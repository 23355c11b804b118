/**
 * What the expressions captured from one line, on its way to a failure.
 *
 * A line's captures are one array of values beside a shape that all lines of the same expressions share: most lines of a log
 * under attack pass here, and a map for each of them would cost more than the expressions.
 */
import { pythonRepr, Tuple, type Fields, type FieldValue, type Match } from "../../base/index.ts";
import { type GroupValue, type Match as PatternMatch, type Pattern } from "../pattern/index.ts";

/** A captured text; null: the group exists and took no part; a list: several groups of one name (`<F-TUPLE_…>`); undefined: there is no such group. */
export type Captured = GroupValue | undefined;

/** Names that the filter itself may give a value, whether an expression has them or not. */
const OWN_NAMES = ["nofail", "ip", "users"];

/** Names that mean something to the filter, each with a number: every line's are looked for. */
export const KNOWN = {
  nofail: 0,
  ip: 1,
  users: 2,
  user: 3,
  mlfid: 4,
  mlfgained: 5,
  mlfforget: 6,
  ip4: 7,
  ip6: 8,
  dns: 9,
  fid: 10,
  cidr: 11,
} as const;
export type Known = (typeof KNOWN)[keyof typeof KNOWN];

/** Groups that steer the filter and are no data of the failure. */
const STEERING: ReadonlySet<string> = new Set(["nofail", "mlfgained", "mlfforget", "mlfpending", "content"]);

/** A shape joined with another one, and where that one's groups have their places in it. */
interface Joined {
  readonly shape: Shape;
  readonly places: readonly number[];
}

/** Names of groups, in order of appearance, and where each has its value. */
export class Shape {
  readonly names: readonly string[];
  /** Places of the names that mean something, by their number; -1: there is no such group. */
  readonly places: readonly number[];
  readonly #at: ReadonlyMap<string, number>;
  readonly #joined = new Map<Shape, Joined>();
  /** The one that was joined last, mostly again: asked for in nearly every line. */
  #lastOther: Shape | null = null;
  #lastJoined: Joined | null = null;

  constructor(names: readonly string[]) {
    this.names = [...new Set([...names, ...OWN_NAMES])];
    this.#at = new Map(this.names.map((name, index) => [name, index]));
    this.places = Object.keys(KNOWN).map((name) => this.indexOf(name));
  }

  /** -1: there is no such group. */
  indexOf(name: string): number {
    return this.#at.get(name) ?? -1;
  }

  /** The shape that holds the groups of both, this one's first. */
  with(other: Shape): Joined {
    if (this.#lastOther === other && this.#lastJoined !== null) return this.#lastJoined;
    this.#lastOther = other;
    this.#lastJoined = this.#joined.get(other) ?? this.#join(other);
    return this.#lastJoined;
  }

  #join(other: Shape): Joined {
    const covers = other.names.every((name) => this.#at.has(name));
    const shape = covers ? this : new Shape([...this.names, ...other.names]);
    const joined = { shape, places: other.names.map((name) => shape.indexOf(name)) };
    this.#joined.set(other, joined);
    return joined;
  }
}

export class Captures {
  shape: Shape;
  readonly #values: Captured[];

  constructor(shape: Shape, values: Captured[]) {
    this.shape = shape;
    this.#values = values;
  }

  /** The same for itself: what is learned of one is not learned of the other. */
  copy(): Captures {
    return new Captures(this.shape, this.#values.slice());
  }

  get(name: string): Captured {
    const index = this.shape.indexOf(name);
    return index < 0 ? undefined : this.#values[index];
  }

  /** The same for a name that means something to the filter. */
  of(name: Known): Captured {
    const index = this.shape.places[name] ?? -1;
    return index < 0 ? undefined : this.#values[index];
  }

  /** The captured text; null when there is none. */
  text(name: Known): string | null {
    const value = this.of(name);
    return value === undefined || value === null ? null : typeof value === "string" ? value : printTuple(value);
  }

  /** Whether a group holds some text: the original's truth of a captured value. */
  holds(name: Known): boolean {
    const value = this.of(name);
    return value !== undefined && value !== null && value.length > 0;
  }

  /** Gives a value to one of the filter's own names, or to a group that the shape has. */
  set(name: Known, value: Captured): void {
    const index = this.shape.places[name] ?? -1;
    if (index >= 0) this.#values[index] = value;
  }

  /** Takes over every value that the other has. */
  take(other: Captures): void {
    const { shape, places } = this.shape.with(other.shape);
    this.shape = shape;
    for (let at = 0; at < places.length; at += 1) {
      const value = other.#values[at];
      if (value !== null && value !== undefined) this.#values[places[at] ?? 0] = value;
    }
  }

  /** All groups by name, those that took no part too. */
  entries(): Map<string, GroupValue> {
    const groups = new Map<string, GroupValue>();
    for (const [index, name] of this.shape.names.entries()) {
      const value = this.#values[index];
      if (value !== undefined) groups.set(name, value);
    }
    return groups;
  }

  /** As a failure keeps them: the groups that took part, without those that steer. */
  fields(users: readonly string[] | null): Fields {
    const fields: Record<string, FieldValue> = {};
    const { names } = this.shape;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      const value = this.#values[index];
      if (value === null || value === undefined || STEERING.has(name)) continue;
      fields[name] = typeof value === "string" ? value : value.map((part) => part ?? "");
    }
    if (users !== null && users.length > 0) fields["users"] = users;
    return fields;
  }
}

/** An id of several parts counts as the text of a Python tuple (engine.md §11 no. 30). */
function printTuple(parts: readonly (string | null)[]): string {
  return pythonRepr(new Tuple(...parts));
}

/**
 * Makes the reader of captures for a failregex behind a prefregex (or none): the prefix's groups, overwritten by those of the
 * failregex that took part (engine.md §1.5 step 6).
 */
export function capturesReader(
  pattern: Pattern,
  prefix: Pattern | null,
): (match: PatternMatch, before: PatternMatch | null) => Captures {
  const first = prefix === null ? [] : namesOf(prefix).filter((name) => name !== "content");
  const shape = new Shape([...first, ...namesOf(pattern)]);
  const fill = filler(pattern, shape);
  const fillFirst = prefix === null ? null : filler(prefix, shape);
  const nothing: Captured[] = shape.names.map(() => undefined);
  return (match, before) => {
    const values = nothing.slice();
    if (before !== null && fillFirst !== null) fillFirst(before, values);
    fill(match, values);
    return new Captures(shape, values);
  };
}

/** Puts one expression's groups to their places: a group that took no part leaves what is there, or marks that it exists. */
function filler(pattern: Pattern, shape: Shape): (match: PatternMatch, values: Captured[]) => void {
  const { merging } = pattern;
  const named = merging.groups.filter((name) => name !== "content" && shape.indexOf(name) >= 0);
  const groups = named.map((name) => pattern.groupAt(name));
  const places = named.map((name) => shape.indexOf(name));
  const feeds = merging.feeds.map(({ group, into, kind }): Feeding => ({
    group: pattern.groupAt(group),
    into: shape.indexOf(into),
    isTuple: kind === "tuple",
  }));
  return (match, values) => {
    for (let at = 0; at < groups.length; at += 1) {
      const place = places[at] ?? 0;
      const value = match.text(groups[at] ?? 0);
      if (value !== undefined) values[place] = value;
      else if (values[place] === undefined) values[place] = null;
    }
    for (let at = 0; at < feeds.length; at += 1) {
      const feed = feeds[at];
      if (feed !== undefined) feedInto(values, feed, match.text(feed.group) ?? null);
    }
  };
}

/** An alternate serves where the group has no text; a tuple's part is joined to what is there (engine.md §2.3). */
function feedInto(values: Captured[], { into, isTuple }: Feeding, value: string | null): void {
  const base = values[into] ?? null;
  if (isTuple) values[into] = typeof base === "object" && base !== null ? [...base, value] : [base, value];
  else if (value !== null && value !== "" && (base === null || base === "")) values[into] = value;
}

/** A group that feeds another one, and where both have their values. */
interface Feeding {
  readonly group: number;
  readonly into: number;
  readonly isTuple: boolean;
}

/** Names after alternates and tuples have been worked in. */
function namesOf(pattern: Pattern): readonly string[] {
  return [...pattern.merging.groups, ...pattern.merging.feeds.map((feed) => feed.into)];
}

/** A line in the three parts that the date cuts it into. */
export interface CutLine {
  readonly before: string;
  readonly date: string;
  readonly after: string;
}

/** The message: the line without its date. */
export function messageOf(line: CutLine): string {
  return line.before.length === 0 ? line.after : line.before + line.after;
}

export function matchOf(line: CutLine): Match {
  return [line.before, line.date, line.after];
}
