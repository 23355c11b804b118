/** What this machine's own network says of an address: its gateway, its neighbours, its containers. */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { covers, networkOf, parseAddress, type Address, type Clock, type Instant } from "../base/index.ts";

/** Seconds for which what is known serves: containers and their networks come and go. */
const LIFE = 60;

interface Neighbourhood {
  readonly gateways: ReadonlySet<string>;
  readonly nets: readonly { readonly net: Address; readonly name: string }[];
}

/** @returns for an address what it is to this machine, for a sentence with "is"; null: a stranger */
export function neighbours(clock: Clock): (address: Address) => string | null {
  let until: Instant = -Infinity;
  let known: Neighbourhood = { gateways: new Set(), nets: [] };
  return (address) => {
    if (clock.now() >= until) {
      until = clock.now() + LIFE;
      known = { gateways: gateways(), nets: ownNetworks() };
    }
    if (known.gateways.has(address.text)) return "this machine's default gateway";
    const near = known.nets.find(({ net }) => covers(net, address));
    if (near === undefined) return null;
    return /^(docker|br-|veth|podman|cni)/.test(near.name)
      ? `in the containers' network ${near.name}`
      : `in this machine's own network (${near.name})`;
  };
}

function ownNetworks(): Neighbourhood["nets"] {
  return Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).flatMap(({ cidr }) => {
      const [text = "", prefix = ""] = cidr?.split("/") ?? [];
      const address = parseAddress(text.replace(/%.*$/, ""));
      return address === null ? [] : [{ net: networkOf(address, Number(prefix)), name }];
    }),
  );
}

/** From the kernel's own table; addresses are little-endian hexadecimal. */
function gateways(): Set<string> {
  try {
    const rows = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
    const hex = rows.flatMap((row) => {
      const [, to, by] = row.split("\t");
      return to === "00000000" && by !== undefined && by !== "00000000" ? [by] : [];
    });
    return new Set(
      hex.map((word) =>
        (word.match(/../g) ?? [])
          .toReversed()
          .map((byte) => parseInt(byte, 16))
          .join("."),
      ),
    );
  } catch {
    return new Set(); // no IPv4 here
  }
}
