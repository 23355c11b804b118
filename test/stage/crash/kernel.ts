/** What nftables holds of the bans of our stock action: sets of addresses and of networks, by jail. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** One banned address or network in the kernel; seconds, null: it stays until it is taken out. */
export interface Element {
  readonly key: string;
  readonly timeout: number | null;
}

/** @returns all elements by jail; a jail without sets is missing. */
export async function kernelBans(): Promise<ReadonlyMap<string, readonly Element[]>> {
  const { stdout } = await run("nft", ["-j", "list", "ruleset"], { maxBuffer: 1 << 28 });
  const bans = new Map<string, Element[]>();
  for (const entry of (JSON.parse(stdout) as { nftables: readonly { readonly set?: NftSet }[] }).nftables) {
    const jail = /^addr6?-(?:set|net)-(.+)$/.exec(entry.set?.name ?? "")?.[1];
    if (entry.set === undefined || jail === undefined) continue;
    bans.set(jail, [...(bans.get(jail) ?? []), ...(entry.set.elem ?? []).map(elementOf)]);
  }
  return bans;
}

interface NftSet {
  readonly name: string;
  readonly elem?: readonly NftElement[];
}

type NftKey = string | { readonly prefix: { readonly addr: string; readonly len: number } };
type NftElement = NftKey | { readonly elem: { readonly val: NftKey; readonly timeout?: number } };

function elementOf(element: NftElement): Element {
  if (typeof element === "object" && "elem" in element)
    return { key: keyOf(element.elem.val), timeout: element.elem.timeout ?? null };
  return { key: keyOf(element), timeout: null };
}

function keyOf(key: NftKey): string {
  return typeof key === "string" ? key : `${key.prefix.addr}/${key.prefix.len}`;
}
