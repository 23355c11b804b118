/** The table of dynamic tags: what each says of a ban (engine.md §6.6). Those marked ours are unknown to the original. */
import {
  type Ban,
  type FieldValue,
  FOREVER,
  type Instant,
  matchText,
  type Plain,
  pythonRepr,
  reverseName,
  type Span,
  Tuple,
} from "../../base/index.ts";
import { fieldName, type TagReader, usesTag } from "./dynamic.ts";
import { type Family, familyWord } from "./family.ts";
import { ipsetTimeout, nftTimeout } from "./kernel-time.ts";

/** What tags say that a ban does not know itself; answers at once. */
export interface TagSource {
  readonly jail: string;
  /** The jail's own ban time, for commands that belong to no ban. */
  readonly bantime: Span;
  /** Numbers of the jail: banned now, banned ever, being counted now, found ever. */
  counts(): JailCounts;
  /** Lines and attempts of all bans of this offender in the store, in all jails or in this one; null: the store knows nothing. */
  merged(ban: Ban, where: "all" | "jail"): MergedBans | null;
  /** The reverse name of an address, looked up beforehand (see `needsHost`); null: none. */
  hostOf(ip: string): string | null;
}

export interface JailCounts {
  readonly banned: number;
  readonly bannedTotal: number;
  readonly found: number;
  readonly foundTotal: number;
}

export interface MergedBans {
  readonly matches: readonly string[];
  readonly failures: number;
}

/** What a tag is read from. */
export interface TagContext {
  readonly ban: Ban;
  /** Decides `<family>`: a command of a family without a ban has only this. */
  readonly family: Family;
  readonly now: Instant;
  readonly source: TagSource;
}

export interface DynamicTag {
  readonly name: string;
  readonly meaning: string;
  readonly ours: boolean;
  readonly read: (context: TagContext) => string;
}

function tag(name: string, meaning: string, read: (context: TagContext) => string, ours = false): DynamicTag {
  return { name, meaning, ours, read };
}

export const DYNAMIC_TAGS: readonly DynamicTag[] = [
  tag("ip", "the address that failed, else the id", (c) => addressText(c.ban)),
  tag("family", "inet4 or inet6; None for ids that are no address", (c) => familyText(c)),
  tag("ip-rev", "reversed labels of the address with a trailing dot", (c) =>
    c.ban.who.address === null ? "None" : reverseName(c.ban.who.address, ""),
  ),
  tag(
    "ip-host",
    "the address's reverse name; None if it has none",
    (c) => c.source.hostOf(addressText(c.ban)) ?? "None",
  ),
  tag("fid", "the failure's id", (c) => c.ban.who.key),
  tag("failures", "failed attempts", (c) => String(c.ban.failures)),
  tag("time", "time of the last failure, seconds since 1970", (c) => String(c.ban.since)),
  tag("bantime", "seconds the ban lasts; -1: permanent", (c) => String(Math.trunc(c.ban.lasts))),
  tag("bancount", "which ban of this offender it is", (c) => String(c.ban.count)),
  tag("matches", "the lines that led to the ban", (c) => ownMatches(c.ban).join("\n")),
  tag("ipmatches", "lines of all bans of this offender in all jails", (c) => mergedMatches(c, "all")),
  tag("ipjailmatches", "lines of all bans of this offender in this jail", (c) => mergedMatches(c, "jail")),
  tag("ipfailures", "attempts of all bans of this offender in all jails", (c) =>
    String(c.source.merged(c.ban, "all")?.failures ?? c.ban.failures),
  ),
  tag("ipjailfailures", "attempts of all bans of this offender in this jail", (c) =>
    String(c.source.merged(c.ban, "jail")?.failures ?? c.ban.failures),
  ),
  tag("restored", "1 if the ban is only carried out again after a restart, else 0", (c) =>
    c.ban.restored ? "1" : "0",
  ),
  tag("raw-ticket", "all of it, for debugging", (c) => rawTicket(c.ban)),
  tag("jail.name", "the jail", (c) => c.source.jail),
  tag("jail.banned", "banned now in this jail", (c) => String(c.source.counts().banned)),
  tag("jail.banned_total", "banned since the start", (c) => String(c.source.counts().bannedTotal)),
  tag("jail.found", "offenders being counted now", (c) => String(c.source.counts().found)),
  tag("jail.found_total", "failures found since the start", (c) => String(c.source.counts().foundTotal)),
  tag(
    "nft-timeout",
    "`timeout 20d3h…` as nft takes it, a minute longer than the ban; empty for a permanent one",
    (c) => nftTimeout(c.ban, c.now),
    true,
  ),
  tag(
    "ipset-timeout",
    "seconds as ipset takes them, a minute longer than the ban; 0 for a permanent one",
    (c) => ipsetTimeout(c.ban, c.now),
    true,
  ),
];

const BY_NAME = new Map(DYNAMIC_TAGS.map((entry) => [entry.name, entry]));

const FIELD_TAG = /^F-([A-Z0-9_-]+)$/;

/** @returns the reader of all tags for one ban. */
export function tagReader(context: TagContext): TagReader {
  return (name) => {
    const known = BY_NAME.get(name);
    if (known !== undefined) return known.read(context);
    if (name === "F-*") return pythonRepr(allFields(context.ban));
    const field = FIELD_TAG.exec(name)?.[1];
    return field === undefined ? null : fieldText(context.ban, fieldName(field));
  };
}

/** Whether a command with this text wants the reverse name, which takes time to ask for. */
export function needsHost(text: string): boolean {
  return usesTag(text, (name) => name === "ip-host");
}

/** What stands in for a ban in commands that belong to none (actionstart and the like): no address, now. */
export function emptyBan(jail: string, lasts: Span, now: Instant): Ban {
  return {
    jail,
    who: { key: "", address: null },
    since: now,
    lasts,
    count: 1,
    failures: 0,
    matches: [],
    fields: {},
    restored: false,
  };
}

/** A captured address goes before the id: a filter may count by something else (`<F-ID>`). */
function addressText(ban: Ban): string {
  const { ip, ip4, ip6 } = ban.fields;
  if (ban.who.address !== null) return ban.who.key;
  return String(ip ?? ip4 ?? ip6 ?? ban.who.key);
}

function familyText(context: TagContext): string {
  if (context.ban.who.key === "") return familyWord(context.family);
  return context.ban.who.address === null ? "None" : context.ban.who.address.family === 4 ? "inet4" : "inet6";
}

function ownMatches(ban: Ban): readonly string[] {
  return ban.matches.map((match) => matchText(match));
}

function mergedMatches(context: TagContext, where: "all" | "jail"): string {
  return (context.source.merged(context.ban, where)?.matches ?? ownMatches(context.ban)).join("\n");
}

/** What the filter captured, and what counting added under names of its own. */
function allFields(ban: Ban): Plain {
  const fields = Object.entries(ban.fields).map(([name, value]): [string, Plain] => [name, plainOf(value)]);
  return new Map<string, Plain>([...fields, ["matches", ownMatches(ban)], ["failures", ban.failures]]);
}

function fieldText(ban: Ban, name: string): string {
  if (name === "matches") return pythonRepr(ownMatches(ban));
  if (name === "failures") return String(ban.failures);
  const own = Object.hasOwn(ban.fields, name) ? ban.fields[name] : undefined;
  const value = own ?? (name === "fid" ? ban.who.key : "");
  return typeof value === "string" ? value : pythonRepr(plainOf(value));
}

/** Several captured values are a tuple: they print as `('a', 'b')`. */
function plainOf(value: FieldValue): Plain {
  return typeof value === "object" ? new Tuple(...value) : value;
}

function rawTicket(ban: Ban): string {
  const bantime = ban.lasts === FOREVER ? "-1" : String(ban.lasts);
  return `BanTicket: ip=${ban.who.key} time=${ban.since} bantime=${bantime} bancount=${ban.count} #attempts=${ban.failures} matches=${pythonRepr(ownMatches(ban))}`;
}
