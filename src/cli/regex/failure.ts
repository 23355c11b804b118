/** One failure as `-o` and `--json` print it (config-cli.md §8.5). */
import {
  floatRepr,
  matchText,
  parseAddress,
  pythonRepr,
  familyOf,
  textRepr,
  Tuple,
  whoOf,
  type Ban,
  type Fields,
  type Instant,
  type Match,
  type Plain,
} from "../../base/index.ts";
import { tagReader, type TagSource } from "../../core/action/index.ts";
import { groupName, type GroupValue } from "../../core/pattern/index.ts";

/** What a failregex found, or a line that it did not find anything in. */
export interface Failure {
  readonly id: string;
  readonly at: Instant | null;
  /** When it was tried: stands in where the line has no date. */
  readonly now: Instant;
  /** The date is printed as an integer. */
  readonly whole: boolean;
  readonly groups: ReadonlyMap<string, GroupValue>;
  readonly fields: Fields;
  readonly matches: readonly Match[];
}

/** `['192.0.2.1',⇥1795337794.0,⇥{'ip4': '192.0.2.1'}],` */
export function rowOf(failure: Failure): string {
  const time = failure.at === null ? "None" : timeText(failure);
  const pairs = [...failure.groups].map(([name, value]) => `${textRepr(name)}: ${valueRepr(name, value)}`);
  return `[${idRepr(failure)},\t${time},\t{${pairs.join(", ")}}],`;
}

/** Lines that matched, each on a line of its own. */
export function messageOf(failure: Failure): string {
  return failure.matches.map(matchText).join("\n");
}

/** The captured address where something else is counted. */
export function addressOf(failure: Failure): string {
  const ip = failure.groups.get("ip");
  return typeof ip === "string" ? ip : failure.id;
}

/** The value of one group, or of `matches`; `None` for what there is not. */
export function valueOf(failure: Failure, word: string): string {
  if (word === "matches") return matchesRepr(failure);
  const value = failure.groups.get(word);
  return typeof value === "string" ? value : value === undefined ? "None" : valueRepr(word, value);
}

/**
 * A text with its tags filled in; what has no meaning without a server (`<bantime>`, `<ipmatches>`) stays as it is.
 * @returns one text; with `<msg>` one for each line that matched
 */
export function fill(text: string, failure: Failure, host: string | null): readonly string[] {
  if (!text.includes("<msg>")) return [fillOnce(text, failure, host, "")];
  return failure.matches.map((match) => fillOnce(text, failure, host, matchText(match)));
}

function fillOnce(text: string, failure: Failure, host: string | null, message: string): string {
  return text.replace(/<([^ <>]+)>/g, (tag: string, name: string) => {
    if (name === "msg") return message;
    const own = OWN[name];
    if (own !== undefined) return own(failure, host);
    if (name.startsWith("F-")) return fieldText(failure, name.slice(2));
    return tag;
  });
}

/** Whether the text asks for the reverse name, which takes time. */
export function wantsHost(text: string): boolean {
  return text.includes("<ip-host>");
}

const OWN: Readonly<Record<string, (failure: Failure, host: string | null) => string>> = {
  br: () => "\n",
  sp: () => " ",
  ip: addressOf,
  fid: ({ id }) => id,
  "ip-host": (_, host) => host ?? "None",
  family: (failure) => familyOf(whoOf(addressOf(failure))) ?? "None",
  "ip-rev": (failure) =>
    whoOf(addressOf(failure)).address === null ? "" : (tagReader(contextOf(failure))("ip-rev") ?? ""),
  time: timeText,
  matches: messageOf,
  failures: () => "0",
  bancount: () => "0",
  restored: () => "0",
  "raw-ticket": (failure) =>
    `BanTicket: ip=${failure.id} time=${timeText(failure)} bantime=None bancount=0 #attempts=0 matches=${matchesRepr(failure)}`,
  "F-*": (failure) => {
    const groups = [...failure.groups].filter(([, value]) => value !== null);
    const pairs = groups.map(([name, value]) => `, ${textRepr(name)}: ${valueRepr(name, value)}`);
    return `{'matches': ${matchesRepr(failure)}, 'failures': 0${pairs.join("")}}`;
  },
};

function timeText({ at, now, whole }: Failure): string {
  return at !== null && whole ? String(at) : floatRepr(at ?? now);
}

function fieldText(failure: Failure, tag: string): string {
  const name = groupName(tag);
  if (name === "matches") return matchesRepr(failure);
  const value = failure.groups.get(name) ?? null;
  return value === null ? "" : typeof value === "string" ? value : valueRepr(name, value);
}

function idRepr({ id, groups }: Failure): string {
  const fid = groups.get("fid");
  return typeof fid === "object" && fid !== null ? valueRepr("fid", fid) : textRepr(id);
}

/** Several users of a session are a set, other lists tuples. */
function valueRepr(name: string, value: GroupValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return textRepr(value);
  if (name === "users") return `{${value.map((user) => textRepr(user ?? "")).join(", ")}}`;
  return pythonRepr(new Tuple(...value));
}

function matchesRepr({ matches }: Failure): string {
  return pythonRepr(matches.map((match): Plain => (typeof match === "string" ? match : new Tuple(...match))));
}

function contextOf(failure: Failure): Parameters<typeof tagReader>[0] {
  const ban: Ban = {
    jail: "",
    who: whoOf(addressOf(failure)),
    since: failure.at ?? failure.now,
    lasts: 0,
    count: 1,
    failures: 0,
    matches: failure.matches,
    fields: failure.fields,
    restored: false,
  };
  return { ban, family: "", now: failure.now, source: NO_SERVER };
}

const NO_COUNTS = { banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 };
const NO_SERVER: TagSource = {
  jail: "",
  bantime: 0,
  counts: () => NO_COUNTS,
  merged: () => null,
  hostOf: () => null,
};

/** The object that `--json` prints for each failure. */
export function jsonOf(failure: Failure, line: number, rule: number): string {
  const { id, at, fields, matches } = failure;
  const address =
    parseAddress(addressOf(failure)) ?? parseAddress(textField(fields, "ip4") ?? textField(fields, "ip6") ?? "");
  return JSON.stringify({
    line,
    time: at,
    id,
    ip: address?.text ?? null,
    rule,
    fields,
    matches: matches.map(matchText),
  });
}

function textField(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" ? value : null;
}
