/**
 * Addresses that an attacker from outside cannot have. Whoever bans one mostly bans a proxy, and with it everybody behind it: the
 * log names the proxy where it should name the client (THREATS: the wrong address).
 */
import { covers, parseAddress, type Address } from "../../base/index.ts";

const BLOCKS = [
  ["127.0.0.0/8", "this machine itself"],
  ["::1", "this machine itself"],
  ["10.0.0.0/8", "a private address"],
  ["172.16.0.0/12", "a private address"],
  ["192.168.0.0/16", "a private address"],
  ["100.64.0.0/10", "an address shared by a provider's customers"],
  ["fc00::/7", "a private address"],
  ["169.254.0.0/16", "a link-local address"],
  ["fe80::/10", "a link-local address"],
] as const;

const NEAR = BLOCKS.flatMap(([text, what]) => {
  const net = parseAddress(text);
  return net === null ? [] : [{ net, what }];
});

/** @returns what is special about the address, for a sentence with "is"; null: nothing */
export function nearness(address: Address): string | null {
  return NEAR.find(({ net }) => covers(net, address))?.what ?? null;
}
