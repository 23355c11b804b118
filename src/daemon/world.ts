/** What the jails of this machine are told of the world, as far as it answers at once. */
import { parseAddress, type Clock, type Said, type Zone } from "../base/index.ts";
import { fillTags, tagReader, type TagSource } from "../core/action/index.ts";
import { sharedTemplates } from "../core/date/index.ts";
import type { JailWorld } from "../core/jail/index.ts";
import { localeEncoding } from "../io/machine/index.ts";
import type { Resolver } from "../io/firewall/index.ts";
import type { Store } from "../io/store/index.ts";
import { listReader } from "./lists.ts";
import { neighbours } from "./near.ts";
import { ownAddresses } from "./self.ts";

export interface Surroundings {
  readonly clock: Clock;
  readonly zone: Zone;
  readonly resolver: Resolver;
  readonly say: (said: Said) => void;
  /** The store of the moment. */
  readonly store: () => Store | null;
  readonly ipv6: () => boolean;
}

export function jailWorld({ clock, zone, resolver, say, store, ipv6 }: Surroundings): JailWorld {
  const resolve = async (name: string) =>
    (await resolver.addresses(name, ipv6())).addresses.flatMap((text) => parseAddress(text) ?? []);
  return {
    zone,
    thisYear: zone.toLocal(clock.now()).year,
    templates: sharedTemplates,
    encoding: localeEncoding(process.env),
    get remembers() {
      return store() !== null;
    },
    isSelf: ownAddresses(clock, resolve),
    readList: listReader(clock, say),
    history: (who, jail) => store()?.history(jail, who.key) ?? null,
    near: neighbours(clock),
    random: Math.random,
    fill(text, failure) {
      const source: TagSource = {
        jail: failure.jail,
        bantime: failure.lasts,
        counts: () => NO_COUNTS,
        merged: () => null,
        hostOf: () => null,
      };
      const script = fillTags(text, tagReader({ ban: failure, family: "", now: clock.now(), source }));
      return `${script.text}\0${script.values.join("\0")}`;
    },
  };
}

const NO_COUNTS = { banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 };
