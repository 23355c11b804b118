/** What stands on the stack while a pickle is read, and how it becomes plain data. */
import { Float, Tuple, floatRepr, pythonRepr, type Plain } from "../../../base/index.ts";
import { PickleError, type PickleLimits } from "./limits.ts";

export type Item = null | boolean | number | string | Float | Item[] | Map<string, Item> | Group | Name | Call;

/** A tuple that may hold anything. */
export class Group {
  readonly items: readonly Item[];
  constructor(items: readonly Item[]) {
    this.items = items;
  }
}

/** A class or function, by its name. */
export class Name {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** An object that only its class could make; kept as what it would be made of. */
export class Call {
  readonly callee: Name;
  readonly args: readonly Item[];
  constructor(callee: Name, args: readonly Item[]) {
    this.callee = callee;
    this.args = args;
  }
}

/**
 * The value as a tree of plain data. What the memo let stand in several places is copied and counted each time, so that neither a loop nor a
 * small pickle with an enormous value gets past the limits. Objects become a text that names them.
 */
export function plainOf(item: Item, limits: PickleLimits): Plain {
  return copy(item, { items: limits.items, characters: limits.characters, depth: limits.depth }, 0);
}

/** A tuple's items become arguments of a call, of which the engine takes only so many; no real one has more than six. */
const TUPLE = 10_000;

interface Left {
  items: number;
  characters: number;
  readonly depth: number;
}

function copy(item: Item, left: Left, depth: number): Plain {
  left.items -= 1;
  if (left.items < 0) throw new PickleError("too many values");
  if (depth > left.depth) throw new PickleError(`values are nested more than ${left.depth} deep`);
  if (typeof item === "string") {
    left.characters -= item.length;
    if (left.characters < 0) throw new PickleError("too much text");
    return item;
  }
  if (item === null || typeof item !== "object" || item instanceof Float) return item;
  if (Array.isArray(item)) return item.map((one) => copy(one, left, depth + 1));
  if (item instanceof Group && item.items.length > TUPLE) throw new PickleError(`tuple of more than ${TUPLE} items`);
  if (item instanceof Group) return new Tuple(...item.items.map((one) => copy(one, left, depth + 1)));
  if (item instanceof Name) return `${item.module}.${item.name}`;
  if (item instanceof Call)
    return `${item.callee.module}.${item.callee.name}${pythonRepr(copy(new Group(item.args), left, depth + 1))}`;
  const map = new Map<string, Plain>();
  for (const [key, value] of item) map.set(key, copy(value, left, depth + 1));
  return map;
}

/** The key of a dictionary: Python allows more than texts, plain data does not; numbers become their text. */
export function keyOf(item: Item): string {
  if (typeof item === "string") return item;
  if (item instanceof Float) return floatRepr(item.value);
  if (item === null || typeof item !== "object") return pythonRepr(item);
  throw new PickleError("unhashable type");
}
