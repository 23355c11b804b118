/**
 * Which variant of an action's properties a ban uses (engine.md §6.3): `key?family=inet6` goes before `key`.
 *
 * Ours: `?family=inet4-net` and `inet6-net` are for networks where an action keeps them apart from single addresses (nftables
 * needs two kinds of sets). An action without such properties treats a network like an address.
 */
import { isSingle, type Who } from "../../base/index.ts";

/** The empty word stands for "no family": ids that are no address, and actions without families at their start. */
export type Family = "" | "inet4" | "inet6" | "inet4-net" | "inet6-net";

export const NET_FAMILIES: readonly Family[] = ["inet4-net", "inet6-net"];

const CONDITION = /^(.+)\?family=(inet4|inet6|inet4-net|inet6-net)$/;

/** @returns the families for which some property has a variant. */
export function conditionalFamilies(properties: ReadonlyMap<string, string>): ReadonlySet<Family> {
  const found = new Set<Family>();
  for (const key of properties.keys()) {
    const family = CONDITION.exec(key)?.[2];
    if (family !== undefined) found.add(readFamily(family));
  }
  return found;
}

export function readFamily(text: string): Family {
  return text === "inet4" || text === "inet6" || text === "inet4-net" || text === "inet6-net" ? text : "";
}

/** Names under which a property is looked for, the most special first. */
export function variants(key: string, family: Family): readonly string[] {
  if (family === "") return [key];
  const base = family === "inet4-net" ? "inet4" : family === "inet6-net" ? "inet6" : null;
  return base === null ? [`${key}?family=${family}`, key] : [`${key}?family=${family}`, `${key}?family=${base}`, key];
}

/** @returns the family of an offender; a network has its own only where `conditional` has one. */
export function familyOfBan(who: Who, conditional: ReadonlySet<Family>): Family {
  if (who.address === null) return "";
  const base = who.address.family === 4 ? "inet4" : "inet6";
  if (isSingle(who.address)) return base;
  const net = base === "inet4" ? "inet4-net" : "inet6-net";
  return conditional.has(net) ? net : base;
}

/** The word that `<family>` stands for in commands. */
export function familyWord(family: Family): string {
  return family.startsWith("inet4") ? "inet4" : family.startsWith("inet6") ? "inet6" : "";
}
