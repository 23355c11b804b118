/**
 * Plain data as it travels in commands and replies: what Python's repr and pickle can tell apart and JavaScript cannot
 * is kept apart by two small classes. A dictionary is a Map, in insertion order.
 */
export type Plain = null | boolean | number | string | Float | Tuple | readonly Plain[] | ReadonlyMap<string, Plain>;

/** A Python float: 2629800.0 is printed and pickled otherwise than the integer 2629800. A plain `number` is an integer. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A Python tuple. */
export class Tuple {
  readonly items: readonly Plain[];
  constructor(...items: readonly Plain[]) {
    this.items = items;
  }
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
