/**
 * `<HOST>`, `<F-USER>`…`</F-USER>`, `<SKIPLINES>`: what tags in failregex, ignoreregex and prefregex stand for
 * (engine.md §2.1). Replaced as text, in one pass from left to right, before the expression is parsed.
 */
import { lettersOf } from "../../base/index.ts";
import { type UseDns } from "./pattern.ts";

/** A mapped prefix of any IPv4 address stays outside of the group. */
const IP4 = String.raw`(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})`;
/** The body of `<IP6>`: the printer knows it and writes it loosely (see `loose.ts`). */
export const IP6_BODY = String.raw`(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)`;
const IP6 = `(?P<ip6>${IP6_BODY})`;
const DNS = String.raw`(?P<dns>[\w\-.^_]*\w)`;
const CIDR = String.raw`(?P<cidr>\d+)`;
const ADDRESS = `${IP4}|${IP6}`;
const ADDR = String.raw`\[?(?:${ADDRESS})\]?`;
const HOST = `(?:${ADDR}|${DNS})`;
const SUBNET = String.raw`\[?(?:${ADDRESS})(?:/${CIDR})?\]?`;

const FIXED = new Map([
  ["<IP4>", IP4],
  ["<F-IP4/>", IP4],
  ["<IP6>", IP6],
  ["<F-IP6/>", IP6],
  ["<DNS>", DNS],
  ["<F-DNS/>", DNS],
  ["<ADDR>", ADDR],
  ["<F-ADDR/>", ADDR],
  ["<CIDR>", CIDR],
  ["<F-CIDR/>", CIDR],
  ["<SUBNET>", SUBNET],
  ["<F-SUBNET/>", SUBNET],
  ["<F-ID/>", String.raw`(?P<fid>\S+)`],
  ["<F-PORT/>", String.raw`(?P<fport>\w+)`],
]);

/** Groups that have another name than their tag. */
const RENAMED = new Map([
  ["id", "fid"],
  ["port", "fport"],
]);

/** The name of the group that `<F-NAME>` opens, or that `alt_name` feeds. */
export function groupName(tag: string): string {
  const name = tag.toLowerCase();
  return RENAMED.get(name) ?? name;
}

const TAG = lettersOf("<\\/?[\\p{L}\\p{N}_\\-]+\\/?>", "g");
const NAMED = /^<(\/?)F-([A-Z0-9_-]+)>$/;

/** @returns the expression with tags replaced; unknown tags stay as they are. */
export function expandTags(source: string, usedns: UseDns): string {
  const opened = new Set<string>();
  let skips = 0;
  const expanded = source.replaceAll(TAG(source), (tag) => {
    if (tag === "<HOST>") return usedns === "no" ? ADDR : HOST;
    if (tag === "<SKIPLINES>") return String.raw`\n(?P<skiplines${skips++}>(?:(?:.*\n)*?))`;
    return FIXED.get(tag) ?? replaceNamed(tag, opened);
  });
  return scopeFlags(expanded);
}

function replaceNamed(tag: string, opened: Set<string>): string {
  const parts = NAMED.exec(tag);
  const name = parts?.[2];
  if (parts === null || name === undefined) return tag;
  if (parts[1] === "") {
    opened.add(name);
    return `(?P<${groupName(name)}>`;
  }
  return opened.has(name) ? ")" : tag;
}

/** `((?i)…` and `(?:(?i)…` become `(?i:…`. */
function scopeFlags(text: string): string {
  return text.replaceAll(/(?<!\\)\((?:\?:)?\(\?([a-z]+)\)/g, "(?$1:");
}
