/**
 * To whom addresses belong, for `status JAIL cymru`: number of the network, country, registry, asked by DNS as Team Cymru
 * answers it. Words for what is not known: `unknown`, `nxdomain`, `error`.
 */
import { parseAddress, reverseName } from "../../base/index.ts";
import type { Resolver } from "../../io/firewall/index.ts";

/** Addresses asked about; of more only the first are. */
const ASKED_MAX = 1000;

export interface Owners {
  readonly asn: readonly string[];
  readonly country: readonly string[];
  readonly rir: readonly string[];
}

export async function ownersOf(ids: readonly string[], resolver: Resolver): Promise<Owners> {
  const rows = await Promise.all(ids.slice(0, ASKED_MAX).map((id) => ownerOf(id, resolver)));
  return {
    asn: rows.map(([asn]) => asn),
    country: rows.map(([, country]) => country),
    rir: rows.map(([, , rir]) => rir),
  };
}

type Row = readonly [asn: string, country: string, rir: string];

async function ownerOf(id: string, resolver: Resolver): Promise<Row> {
  const address = parseAddress(id);
  if (address === null) return ["unknown", "unknown", "unknown"];
  const zone = address.family === 4 ? "origin.asn.cymru.com" : "origin6.asn.cymru.com";
  const answer = await resolver.text(`${reverseName(address, "")}${zone}`);
  if (answer.failed !== null)
    return answer.failed === "ENOTFOUND" ? ["nxdomain", "nxdomain", "nxdomain"] : ["error", "error", "error"];
  const [asn = "", , country = "", rir = ""] = (answer.texts[0] ?? "").split("|").map((part) => part.trim());
  return [asn || "unknown", country || "unknown", rir || "unknown"];
}
