/**
 * What commands ask of the program: the daemon implements it, the fake desk of the tests too. In the words of the domain, without forms of print
 * or of travel; every method may throw a Refusal, which the client is told in the original's words.
 *
 * Calls of one client come one after the other, those of several clients interleave at every `await`: who must not be disturbed locks for himself.
 */
import type { Instant, Plain, Said, Span } from "../../base/index.ts";

type Later<T> = T | Promise<T>;

/** The settings that belong to no jail (config-cli.md §6.3). */
export type GeneralSetting =
  | "loglevel"
  | "logtarget"
  | "syslogsocket"
  | "allowipv6"
  | "thread"
  | "dbfile"
  | "dbpurgeage"
  | "dbmaxmatches";

export interface ReloadOptions {
  /** Stop and start what is affected instead of changing it in place. */
  readonly restart: boolean;
  /** Lift all bans of what is affected, in the database too. */
  readonly unban: boolean;
  /** A jail that is not there is no error. */
  readonly ifExists: boolean;
}

export interface Desk {
  readonly version: string;
  /** In the order in which they came. */
  jails(): readonly JailDesk[];
  /** @throws Refusal UnknownJailException. */
  jail(name: Plain): JailDesk;
  /** A new jail without settings, which does not run yet. */
  add(name: string, backend: string): Later<void>;
  start(name: Plain): Later<void>;
  /** Stops the jail and removes it; its bans stay in the database. */
  stop(name: Plain): Later<void>;
  stopAll(): Later<void>;
  /** Ends the program; done when all is undone, and another may start. The answer to this command still goes out. */
  stopServer(keep: boolean): Later<void>;
  /** Carries a new configuration over to what runs. `jail` null: all of them. */
  reload(jail: string | null, options: ReloadOptions, stream: readonly Plain[]): Later<void>;
  /** The commands of a start, folded and applied as one. */
  serverStream(stream: readonly Plain[]): Later<void>;
  /** Lifts these bans in all jails and forgets them in the database; null: all bans. @returns how many were lifted. */
  unban(ids: readonly string[] | null): Later<number>;
  /** Opens the log again, after somebody has moved its file away. */
  flushlogs(): Later<"rolled over" | "flushed">;
  /** What a ban on this address or text is listed as. Asked of the desk, so that a client need not load what reads addresses. */
  listedAs(id: string): string;
  ask(setting: GeneralSetting): Later<Plain>;
  put(setting: GeneralSetting, value: Plain): Later<void>;
  /** Resolves after that time; other clients are served meanwhile. */
  sleep(length: Span): Promise<void>;
  say(said: Said): void;
}

export interface JailDesk {
  readonly name: string;
  /** `flavor` is one that is known; only `cymru` asks the world. */
  status(flavor: StatusFlavor): Later<JailStatus>;
  /** In the order of the ban list. */
  bans(): readonly CurrentBan[];
  /** The value of an option (a key of the option table, or `bantime.anything`). */
  ask(option: string): Later<Plain>;
  /**
   * Changes an option.
   * @param word that of the command: `maxretry`, `addfailregex`, `delignoreip`, `bantime.factor`.
   * @param values as they were sent: mostly texts, but streams send numbers, booleans, None. Numbers of integer options and indexes are read already.
   * @param option the option that is meant: `failregex` for `addfailregex`.
   */
  put(word: string, values: readonly Plain[], option: string): Later<void>;
  setIdle(idle: boolean): Later<void>;
  /** @returns how many were not banned before. */
  banip(ids: readonly string[]): Later<number>;
  /** @returns how many were lifted. With `reportAbsent` those that were not banned are a ValueError, after the others were lifted. */
  unbanip(ids: readonly string[], reportAbsent: boolean): Later<number>;
  /** Counts a failure that somebody reports. @returns 1, or 0 for an ignored address. */
  attempt(id: string, lines: readonly string[]): Later<number>;
  /** Names, in the order in which they are carried out. */
  actions(): readonly string[];
  /** @throws Refusal KeyError `Invalid Action name: x`. */
  action(name: Plain): ActionDesk;
  /** `module` null: an action of commands. */
  addAction(name: string, module: string | null, parameters: Plain): Later<void>;
  delAction(name: Plain): Later<void>;
}

export interface ActionDesk {
  /** Names of what can be asked and put. */
  properties(): readonly string[];
  methods(): readonly string[];
  /** @throws Refusal AttributeError. */
  ask(property: string): Plain;
  put(property: string, value: Plain): Later<void>;
  call(method: string, parameters: ReadonlyMap<string, Plain>): Later<Plain>;
}

/** `sources` is ours. */
export const STATUS_FLAVORS = ["short", "basic", "stats", "cymru", "sources"] as const;
export type StatusFlavor = (typeof STATUS_FLAVORS)[number];

export interface Tally {
  readonly current: number;
  readonly total: number;
}

export interface JailStatus {
  /** The backend in use, as the log names it: `polling`, `systemd`. */
  readonly backend: string;
  readonly failed: Tally;
  readonly banned: Tally;
  /** Who is banned, in the order of the ban list. */
  readonly ids: readonly string[];
  /** What is read: files, or matches of the journal. */
  readonly source:
    | { readonly of: "files"; readonly files: readonly string[] }
    | { readonly of: "journal"; readonly matches: readonly (readonly string[])[] };
  /** Of the flavor `sources`: how reading goes. */
  readonly sources?: readonly SourceState[];
  /** Of the flavor `cymru`: to whom the banned addresses belong. */
  readonly owners?: {
    readonly asn: readonly string[];
    readonly country: readonly string[];
    readonly rir: readonly string[];
  };
}

/** How reading of one log, or of the journal, goes. */
export interface SourceState {
  /** A path, or `systemd-journal`. */
  readonly source: string;
  /** What tells of new lines: `pyinotify`, `polling`, `systemd`. */
  readonly mode: string;
  /** Read since the jail's start. */
  readonly lines: number;
  readonly bytes: number;
  /** Lines of which the end was cut off because they were too long. */
  readonly cut: number;
  /** Bytes not yet read, and for how many seconds the end has not been reached. */
  readonly behindBytes: number;
  readonly behindSeconds: number;
  readonly lastLineAt: Instant | null;
  /** The end was reached at least once. */
  readonly live: boolean;
  /** Why nothing can be read; null when something can. */
  readonly trouble: string | null;
}

export interface CurrentBan {
  readonly id: string;
  readonly since: Instant;
  /** Seconds, or FOREVER. */
  readonly lasts: Span;
}
