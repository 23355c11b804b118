/**
 * What the expressions captured from one line, on its way to a failure.
 *
 * A line's captures are one array of values beside a shape that all lines of the same expressions share: most lines of a log
 * under attack pass here, and a map for each of them would cost more than the expressions.
 */
import { pythonRepr, Tuple, type Fields, type FieldValue, type Match } from "../../base/index.ts";
import { mergedGroups, type GroupValue, type Match as PatternMatch, type Pattern } from "../pattern/index.ts";

/** A captured text; null: the group exists and took no part; a list: several groups of one name (`<F-TUPLE_…>`); undefined: there is no such group. */
export type Captured = GroupValue | undefined;

/** Names that the filter itself may give a value, whether an expression has them or not. */
const OWN_NAMES = ["nofail", "ip", "users"];

/** Groups that steer the filter and are no data of the failure. */
const STEERING: ReadonlySet<string> = new Set(["nofail", "mlfgained", "mlfforget", "mlfpending", "content"]);

/** Names of groups, in order of appearance, and where each has its value. */
export class Shape {
  readonly names: readonly string[];
  readonly #at: ReadonlyMap<string, number>;
  readonly #unions = new Map<Shape, Shape>();

  constructor(names: readonly string[]) {
    this.names = [...new Set([...names, ...OWN_NAMES])];
    this.#at = new Map(this.names.map((name, index) => [name, index]));
  }

  /** -1: there is no such group. */
  indexOf(name: string): number {
    return this.#at.get(name) ?? -1;
  }

  /** The shape that holds the groups of both, this one's first. */
  with(other: Shape): Shape {
    if (other === this) return this;
    const known = this.#unions.get(other);
    if (known !== undefined) return known;
    const covers = other.names.every((name) => this.#at.has(name));
    const union = covers ? this : new Shape([...this.names, ...other.names]);
    this.#unions.set(other, union);
    return union;
  }
}

export class Captures {
  shape: Shape;
  readonly #values: Captured[];

  constructor(shape: Shape, values: Captured[]) {
    this.shape = shape;
    this.#values = values;
  }

  get(name: string): Captured {
    const index = this.shape.indexOf(name);
    return index < 0 ? undefined : this.#values[index];
  }

  /** The captured text; null when there is none. */
  text(name: string): string | null {
    const value = this.get(name);
    return value === undefined || value === null ? null : typeof value === "string" ? value : printTuple(value);
  }

  /** Whether a group holds some text: the original's truth of a captured value. */
  holds(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== null && value.length > 0;
  }

  /** Gives a value to one of the filter's own names, or to a group that the shape has. */
  set(name: string, value: Captured): void {
    const index = this.shape.indexOf(name);
    if (index >= 0) this.#values[index] = value;
  }

  /** Takes over every value that the other has. */
  take(other: Captures): void {
    this.shape = this.shape.with(other.shape);
    const { names } = other.shape;
    for (let index = 0; index < names.length; index += 1) {
      const value = other.#values[index];
      if (value !== null && value !== undefined) this.set(names[index] ?? "", value);
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
  fields(users: ReadonlySet<string> | null): Fields {
    const fields: Record<string, FieldValue> = {};
    for (const [name, value] of this.entries()) {
      if (value === null || STEERING.has(name)) continue;
      fields[name] = typeof value === "string" ? value : value.map((part) => part ?? "");
    }
    if (users !== null && users.size > 0) fields["users"] = [...users];
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
  const isPlain = pattern.merging.feeds.length === 0 && (prefix === null || prefix.merging.feeds.length === 0);
  const own = new Set(namesOf(pattern));
  const earlier = new Set(first);
  const count = shape.names.length;
  if (isPlain)
    return (match, before) => {
      const values: Captured[] = [];
      for (let index = 0; index < count; index += 1) {
        const name = shape.names[index] ?? "";
        let value: Captured = own.has(name) ? (match.get(name) ?? null) : undefined;
        if ((value === null || value === undefined) && earlier.has(name)) value = before?.get(name) ?? null;
        values.push(value);
      }
      return new Captures(shape, values);
    };
  return (match, before) => {
    const captures = new Captures(
      shape,
      Array.from({ length: count }, (): Captured => undefined),
    );
    if (prefix !== null && before !== null)
      for (const [name, value] of mergedGroups(prefix, before)) captures.set(name, value);
    for (const [name, value] of mergedGroups(pattern, match))
      if (value !== null || captures.get(name) === undefined) captures.set(name, value);
    return captures;
  };
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
