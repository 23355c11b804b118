/**
 * Text → address or network, in one canonical form.
 *
 * Accepts what fail2ban's address object accepts (engine.md §2.2, last column): brackets are stripped, mapped IPv6
 * becomes IPv4, `/24` and `/255.255.255.0` become a network. Anything else is not an address. Resolves no names.
 */
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
  const quad = plainQuad(text);
  if (quad >= 0) return addressOf([Math.floor(quad / 65_536), quad & 0xffff], 32);
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const slash = bare.indexOf("/");
  const words = wordsOf(slash < 0 ? bare : bare.slice(0, slash));
  if (words === null) return null;
  if (slash < 0) return isMapped(words) ? addressOf(words.slice(6), 32) : addressOf(words, words.length * 16);
  const prefix = prefixOf(bare.slice(slash + 1), words.length);
  if (prefix === null) return null;
  // A mapped network counts its prefix in 128 bits; one that is larger than all of IPv4 stays what it is.
  return isMapped(words) && prefix > 96 ? addressOf(words.slice(6), prefix - 96) : addressOf(words, prefix);
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
  const labels =
    address.family === 4
      ? octets(address.words)
      : address.words.flatMap((word) => [...word.toString(16).padStart(4, "0")]);
  return `${labels.toReversed().join(".")}.${suffix ?? (address.family === 4 ? "in-addr.arpa." : "ip6.arpa.")}`;
}

function wordsOf(host: string): readonly number[] | null {
  if (host.length > LONGEST) return null;
  if (host.includes(":")) return sixOf(host);
  const quad = plainQuad(host);
  return quad < 0 ? null : [Math.floor(quad / 65_536), quad & 0xffff];
}

/** Of IPv6: eight groups, the last two perhaps as IPv4. */
const LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;

/** As inet_pton reads it (RFC 4291, 2.2); without a zone. Character by character: under attack, many lines have one. */
function sixOf(host: string): readonly number[] | null {
  const text = inGroups(host);
  const words: number[] = [];
  let gap = -1; // of the groups, the one before which `::` stands
  let value = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== COLON) {
      const digit = hexDigit(code);
      if (digit < 0 || (digits += 1) > 4) return null;
      value = value * 16 + digit;
    } else if (digits > 0) {
      words.push(value);
      value = digits = 0;
    } else if (at > 0 && text.charCodeAt(at - 1) === COLON) {
      if (gap >= 0) return null;
      gap = words.length;
    } else if (at > 0 || text.charCodeAt(1) !== COLON) return null;
  }
  if (digits > 0) words.push(value);
  else if (text.charCodeAt(text.length - 2) !== COLON) return null;
  if (gap < 0) return words.length === 8 ? words : null;
  return words.length < 8 ? withZeros(words, gap) : null;
}

/** Eight groups, of which those that `::` stands for are 0. */
function withZeros(words: readonly number[], gap: number): readonly number[] {
  const all = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < words.length; at += 1) all[at < gap ? at : at + 8 - words.length] = words[at] ?? 0;
  return all;
}

/** @returns -1: it is none */
function hexDigit(code: number): number {
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  const lower = code | 0x20;
  return lower >= SMALL_A && lower < SMALL_A + 6 ? lower - SMALL_A + 10 : -1;
}

/** @returns the text with an IPv4 address at its end as two groups; where there is none, as it is */
function inGroups(host: string): string {
  const tail = host.lastIndexOf(":") + 1;
  const quad = plainQuad(host.slice(tail));
  return quad < 0
    ? host
    : `${host.slice(0, tail)}${Math.floor(quad / 65_536).toString(16)}:${(quad & 0xffff).toString(16)}`;
}

/**
 * An IPv4 address as nearly all are written, read without anything in between: most lines of a log under attack have one.
 * @returns its 32 bits; -1: it is no such text, but may be an address all the same
 */
export function plainQuad(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || (dots += 1) > 3) return -1;
      value = value * 256 + part;
      part = digits = 0;
      continue;
    }
    if (code < ZERO || code > ZERO + 9 || (digits === 1 && part === 0)) return -1;
    digits += 1;
    part = part * 10 + code - ZERO;
    if (part > 255) return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1;
}

const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const SMALL_A = 0x61;

function isMapped(words: readonly number[]): boolean {
  return words.length === 8 && words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0);
}

/** `24`, `255.255.255.0` or `ffff::`; never more than the address has bits. */
function prefixOf(text: string, words: number): number | null {
  const full = words * 16;
  if (/^\d{1,3}$/.test(text)) return Math.min(Number(text), full);
  const mask = wordsOf(text);
  if (mask === null) return null;
  const bits = mask.map((word) => word.toString(2).padStart(16, "0")).join("");
  return /^1*0*$/.test(bits) ? Math.min(bits.lastIndexOf("1") + 1, full) : null;
}

function addressOf(words: readonly number[], prefix: number): Address {
  const family: Family = words.length === 2 ? 4 : 6;
  const full = words.length * 16;
  const kept = prefix === full ? words : words.map((word, i) => word & maskWord(prefix - i * 16));
  const host = family === 4 ? printV4(kept) : printV6(kept);
  return { family, prefix, words: kept, text: prefix === full ? host : `${host}/${prefix}` };
}

function maskWord(bits: number): number {
  return bits >= 16 ? 0xffff : bits <= 0 ? 0 : (0xffff << (16 - bits)) & 0xffff;
}

function printV4([high = 0, low = 0]: readonly number[]): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function octets(words: readonly number[]): number[] {
  const octets: number[] = [];
  for (const word of words) octets.push(word >> 8, word & 255);
  return octets;
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
  let text = "";
  for (let at = 0; at < 8; at += 1) {
    if (at === best.at) text += at === 0 ? "::" : ":";
    if (at >= best.at && at < best.at + best.length && best.at >= 0) continue;
    text += at === 7 ? hexOf(words[at] ?? 0) : `${hexOf(words[at] ?? 0)}:`;
  }
  return text;
}

/** What `toString(16)` gives, which takes as long as all else. */
function hexOf(word: number): string {
  const low = `${HEX[(word >> 4) & 15]}${HEX[word & 15]}`;
  if (word >= 0x1000) return `${HEX[word >> 12]}${HEX[(word >> 8) & 15]}${low}`;
  if (word >= 0x100) return `${HEX[word >> 8]}${low}`;
  return word >= 0x10 ? low : (HEX[word] ?? "0");
}

const HEX = "0123456789abcdef";
