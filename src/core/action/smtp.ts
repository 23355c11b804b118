/**
 * The action `smtp.py` (engine.md §6.9), which we have natively: what its parameters mean and what its mails say. Sends nothing.
 */
import { type Ban, FOREVER, matchText, printSpan, type Span } from "../../base/index.ts";
import { isOn } from "./options.ts";
import type { TagSource } from "./tags.ts";

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly senderName: string;
  readonly sender: string;
  readonly to: readonly string[];
  readonly matches: "matches" | "ipmatches" | "ipjailmatches" | null;
}

export type ReadSmtp =
  | { readonly ok: true; readonly settings: SmtpSettings }
  | { readonly ok: false; readonly message: string };

const PARAMETERS = new Set([
  "host",
  "ssl",
  "user",
  "password",
  "sendername",
  "sender",
  "dest",
  "matches",
  "name",
  "actname",
]);
const MATCHES = ["matches", "ipmatches", "ipjailmatches"] as const;

/** @param parameters as in `smtp.py[host="mail:25", dest="root"]` */
export function readSmtp(parameters: ReadonlyMap<string, string>): ReadSmtp {
  for (const key of parameters.keys())
    if (!PARAMETERS.has(key)) return { ok: false, message: `smtp.py does not know the parameter ${key}` };
  const of = (key: string): string | null => parameters.get(key)?.trim() || null;
  const place = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(of("host") ?? "localhost");
  const port = Number(place?.[2] ?? "25");
  if (place === null || port < 1 || port > 65_535)
    return { ok: false, message: `host: cannot read ${parameters.get("host")}; write a name or name:port` };
  const wanted = of("matches");
  const matches =
    wanted === null || /^none$/i.test(wanted) ? null : (MATCHES.find((word) => word === wanted) ?? "unknown");
  if (matches === "unknown") return { ok: false, message: `matches: is one of ${MATCHES.join(", ")}, not ${wanted}` };
  const settings: SmtpSettings = {
    host: (place[1] ?? "localhost").replace(/^\[|\]$/g, ""),
    port,
    tls: isOn(parameters.get("ssl") ?? ""),
    user: of("user"),
    password: of("password"),
    senderName: of("sendername") ?? "Fail2Ban",
    sender: of("sender") ?? "fail2ban",
    to: (of("dest") ?? "root").split(/[\s,]+/).filter((word) => word !== ""),
    matches,
  };
  return { ok: true, settings };
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

export function startLetter(jail: string, host: string): Letter {
  return letter(`${jail}: started on ${host}`, [`The jail ${jail} on ${host} is now being watched.`]);
}

export function stopLetter(jail: string, host: string): Letter {
  return letter(`${jail}: stopped on ${host}`, [`The jail ${jail} on ${host} is no longer being watched.`]);
}

export function banLetter(ban: Ban, host: string, matches: SmtpSettings["matches"], source: TagSource): Letter {
  const id = ban.who.key;
  const lines = [
    `${id} was banned by the jail ${ban.jail} on ${host}, ${duration(ban.lasts)}, after ${ban.failures} failed attempt(s).`,
  ];
  const merged =
    matches === null || matches === "matches" ? null : source.merged(ban, matches === "ipmatches" ? "all" : "jail");
  const kept = merged?.matches ?? ban.matches.map((match) => matchText(match));
  if (matches !== null) lines.push("", "Log lines:", ...kept);
  return letter(`${ban.jail}: banned ${id} from ${host}`, lines);
}

function duration(lasts: Span): string {
  return lasts === FOREVER ? "for good" : `for ${printSpan(lasts)}`;
}

function letter(subject: string, lines: readonly string[]): Letter {
  return { subject: `[Fail2Ban] ${subject}`, text: `${lines.join("\n")}\n\n-- \nFail2Ban\n` };
}
