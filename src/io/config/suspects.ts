/** The single doubts about values: comments that became part of them, options run together, lost backslashes, narrow networks, IPv6. */
import { blankWords, covers, isSingle, parseAddress, readSpan, type Issue } from "../../base/index.ts";
import { JAIL_KEYS } from "../../core/option/index.ts";
import type { ReadAction } from "./action.ts";
import { placeOf } from "./definition.ts";
import type { Written } from "./files.ts";
import type { JailOption } from "./jail.ts";
import type { StreamCommand } from "./stream.ts";
import { isStockName } from "./unread.ts";

/** Options in which `#` and `=` may stand for themselves. */
const FREE_TEXT =
  /^(?:known\/.*|action.*|filter|(?:fail|ignore|pref)regex|datepattern|journalmatch|ignorecommand|ignorecache|bantime\.formula)$/;
/** In these a comment behind the value happens to be harmless. */
const EVALUATED = /^(?:findtime|bantime|bantime\.(?:maxtime|rndtime|factor))$/;
const OPTION_NAMES = [...JAIL_KEYS].map((key) => key.replaceAll(".", "\\.")).toSorted((a, b) => b.length - a.length);
const RUN_TOGETHER = new RegExp(`(?:^|[\\s>])(${OPTION_NAMES.join("|")})\\s*=`);
const COMMENT = /(?:^|\s)#(?:\s.*|\S*)$/m;
/** In a text of the administrator's own a `#` may stand for itself, as in `#channel` and `# ff0000`. */
const OWN_COMMENT = /(?<=\S)\s+#\s.*$/m;
/** Arguments in brackets, and what stands in quotes. */
const ENCLOSED = /\[[^\]]*\]|"[^"]*"|'[^']*'/g;

/** @param section name of the section in which the option stands */
export function valueDoubts(section: string, key: string, { text: written, at }: Written): Issue[] {
  if (FREE_TEXT.test(key)) return [];
  const text = written.replace(ENCLOSED, "");
  const isOwn = !JAIL_KEYS.has(key);
  const swallowed = isOwn && !isStockName(key) ? undefined : RUN_TOGETHER.exec(text)?.[1];
  const jail = section === "DEFAULT" ? {} : { jail: section };
  if (swallowed !== undefined)
    return [
      {
        level: "warning",
        at,
        ...jail,
        message: `"${swallowed} = …" stands within the value of ${key} and has no effect`,
        remedy: `put ${swallowed} on a line of its own`,
      },
    ];
  const comment = (isOwn ? OWN_COMMENT : COMMENT).exec(text)?.[0].trim();
  if (comment === undefined) return [];
  const level = EVALUATED.test(key) ? "notice" : "warning";
  return [
    {
      level,
      at,
      ...jail,
      message: `the comment "${shorten(comment)}" is part of the value of ${key}`,
      remedy: "put the comment on a line of its own, or begin it with a blank and ;",
    },
  ];
}

const LOST = /(?<![\\A-Za-z0-9_<>/)-])(?:[sSdDwWbB](?:[+*]|\?(?=[sSdDwW])))+/;

/** Lines of expressions without a single backslash in which bare letters are repeated as only classes are. */
export function expressionDoubts(key: string, written: Written): Issue[] {
  return written.text.split("\n").flatMap((line, index): Issue[] => {
    const lost = line.includes("\\") ? undefined : LOST.exec(line)?.[0];
    if (lost === undefined) return [];
    const at = { file: written.at.file, line: written.lines?.[index] ?? written.at.line };
    return [
      {
        level: "warning",
        at,
        message: `the backslashes of this ${key} seem to be lost: it has "${lost}", which means the letters themselves`,
        remedy: `write ${lost.replace(/[a-zA-Z]/g, "\\$&")}, and a backslash before [ ] ( ) . * where the sign itself is meant`,
      },
    ];
  });
}

const PRIVATE = parseAddress("172.16.0.0/12");
const DOCKER = parseAddress("172.17.0.0/16");

/** `172.17.0.0/24` covers a 256th of the pool that Docker numbers its containers from. */
export function ignoreDoubts(ignoreip: Written | undefined): Issue[] {
  if (ignoreip === undefined || PRIVATE === null || DOCKER === null) return [];
  return blankWords(ignoreip.text.replaceAll(",", " ")).flatMap((entry): Issue[] => {
    const net = parseAddress(entry);
    if (net === null || isSingle(net) || net.prefix !== 24 || !covers(PRIVATE, net) || !/\.0\.0\//.test(entry))
      return [];
    const docker = covers(DOCKER, net);
    const pool = docker
      ? "172.17.0.0/16, Docker's default network"
      : "172.16.0.0/12, the private range of which Docker takes its networks";
    return [
      {
        level: "notice",
        at: ignoreip.at,
        message: `${entry} covers only 256 addresses of ${pool}`,
        remedy: `write ${docker ? "172.17.0.0/16" : "172.16.0.0/12"} if all of it is meant`,
      },
    ];
  });
}

/** With growing bans, an offender is known only as long as the database remembers him. */
export function forgottenBans(
  jail: string,
  options: ReadonlyMap<string, JailOption>,
  general: readonly StreamCommand[],
): Issue[] {
  const increment = options.get("bantime.increment");
  const bantime = options.get("bantime");
  const purge = general.find(({ words }) => words[1] === "dbpurgeage")?.words[2];
  if (increment?.value !== true || bantime === undefined || typeof purge !== "string") return [];
  const [age, length] = [readSpan(purge), readSpan(bantime.written.text)];
  if (!age.ok || !length.ok || length.seconds < 0 || age.seconds > length.seconds) return [];
  const message = `bans are remembered for dbpurgeage = ${purge}, which is not longer than a ban of this jail (${bantime.written.text}): who comes back is often no longer known, and his ban does not grow`;
  return [
    {
      level: "notice",
      at: bantime.written.at,
      jail,
      message,
      remedy: "set dbpurgeage in fail2ban.local to several times the longest ban, for example 30d",
    },
  ];
}

/** The one module of the original that is offered natively. */
const NATIVE = "smtp.py";

/** Modules that cannot be run, commands that are made for IPv4 only, and those that shut out more than the offender. */
export function actionDoubts(action: ReadAction): Issue[] {
  if (action.is === "module") {
    if (action.file === NATIVE) return [];
    const message = `the action ${action.file} is a Python module and is not carried out; the jail's other actions are`;
    return [
      { level: "warning", at: action.command.at, message, remedy: "write the same as commands in a file of action.d" },
    ];
  }
  const { definition, values } = action.combined;
  const place = (key: string): Issue["at"] => placeOf(definition, key)?.at ?? definition.at;
  const doubts: Issue[] = [];
  const width = /<ip>(\/\d{1,3})\b/.exec(values.get("actionban") ?? "")?.[1];
  if (width !== undefined && width !== "/32")
    doubts.push({
      level: "notice",
      at: place("actionban"),
      message: `this action shuts out the whole ${width} of an offender: two offenders in it share one entry, and the unban of one lets both in`,
      remedy: "ban <ip> itself where only the offender is meant",
    });
  const suspect = ["actionban", "actionstart"].find((key) => onlyIPv4(values.get(key) ?? ""));
  if (suspect !== undefined)
    doubts.push({
      level: "notice",
      at: place(suspect),
      message: "this action cannot ban IPv6 addresses: its set and its networks are IPv4's",
      remedy: "use a stock action (nftables, iptables-ipset), or a second set with family inet6 in [Init?family=inet6]",
    });
  return doubts;
}

function onlyIPv4(command: string): boolean {
  const set = /\bipset\b[^\n]*\b(?:nethash|iphash|hash:(?:ip|net))\b/.test(command) && !/family|inet6/.test(command);
  return set || /<ip>\/(?:[12]?\d|3[0-2])\b/.test(command);
}

function shorten(text: string): string {
  return text.length > 50 ? `${text.slice(0, 47)}...` : text;
}
