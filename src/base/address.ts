/**
 * Text → address or network, in one canonical form.
 *
 * Accepts what fail2ban's address object accepts (engine.md §2.2, last column): brackets are stripped, mapped IPv6
 * becomes IPv4, `/24` and `/255.255.255.0` become a network. Anything else is not an address. Resolves no names.
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  /** Length of the network part; 32 or 128 for a single address. */
  readonly prefix: number;
  /** Sixteen-bit groups, host bits zeroed: two for IPv4, eight for IPv6. */
  readonly words: readonly number[];
  /** Canonical text, as `inet_ntop` prints it, with `/prefix` where it is a network. */
  readonly text: string;
}

/** @returns the address or network that `text` names, or null when it names none. */
export function parseAddress(text: string): Address | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const slash = bare.indexOf("/");
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const words = wordsOf(host);
  if (words === null) return null;
  const full = words.length * 16;
  if (slash < 0) return addressOf(words, full);
  const prefix = prefixOf(bare.slice(slash + 1), words.length === 8 ? 6 : 4, host.includes(":") && words.length === 2);
  return prefix === null ? null : addressOf(words, Math.min(prefix, full));
}

/** @returns the network of `address` with at most `prefix` leading bits kept. */
export function networkOf(address: Address, prefix: number): Address {
  return addressOf(address.words, Math.min(prefix, address.prefix));
}

/** A single address is a network of full length, so one question serves both. */
export function covers(net: Address, ip: Address): boolean {
  if (net.family !== ip.family || net.prefix > ip.prefix) return false;
  const whole = net.prefix >> 4;
  for (let i = 0; i < whole; i += 1) if (net.words[i] !== ip.words[i]) return false;
  const rest = net.prefix & 15;
  return rest === 0 || (net.words[whole] ?? 0) >> (16 - rest) === (ip.words[whole] ?? 0) >> (16 - rest);
}

/** Whether it stands for one host and not for a network. */
export function isSingle(address: Address): boolean {
  return address.prefix === address.words.length * 16;
}

/** Name for a reverse look-up, with trailing dot: `1.2.0.192.in-addr.arpa.`; `suffix` replaces the arpa part. */
export function reverseName(address: Address, suffix?: string): string {
  const labels = address.family === 4 ? octets(address.words) : address.words.flatMap((word) => [...word.toString(16).padStart(4, "0")]);
  return `${labels.toReversed().join(".")}.${suffix ?? (address.family === 4 ? "in-addr.arpa." : "ip6.arpa.")}`;
}

function wordsOf(host: string): readonly number[] | null {
  const family = isIP(host);
  if (family === 0 || host.includes("%")) return null;
  if (family === 4) {
    const [a = 0, b = 0, c = 0, d = 0] = host.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  }
  const words = ipaddr.IPv6.parse(host).parts;
  const mapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  return mapped ? words.slice(6) : words;
}

/** `24`, `255.255.255.0` or `ffff::`; a mapped IPv6 network counts its prefix in 128 bits. */
function prefixOf(text: string, family: Family, mapped: boolean): number | null {
  if (/^\d{1,3}$/.test(text)) {
    const bits = Number(text);
    if (!mapped) return bits;
    return bits >= 96 ? bits - 96 : null;
  }
  const mask = isIP(text) === 0 ? null : ipaddr.process(text).prefixLengthFromSubnetMask();
  return mask === null ? null : family === 4 ? Math.min(mask, 32) : mask;
}

function addressOf(words: readonly number[], prefix: number): Address {
  const family: Family = words.length === 2 ? 4 : 6;
  const full = words.length * 16;
  const kept = prefix === full ? words : words.map((word, i) => word & maskWord(prefix - i * 16));
  const host = family === 4 ? octets(kept).join(".") : printV6(kept);
  return { family, prefix, words: kept, text: prefix === full || prefix === 0 ? host : `${host}/${prefix}` };
}

function maskWord(bits: number): number {
  return bits >= 16 ? 0xffff : bits <= 0 ? 0 : (0xffff << (16 - bits)) & 0xffff;
}

function octets(words: readonly number[]): number[] {
  return words.flatMap((word) => [word >> 8, word & 255]);
}

/** As glibc's inet_ntop: the longest run of zeros (two or more, the first of equals) becomes `::`; IPv4 tail after `::` and `::ffff:`. */
function printV6(words: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (at + length < 8 && words[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
    at += length;
  }
  if (best.at === 0 && (best.length === 6 || (best.length === 5 && words[5] === 0xffff)))
    return `::${best.length === 5 ? "ffff:" : ""}${octets(words.slice(6)).join(".")}`;
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(":");
  if (best.at < 0) return hex(words);
  return `${hex(words.slice(0, best.at))}::${hex(words.slice(best.at + best.length))}`;
}
