/** What commands do that concern the whole server: the daemon's side of `api/control/desk.ts`. */
import { isList, whoOf, type Plain, type Said, type Span } from "../../base/index.ts";
import { Refusal } from "../../base/index.ts";
import {
  plainText,
  type Desk,
  type GeneralSetting,
  type JailDesk,
  type ReloadOptions,
} from "../../api/control/index.ts";
import {
  emptyJail,
  foldStream,
  putGeneral,
  showGeneral,
  startGeneral,
  type Folded,
  type FoldedRefusal,
} from "../../core/jail/index.ts";
import { setOptimizing } from "../../io/machine/index.ts";
import type { General } from "../general.ts";
import type { Guard } from "../guard.ts";
import type { Jails, Wanted } from "../jails.ts";
import type { Station } from "../station.ts";
import { jailDesk } from "./jail-desk.ts";

/** What of the server itself the desk needs. */
export interface Office {
  readonly version: string;
  readonly station: Station;
  readonly jails: Jails;
  readonly general: General;
  /**
   * Begins to end the program; `keep`: another start follows at once, bans stay in the kernel where they can.
   * @returns when all is undone and another server may start
   */
  end(keep: boolean): Promise<void>;
  /** A reload begins or has ended: told to whoever started us. */
  reloading(active: boolean): void;
  flushlogs(): "rolled over" | "flushed";
}

export function serverDesk(office: Office): Desk {
  const { jails, general, station } = office;
  const world = station.world;
  let reloading = false;
  return {
    version: office.version,
    jails: () => jails.all().map((guard) => jailDesk(guard, station)),
    jail: (name): JailDesk => jailDesk(jails.get(plainText(name)), station),
    add(name, backend) {
      const { jails: added, refusals } = foldStream(
        [["add", name, backend]],
        { general: startGeneral(), jails: new Map() },
        world,
      );
      throwFirst(refusals);
      jails.add(added.get(name) ?? emptyJail(name, backend));
    },
    start(name) {
      const guard = jails.get(plainText(name));
      if (!guard.isRunning) guard.start();
    },
    stop: (name) => jails.remove(plainText(name)),
    stopAll: () => jails.removeAll(),
    stopServer: (keep) => office.end(keep),
    async reload(jail, options, stream) {
      if (reloading) throw new Refusal("ValueError", "Reload already in progress");
      reloading = true;
      office.reloading(true);
      try {
        await reload(office, jail, options, stream);
      } finally {
        reloading = false;
        office.reloading(false);
      }
    },
    serverStream: (stream) => applyStream(office, stream),
    unban: (ids) => unbanEverywhere(office, ids),
    flushlogs: () => office.flushlogs(),
    listedAs: (id) => whoOf(id).key,
    ask: (setting: GeneralSetting) => {
      if (setting === "allowipv6") return general.settings.allowipv6;
      return setting === "logtarget" ? general.logTarget : (showGeneral(general.settings, setting) ?? null);
    },
    put(setting, value) {
      const settings = putGeneral(general.settings, setting, [value]);
      if (settings !== undefined) general.become(settings);
    },
    sleep: (length: Span) => new Promise((resolve) => setTimeout(resolve, Math.min(length * 1000, 2_147_483_647))),
    say: (said: Said) => station.say(said),
  };
}

/** Refused commands → what is said of them. */
type Explain = (refusals: readonly FoldedRefusal[]) => readonly string[];

const plainly: Explain = (refusals) =>
  refusals.map(({ jail, refusal }) => `${jail === null ? "" : `Jail '${jail}': `}${refusal.message}`);

/**
 * The commands of a start: jails of which a command is refused are left out and said; the others start.
 * @param explain for commands whose place in a file is known
 */
export async function applyStream(office: Office, stream: readonly Plain[], explain = plainly): Promise<void> {
  const folded = foldStream(commandsOf(stream), { general: startGeneral(), jails: new Map() }, office.station.world);
  sayErrors(office, folded, explain);
  if (folded.started.length === 0) throwFirst(folded.refusals);
  const broken = folded.refusals.find(({ jail }) => jail === null);
  if (broken !== undefined) throw broken.refusal;
  office.general.become(folded.general);
  setOptimizing(true);
  await office.jails.become(startedOf(folded), null, false);
}

/** A configuration with a mistake changes nothing, and all its mistakes are said (docs/DIFFERENCES.md). */
async function reload(
  office: Office,
  jail: string | null,
  options: ReloadOptions,
  stream: readonly Plain[],
): Promise<void> {
  const { jails, station, general } = office;
  station.say({ level: "INFO", logger: "server", text: jail === null ? "Reload all jails" : `Reload jail ${jail}` });
  if (jail !== null && !options.ifExists) jails.get(jail);
  const folded = foldStream(commandsOf(stream), { general: startGeneral(), jails: new Map() }, station.world);
  sayErrors(office, folded);
  throwFirst(folded.refusals);
  const [skipped] = folded.errors;
  if (skipped !== undefined) throw new Refusal("Exception", skipped);
  if (options.unban) await unbanJails(office, jail);
  if (jail === null) station.resolver.clear();
  general.become(folded.general);
  await jails.become(startedOf(folded), jail, options.restart);
  station.say({ level: "INFO", logger: "server", text: "Reload finished." });
}

function startedOf({ jails, started, said }: Folded): Wanted {
  return { jails: new Map([...jails].filter(([name]) => started.includes(name))), said };
}

function sayErrors({ station }: Office, { errors, refusals }: Folded, explain = plainly): void {
  for (const text of [...errors, ...explain(refusals)]) station.say({ level: "ERROR", logger: "server", text });
}

function throwFirst(refusals: readonly { readonly refusal: Refusal }[]): void {
  const [first] = refusals;
  if (first !== undefined) throw first.refusal;
}

function commandsOf(stream: readonly Plain[]): readonly (readonly Plain[])[] {
  return stream.map((command) => (isList(command) ? command : [command]));
}

async function unbanJails(office: Office, jail: string | null): Promise<number> {
  const guards = office.jails.all().filter((guard) => jail === null || guard.name === jail);
  const counts = await Promise.all(guards.map((guard) => guard.feed({ is: "unban all" })));
  if (jail === null) office.station.store?.forget(null, null);
  settle(office, guards);
  return counts.reduce<number>((sum, count) => sum + (typeof count === "number" ? count : 0), 0);
}

async function unbanEverywhere(office: Office, ids: readonly string[] | null): Promise<number> {
  if (ids === null) return await unbanJails(office, null);
  const who = ids.map(whoOf);
  let count = 0;
  for (const guard of office.jails.all()) {
    const lifted = await guard.feed({ is: "unbanip", who, reportAbsent: false });
    if (typeof lifted === "number") count += lifted;
  }
  for (const { key } of who) office.station.store?.forget(null, key);
  settle(office, office.jails.all());
  return count;
}

/** For all jails in one transaction what `Guard.settle` does for one. */
function settle({ station }: Office, guards: readonly Guard[]): void {
  for (const { sources } of guards) sources.save();
  station.store?.flush();
}
