/** What commands do to one jail: the daemon's side of `JailDesk`. */
import { existsSync, statSync } from "node:fs";
import { Refusal, parseAddress, whoOf, type Plain, type RefusalKind, type Who } from "../../base/index.ts";
import { plainText, type JailDesk, type JailStatus, type StatusFlavor } from "../../api/control/index.ts";
import {
  addAction,
  putOption,
  removeAction,
  showOption,
  tellOption,
  type JailSettings,
} from "../../core/jail/index.ts";
import type { Guard } from "../guard.ts";
import type { Station } from "../station.ts";
import { actionDesk } from "./action-desk.ts";

export function jailDesk(guard: Guard, station: Station): JailDesk {
  const { world } = station;
  const settings = (): JailSettings => guard.jail.settings;
  return {
    name: guard.name,
    status: (flavor) => statusOf(guard, station, flavor),
    bans: () =>
      [...guard.jail.cell.bans.bans()].map((ban) => ({ id: ban.who.key, since: ban.since, lasts: ban.lasts })),
    ask: (option) =>
      option === "bantime.evmultipliers" ? settings().ban.multipliers : showOption(settings(), option, world),
    put(word, values) {
      if (word === "addlogpath") checkLogPath(settings(), values[0], station);
      const isJournal = word === "addjournalmatch" || word === "deljournalmatch";
      if (isJournal && guard.sources.backend !== "systemd") return;
      const after = sayingRefusal(station, word, () => putOption(settings(), word, values, world));
      const told = tellOption(after, word, values, world);
      if (told !== null) station.say(told);
      guard.change(after);
    },
    setIdle: (idle) => guard.change({ ...settings(), idle }),
    banip: async (ids) => settled(guard, await guard.feed({ is: "banip", who: ids.map(whoOf) })),
    unbanip: async (ids, reportAbsent) =>
      settled(guard, await guard.feed({ is: "unbanip", who: await meant(guard, station, ids), reportAbsent })),
    attempt: async (id, lines) =>
      settled(guard, (await guard.feed({ is: "attempt", who: whoOf(id), lines })) ?? (await guard.laterReply())),
    actions: () => settings().actions.map((action) => action.name),
    action: (name) => actionDesk(guard, plainText(name)),
    addAction(name, module, parameters) {
      guard.change(addAction(settings(), module === null ? [name] : [name, module, parameters]));
    },
    delAction: (name) => guard.change(removeAction(settings(), plainText(name))),
  };
}

/** An expression that is none is also told of by the filter, where it is one of several. */
function sayingRefusal<T>(station: Station, word: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Refusal && cause.kind === "RegexException" && word !== "prefregex")
      station.say({ level: "ERROR", logger: "filter", text: cause.message });
    throw cause;
  }
}

function systemError(kind: RefusalKind, number: number, text: string, path: string): Refusal {
  return new Refusal(kind, `${text}: ${path}`, [number, text, path]);
}

/** @throws Refusal FileNotFoundError, IsADirectoryError */
function checkLogPath(settings: JailSettings, path: Plain | undefined, station: Station): void {
  if (typeof path !== "string") return;
  if (settings.logpath.some((known) => known.path === path))
    station.say({ level: "ERROR", logger: "filter", text: `${path} already exists` });
  else if (!existsSync(path)) throw systemError("FileNotFoundError", 2, "No such file or directory", path);
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw systemError("IsADirectoryError", 21, "Is a directory", path);
}

/** The number that a jail answers, when what it stands for is on the disk. @throws the refusal that it answers instead */
function settled(guard: Guard, answer: Plain | Refusal | undefined): number {
  guard.settle();
  if (answer instanceof Refusal) throw answer;
  return typeof answer === "number" ? answer : 0;
}

/** A host name stands for its addresses, unless it is banned as it is. */
async function meant(guard: Guard, station: Station, ids: readonly string[]): Promise<readonly Who[]> {
  const found: Who[] = [];
  for (const id of ids) {
    const who = whoOf(id);
    const isName = who.address === null && /^[\w.-]*[a-z][\w.-]*$/i.test(id) && !guard.jail.cell.bans.has(id);
    const { addresses } = isName ? await station.resolver.addresses(id, station.ipv6) : { addresses: [] };
    const banned = addresses
      .flatMap((text) => parseAddress(text) ?? [])
      .filter((address) => guard.jail.cell.bans.has(address.text));
    found.push(...(banned.length > 0 ? banned.map((address) => ({ key: address.text, address })) : [who]));
  }
  return found;
}

async function statusOf(guard: Guard, station: Station, flavor: StatusFlavor): Promise<JailStatus> {
  const { jail, sources } = guard;
  const { bans } = jail.cell;
  const { backend } = sources;
  const status: JailStatus = {
    backend,
    failed: jail.failing,
    banned: { current: bans.size, total: bans.total },
    ids: bans.keys(),
    source:
      backend === "systemd"
        ? { of: "journal", matches: jail.settings.journalmatch }
        : { of: "files", files: jail.settings.logpath.map(({ path }) => path) },
  };
  if (flavor === "sources") return { ...status, sources: sources.stats };
  if (flavor !== "cymru") return status;
  const { ownersOf } = await import("./owners.ts");
  return { ...status, owners: await ownersOf(bans.keys(), station.resolver) };
}
