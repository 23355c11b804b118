/** One batch, and what happens when it fails: its halves, and their halves, down to the single one that spoils it. */
import { type Procedure, say } from "./order.ts";
import type { Said } from "../../base/index.ts";

export interface Halving<Item> {
  readonly feed: (part: readonly Item[]) => Procedure<boolean>;
  /** For an item whose batch of one failed. */
  readonly alone: (item: Item) => Procedure<void>;
  readonly said: (count: number) => Said;
}

/** Of n items one of which is bad, at most 2·log2(n) further commands run; every other item is carried out. */
export function* feedHalving<Item>(items: readonly Item[], halving: Halving<Item>): Procedure<void> {
  if (items.length === 0 || (yield* halving.feed(items))) return;
  if (items.length > 1) yield* say(halving.said(items.length));
  yield* halve(items, halving);
}

/** `items` has just failed as a whole. */
export function* halve<Item>(items: readonly Item[], halving: Halving<Item>): Procedure<void> {
  const [only] = items;
  if (only !== undefined && items.length === 1) {
    yield* halving.alone(only);
    return;
  }
  const middle = items.length >> 1;
  for (const half of [items.slice(0, middle), items.slice(middle)])
    if (half.length > 0 && !(yield* halving.feed(half))) yield* halve(half, halving);
}
