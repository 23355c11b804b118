/** Settings that belong to no jail, put into force: the log, the database, IPv6 (config-cli.md §6.3). */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { LEVEL_WEIGHT, Refusal } from "../base/index.ts";
import { startGeneral, type GeneralSettings } from "../core/jail/index.ts";
import { levelWeight, type Log } from "../io/log/index.ts";
import { openStore } from "../io/store/index.ts";
import type { Jails } from "./jails.ts";
import type { Station } from "./station.ts";

const TRUE: ReadonlySet<string> = new Set(["1", "on", "true", "yes"]);

export class General {
  readonly #station: Station;
  readonly #log: Log;
  readonly #jails: Jails;
  #settings: GeneralSettings = startGeneral();
  #dbfile: string | null = null;

  constructor(station: Station, log: Log, jails: Jails) {
    this.#station = station;
    this.#log = log;
    this.#jails = jails;
  }

  /** Where the log goes, without its options. */
  get logTarget(): string {
    return this.#log.target.shown;
  }

  get settings(): GeneralSettings {
    return this.#settings;
  }

  /** @throws Refusal when something cannot be put into force; what came before it stays changed */
  become(wanted: GeneralSettings): void {
    this.#log.syslogSocket = wanted.syslogsocket === "auto" ? "/dev/log" : wanted.syslogsocket;
    this.#log.weight = levelWeight(wanted.loglevel) ?? LEVEL_WEIGHT.INFO;
    this.#turnLog(wanted.logtarget);
    this.#station.ipv6 = ipv6Allowed(wanted.allowipv6);
    this.#openStore(wanted.dbfile);
    this.#station.dbmaxmatches = wanted.dbmaxmatches;
    this.#settings = wanted;
  }

  #turnLog(target: string): void {
    if (target === this.#log.written) return;
    const before = this.#log.written;
    const refused = this.#log.turnTo(target);
    if (refused === null) return;
    this.#station.say({ level: "ERROR", logger: "server", text: refused });
    this.#station.say({ level: "INFO", logger: "server", text: `Logging to previous target '${before}'` });
    throw new Refusal("Exception", "Failed to change log target");
  }

  #openStore(dbfile: string | null): void {
    if (dbfile === this.#dbfile) return;
    if (this.#jails.all().length > 0)
      throw new Refusal("RuntimeError", "Cannot change database when there are jails present");
    this.#station.store?.close();
    this.#station.store = null;
    this.#dbfile = null;
    if (dbfile === null) return;
    const folder = dirname(dbfile);
    if (isAbsolute(dbfile) && !existsSync(folder)) makeFolder(folder);
    const opened = openStore(dbfile, { clock: this.#station.clock, say: this.#station.say });
    if (!opened.ok) throw new Refusal("Exception", opened.message);
    this.#station.store = opened.store;
    this.#dbfile = dbfile;
  }
}

/** The last level only, as the original; what is wrong is said by who opens the file. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch {
    // openStore names the file and the reason.
  }
}

/** `auto`: unless the kernel has it switched off, or lacks it. */
export function ipv6Allowed(written: string): boolean {
  if (written.toLowerCase() !== "auto") return TRUE.has(written.toLowerCase());
  try {
    return readFileSync("/proc/sys/net/ipv6/conf/all/disable_ipv6", "utf8").trim() === "0";
  } catch {
    return false;
  }
}

/** Whether a socket is there. */
export function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}
