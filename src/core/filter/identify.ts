/**
 * Whom a failure is counted for: the address or id among what was captured (engine.md §1.5 step 8).
 *
 * Something in the shape of an address that is none (`999.9.9.9`) is told as such: nobody can be banned by it.
 */
import { detach, networkOf, parseAddress, whoOf, type Address, type Who } from "../../base/index.ts";
import type { UseDns } from "../pattern/index.ts";
import type { Captures } from "./groups.ts";

export type Identity =
  | { readonly is: "who"; readonly who: Who }
  /** A host name, of which the addresses must be asked. */
  | { readonly is: "name"; readonly name: string }
  /** Nobody yet: a session that has told no address so far. */
  | { readonly is: "pending" }
  /** The text of an address group, or a name that may not be resolved. */
  | { readonly is: "no address"; readonly text: string };

const ADDRESSES_KEPT = 10_000;
const known = new Map<string, Who | null>();

export function identify(captures: Captures, usedns: UseDns): Identity {
  const shape = captures.text("ip4") ?? captures.text("ip6");
  if (shape !== null) return ofAddress(captures, shape);
  const dns = captures.text("dns");
  const id = captures.text("fid");
  if (dns !== null) return ofName(captures, dns, id, usedns);
  if (id === null) return { is: "pending" };
  return { is: "who", who: ownWho(id) };
}

/** Whom an id names, with a text of its own: he may be remembered for long. */
function ownWho(id: string): Who {
  const who = whoOf(id);
  return who.address === null ? { key: detach(id), address: null } : who;
}

function ofAddress(captures: Captures, text: string): Identity {
  const cidr = captures.text("cidr");
  const who = cidr === null || cidr === "" ? addressCalled(text) : networkCalled(text, Number(cidr));
  if (who === null) return { is: "no address", text };
  return { is: "who", who: withId(captures, text, who) };
}

function ofName(captures: Captures, dns: string, id: string | null, usedns: UseDns): Identity {
  if (usedns === "raw")
    return {
      is: "who",
      who:
        id === null || id === dns
          ? { key: detach(dns), address: null }
          : withId(captures, dns, { key: dns, address: null }),
    };
  const literal = parseAddress(dns);
  if (literal !== null) return { is: "who", who: { key: literal.text, address: literal } };
  // `1.2.3` and the like are no names: the original lets the C library make an address of them (engine.md §11 no. 28).
  if (usedns === "no" || !/\p{L}/u.test(dns)) return { is: "no address", text: dns };
  return { is: "name", name: dns };
}

/** Another id beside the address: the id is counted, the address is what `<ip>` shows. */
function withId(captures: Captures, text: string, who: Who): Who {
  const id = captures.text("fid");
  if (id === null || id === text) return who;
  captures.set("ip", who.key);
  return ownWho(id);
}

/** The last 10,000 spellings are remembered; when there are more, all are forgotten and learned anew. */
function addressCalled(text: string): Who | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const address = text.includes("/") ? null : parseAddress(text);
  const who = address === null ? null : { key: address.text, address };
  if (known.size >= ADDRESSES_KEPT) known.clear();
  known.set(detach(text), who);
  return who;
}

function networkCalled(text: string, prefix: number): Who | null {
  const host: Address | null = parseAddress(text);
  if (host === null) return null;
  const net = networkOf(host, prefix);
  return { key: net.text, address: net };
}
