/**
 * Which banned networks must stand in the firewall when some lie inside others.
 *
 * A kernel set of networks refuses overlaps, and the one that merges them shortens bans. So only the outermost network is put in;
 * the inner ones are remembered and come back when the outer one is lifted. Single addresses live in a set of their own and may
 * lie inside any network. Pure bookkeeping: runs nothing.
 */
import { type Ban, covers, networkOf, type Address } from "../../base/index.ts";
import type { Family } from "./family.ts";

/** What to change in the firewall, in this order, and not in one transaction: nft sees overlaps in it that are gone when it ends. */
export interface CoverChange {
  readonly drop: readonly Ban[];
  readonly add: readonly Ban[];
}

export interface Cover {
  ban(family: Family, ban: Ban): CoverChange;
  unban(family: Family, ban: Ban): CoverChange;
  /** Puts all of them in at once. @returns those that must stand in the firewall. */
  fill(family: Family, bans: readonly Ban[]): readonly Ban[];
  forget(family: Family): void;
  clear(): void;
}

export function emptyCover(): Cover {
  const families = new Map<Family, Nets>();
  const netsOf = (family: Family): Nets => {
    const known = families.get(family) ?? new Nets();
    families.set(family, known);
    return known;
  };
  return {
    ban: (family, ban) => netsOf(family).put(ban),
    unban: (family, ban) => netsOf(family).take(ban),
    fill(family, bans) {
      const nets = netsOf(family);
      for (const ban of bans) nets.put(ban);
      return nets.shown();
    },
    forget: (family) => families.delete(family),
    clear: () => families.clear(),
  };
}

/** Networks of one family by their text; `lengths` counts them by prefix, so that the common case (all alike) searches nothing. */
class Nets {
  readonly #bans = new Map<string, Ban>();
  readonly #lengths = new Map<number, number>();

  put(ban: Ban): CoverChange {
    const net = ban.who.address;
    if (net === null) return { drop: [], add: [ban] };
    const inner = this.#outermost(this.#inside(net)); // before it is in: what stood there alone
    if (!this.#bans.has(net.text)) this.#count(net.prefix, 1);
    this.#bans.set(net.text, ban);
    return this.#isCovered(net) ? { drop: [], add: [] } : { drop: inner, add: [ban] };
  }

  take(ban: Ban): CoverChange {
    const net = ban.who.address;
    if (net === null || !this.#bans.has(net.text)) return { drop: [ban], add: [] };
    this.#bans.delete(net.text);
    this.#count(net.prefix, -1);
    return this.#isCovered(net) ? { drop: [], add: [] } : { drop: [ban], add: this.#outermost(this.#inside(net)) };
  }

  shown(): readonly Ban[] {
    return this.#outermost([...this.#bans.values()]);
  }

  #count(prefix: number, by: number): void {
    const count = (this.#lengths.get(prefix) ?? 0) + by;
    if (count > 0) this.#lengths.set(prefix, count);
    else this.#lengths.delete(prefix);
  }

  #isCovered(net: Address): boolean {
    for (const prefix of this.#lengths.keys())
      if (prefix < net.prefix && this.#bans.has(networkOf(net, prefix).text)) return true;
    return false;
  }

  #inside(net: Address): readonly Ban[] {
    if (![...this.#lengths.keys()].some((prefix) => prefix > net.prefix)) return [];
    return [...this.#bans.values()].filter(
      (ban) => ban.who.address !== null && ban.who.address.prefix > net.prefix && covers(net, ban.who.address),
    );
  }

  /** Those of `bans` that lie in no other of them. */
  #outermost(bans: readonly Ban[]): readonly Ban[] {
    const nets = new Map(bans.map((ban) => [ban.who.key, ban]));
    return bans.filter((ban) => ![...this.#lengths.keys()].some((prefix) => this.#within(ban, prefix, nets)));
  }

  #within(ban: Ban, prefix: number, nets: ReadonlyMap<string, Ban>): boolean {
    const net = ban.who.address;
    return net !== null && prefix < net.prefix && nets.has(networkOf(net, prefix).text);
  }
}
