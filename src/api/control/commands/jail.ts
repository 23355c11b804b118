/** Commands about jails as a whole, and about who is banned in them (config-cli.md §6.3, §6.4, §6.5). */
import { endOf, pythonRepr, Refusal, type Plain } from "../../../base/index.ts";
import type { CurrentBan, Desk } from "../desk.ts";
import { Id, type Answer } from "../pickle/index.ts";
import { done } from "./basic.ts";
import { listOf, plainText, texts, type Command } from "./command.ts";

export const JAIL: readonly Command[] = [
  {
    words: "add",
    usage: "<JAIL> [<BACKEND>]",
    section: "JAIL CONTROL",
    help: "makes a new jail without settings",
    needs: 1,
    run: async (desk, [name, backend = "auto"]) => {
      const jail = plainText(name ?? null);
      if (jail === "--all") throw new Refusal("Exception", `Reserved name ${pythonRepr(jail)}`);
      await desk.add(jail, plainText(backend));
      return jail;
    },
    show: (value) => `Added jail ${plainText(value)}`,
  },
  {
    words: "start <JAIL>",
    section: "JAIL CONTROL",
    help: "starts the jail",
    needs: 1,
    run: (desk, [name = null]) => done(desk.start(name)),
    show: () => "Jail started",
  },
  {
    words: "stop --all",
    section: "JAIL CONTROL",
    help: null,
    run: (desk) => done(desk.stopAll()),
    show: () => "Jail stopped",
  },
  {
    words: "stop <JAIL>",
    section: "JAIL CONTROL",
    help: "stops the jail and removes it",
    needs: 1,
    run: (desk, [name = null]) => done(desk.stop(name)),
    show: () => "Jail stopped",
  },
  {
    words: "set <JAIL> idle",
    usage: "on|off",
    section: "JAIL CONFIGURATION",
    help: "lets the jail rest, or work again",
    needs: 2,
    run: async (desk, [name = null, word]) => {
      if (word !== "on" && word !== "off") throw new Refusal("Exception", "Invalid idle option, must be 'on' or 'off'");
      await desk.jail(name).setIdle(word === "on");
      return word === "on";
    },
  },
  {
    words: "set <JAIL> attempt",
    usage: "<IP> [<LINE> ... <LINE>]",
    section: "JAIL CONFIGURATION",
    help: "counts a failure of <IP>, as if it stood in the log",
    needs: 1,
    run: (desk, [name = null, ...args]) => {
      const jail = desk.jail(name);
      const [id, ...lines] = texts(args);
      if (id === undefined)
        throw new Refusal("TypeError", "Filter.addAttempt() missing 1 required positional argument: 'ip'");
      return jail.attempt(id, lines);
    },
  },
  {
    words: "set <JAIL> banip",
    usage: "<IP> ... <IP>",
    section: "JAIL CONFIGURATION",
    help: "bans these addresses; answers how many were not banned before",
    needs: 1,
    run: (desk, [name = null, ...ids]) => desk.jail(name).banip(texts(ids)),
  },
  {
    words: "set <JAIL> unbanip",
    usage: "[--report-absent] <IP> ... <IP>",
    section: "JAIL CONFIGURATION",
    help: "lifts the bans of these addresses; answers how many there were. With '--report-absent' it is an error when there was none",
    needs: 2,
    run: (desk, [name = null, ...args]) => {
      const reportAbsent = args[0] === "--report-absent";
      return desk.jail(name).unbanip(texts(reportAbsent ? args.slice(1) : args), reportAbsent);
    },
  },
  {
    words: "get <JAIL> banned",
    usage: "[<IP> ... <IP>]",
    section: "JAIL INFORMATION",
    help: "lists the banned addresses, or says of each given one whether it is banned (1 or 0)",
    needs: 1,
    asks: true,
    run: (desk, [name = null, ...ids]) => banned(desk, desk.jail(name).bans(), texts(ids)),
  },
  {
    words: "get <JAIL> banip",
    usage: "[<SEP>|--with-time]",
    section: "JAIL INFORMATION",
    help: "lists the banned addresses in the order in which their bans end, parted by <SEP> (default: blank), or each with its times",
    needs: 1,
    asks: true,
    run: (desk, [name = null, how]) => {
      const bans = desk
        .jail(name)
        .bans()
        .toSorted((a, b) => endOf(a) - endOf(b));
      return bans.map((ban) => (how === "--with-time" ? withTime(ban) : new Id(ban.id)));
    },
    show: (value, [, separator = " "]) =>
      listOf(value)
        .map(plainText)
        .join(separator === "--with-time" ? "\n" : separator),
  },
];

/** All; or for one address 1 or 0; or a list of these. */
function banned(desk: Desk, bans: readonly CurrentBan[], ids: readonly string[]): Answer {
  if (ids.length === 0) return bans.map((ban) => new Id(ban.id));
  const keys = new Set(bans.map((ban) => ban.id));
  const flags: readonly Plain[] = ids.map((id) => (keys.has(desk.listedAs(id)) ? 1 : 0));
  return flags.length === 1 ? (flags[0] ?? 0) : flags;
}

/** The end of what never ends, as the original prints it. */
const NEVER = "9999-12-31 23:59:59";

/** `192.0.2.2 ⇥2026-11-22 08:54:48 + 600 = 2026-11-22 09:04:48`, in the machine's local time. */
function withTime(ban: CurrentBan): string {
  const end = endOf(ban);
  return `${ban.id} \t${localTime(ban.since)} + ${Math.trunc(ban.lasts)} = ${Number.isFinite(end) ? localTime(end) : NEVER}`;
}

/** In the machine's zone. */
export function localTime(at: number): string {
  const date = new Date(Math.floor(at) * 1000);
  if (Number.isNaN(date.getTime()) || date.getFullYear() > 9999) return NEVER;
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
