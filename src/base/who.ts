/** Whom a failure is counted for and a ban is laid on: nearly always an address, but a filter may capture any text (`<F-ID>`). */
import { parseAddress, type Address } from "./address.ts";

export interface Who {
  /** What is counted, logged, stored and banned: an address in canonical form, or the captured text. */
  readonly key: string;
  /** The same as an address; null when `key` is any other text. */
  readonly address: Address | null;
}

/** @returns the address that `text` names, in canonical form (a text of its own), or `text` itself as a plain id. */
export function whoOf(text: string): Who {
  const address = parseAddress(text);
  return address === null ? { key: text, address } : { key: address.text, address };
}

/** The word for the family in actions and orders: `inet4`, `inet6`, or null for ids that are no address. */
export function familyOf(who: Who): "inet4" | "inet6" | null {
  return who.address === null ? null : who.address.family === 4 ? "inet4" : "inet6";
}
