/**
 * Which addresses are this machine's own, for `ignoreself` (engine.md §1.8): those of its interfaces, and those that
 * `localhost` and its own names resolve to. Names are resolved in the background; what is known serves for 5 minutes.
 */
import { hostname, networkInterfaces } from "node:os";
import { parseAddress, slotsOf, type Address, type Clock, type Instant, type Slots } from "../base/index.ts";

const LIFE = 300;

/** @param resolve the addresses of a name; none when it has none */
export function ownAddresses(
  clock: Clock,
  resolve: (name: string) => Promise<readonly Address[]>,
): (address: Address) => boolean {
  let interfaces = slotsOf([]);
  let named = slotsOf([]);
  let until: Instant = -Infinity;
  const renew = (): void => {
    until = clock.now() + LIFE;
    interfaces = slotsOf(interfaceAddresses());
    void resolveNames(resolve).then((found) => {
      named = found;
    });
  };
  return (address) => {
    if (clock.now() >= until) renew();
    return interfaces.has(address.text) || named.has(address.text);
  };
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map((entry) => parseAddress(entry.address.replace(/%.*$/, ""))?.text ?? "")
    .filter((text) => text.length > 0);
}

async function resolveNames(resolve: (name: string) => Promise<readonly Address[]>): Promise<Slots> {
  const names = new Set(["localhost", hostname()]);
  const found = await Promise.all([...names].map((name) => resolve(name)));
  return slotsOf(found.flat().map((address) => address.text));
}
