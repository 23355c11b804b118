/**
 * Whom a failure is counted for: the address or id among what was captured (engine.md §1.5 step 8).
 *
 * Something in the shape of an address that is none (`999.9.9.9`) is told as such: nobody can be banned by it.
 */
import { detach, hashOf, networkOf, parseAddress, plainQuad, whoOf, type Address, type Who } from "../../base/index.ts";
import type { UseDns } from "../pattern/index.ts";
import { KNOWN, type Captures } from "./groups.ts";

export type Identity =
  | { readonly is: "who"; readonly who: Who }
  /** A host name, of which the addresses must be asked. */
  | { readonly is: "name"; readonly name: string }
  /** Nobody yet: a session that has told no address so far. */
  | { readonly is: "pending" }
  /** The text of an address group, or a name that may not be resolved. */
  | { readonly is: "no address"; readonly text: string };

const PENDING: Identity = { is: "pending" };

export function identify(captures: Captures, usedns: UseDns): Identity {
  const shape = captures.text(KNOWN.ip4) ?? captures.text(KNOWN.ip6);
  if (shape !== null) return ofAddress(captures, shape, usedns);
  const dns = captures.text(KNOWN.dns);
  const id = captures.text(KNOWN.fid);
  if (dns !== null) return ofName(captures, dns, id, usedns);
  if (id === null) return PENDING;
  return { is: "who", who: ownWho(id, usedns) };
}

/** Whom an id names, with a text of its own: he may be remembered for long. Raw, it is no address whatever it looks like. */
function ownWho(id: string, usedns: UseDns): Who {
  if (usedns === "raw") return { key: detach(id), address: null };
  const who = whoOf(id);
  return who.address === null ? { key: detach(id), address: null } : who;
}

function ofAddress(captures: Captures, text: string, usedns: UseDns): Identity {
  const cidr = captures.text(KNOWN.cidr);
  const identity = cidr === null || cidr === "" ? addressCalled(text) : networkCalled(text, Number(cidr));
  const id = captures.text(KNOWN.fid);
  if (id === null || id === text) return identity;
  // The id is counted, whatever stands where an address should.
  const who = identity.is === "who" ? identity.who : { key: detach(text), address: null };
  return { is: "who", who: withId(captures, text, who, usedns) };
}

function ofName(captures: Captures, dns: string, id: string | null, usedns: UseDns): Identity {
  if (usedns === "raw")
    return {
      is: "who",
      who:
        id === null || id === dns
          ? { key: detach(dns), address: null }
          : withId(captures, dns, { key: dns, address: null }, usedns),
    };
  const literal = parseAddress(dns);
  if (literal !== null) return { is: "who", who: { key: literal.text, address: literal } };
  // `1.2.3` and the like are no names: the original lets the C library make an address of them (engine.md §11 no. 28).
  if (usedns === "no" || !/\p{L}/u.test(dns)) return { is: "no address", text: dns };
  return { is: "name", name: dns };
}

/** Another id beside the address: the id is counted, the address is what `<ip>` shows. */
function withId(captures: Captures, text: string, who: Who, usedns: UseDns): Who {
  const id = captures.text(KNOWN.fid);
  if (id === null || id === text) return who;
  captures.set(KNOWN.ip, who.key);
  return ownWho(id, usedns);
}

/** IPv4 addresses that are remembered, one for each place: few, for what is replaced before the next collection costs nothing. */
const QUADS = 128;
const quads = new Float64Array(QUADS).fill(-1);
const ofQuads: Identity[] = Array.from({ length: QUADS }, () => PENDING);

/** Spellings of IPv6 addresses: many, for reading them takes long. */
const SPELLINGS = 1024;
const spellings: (string | null)[] = Array.from({ length: SPELLINGS }, () => null);
const ofSpellings: Identity[] = Array.from({ length: SPELLINGS }, () => PENDING);

function addressCalled(text: string): Identity {
  const quad = plainQuad(text);
  if (quad < 0) return addressSpelled(text);
  // The lines of one connection come close together, its last two bytes tell addresses apart best.
  const place = (quad ^ (quad >>> 8)) & (QUADS - 1);
  if (quads[place] === quad) return ofQuads[place] ?? PENDING;
  const identity = identityOf(text);
  quads[place] = quad;
  ofQuads[place] = identity;
  return identity;
}

function addressSpelled(text: string): Identity {
  const place = hashOf(text) & (SPELLINGS - 1);
  const before = ofSpellings[place];
  if (before !== undefined && spellings[place] === text) return before;
  const spelling = detach(text);
  const identity = identityOf(spelling);
  spellings[place] = spelling;
  ofSpellings[place] = identity;
  return identity;
}

function identityOf(text: string): Identity {
  const address = text.includes("/") ? null : parseAddress(text);
  return address === null ? { is: "no address", text } : { is: "who", who: { key: address.text, address } };
}

function networkCalled(text: string, prefix: number): Identity {
  const host: Address | null = parseAddress(text);
  if (host === null) return { is: "no address", text };
  const net = networkOf(host, prefix);
  return { is: "who", who: { key: net.text, address: net } };
}
