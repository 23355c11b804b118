/**
 * A server that is killed at random moments while it bans: nothing that was acknowledged may be lost, nothing that was lifted may
 * come back, nothing may stay in the kernel for ever, and after the next start memory, database and kernel must agree.
 *
 * Three jails on the stock action of nftables: `long` (an hour; bans by command and by log lines), `ever` (permanent) and `short`
 * (four seconds). Bans of addresses and networks of both families, many in a command or one, on several connections at a time.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { kernelBans } from "./kernel.ts";
import { disagreements, furnishFolder, pause, some, StagedServer, until, viewsOf } from "./server.ts";

const HOUR = 3600;
/** What the kernel may keep longer than we do: the safety net, and a rounding. */
const NET = 61;
const JAILS = ["long", "ever", "short"] as const;
const LENGTHS: Readonly<Record<string, number>> = { long: HOUR, short: 4 };
/** Connections that give commands side by side. */
const CLIENTS = 3;
/** Bans in force from which on all are lifted between two rounds. */
const PLENTY = 3000;

export function furnishCrash(folder: string): void {
  furnishFolder(folder, {
    "jail.conf": `[DEFAULT]
enabled = true
filter = failed
maxretry = 1
findtime = 1d
usedns = no
ignoreself = false
backend = pyinotify
action = nftables-allports
logpath = {folder}/%(__name__)s.txt
[long]
bantime = 1h
[ever]
bantime = -1
[short]
bantime = 4s
`,
    "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
    "long.txt": "",
    "ever.txt": "",
    "short.txt": "",
  });
}

/** What must be true of the bans of one jail; everybody else may be banned or not. */
interface Known {
  readonly banned: Set<string>;
  /** Of these a line stands in the log, which may not be read yet. */
  readonly written: Set<string>;
  readonly free: Set<string>;
}

export class Rounds {
  readonly #folder: string;
  readonly #random: () => number;
  readonly #known = new Map(
    JAILS.map((jail): [string, Known] => [jail, { banned: new Set(), written: new Set(), free: new Set() }]),
  );
  #next = 0;
  acknowledged = 0;
  written = 0;
  lifted = 0;

  constructor(folder: string, random: () => number) {
    this.#folder = folder;
    this.#random = random;
  }

  /** One life and what is left of it. @param bans how many are asked for at most, of which a random part is. @throws what is not as it must be */
  async round(bans: number): Promise<void> {
    const server = await StagedServer.start(this.#folder);
    const end = this.#next + Math.ceil(this.#random() * bans);
    const delay = this.#random() * 30;
    const killed = until("the moment to kill", () => this.#next >= end).then(async () => {
      await pause(delay);
      await server.kill();
    });
    await Promise.all([killed, ...Array.from({ length: CLIENTS }, () => this.#worked(server, end + bans))]);
    await this.#nothingForEver();
    const next = await StagedServer.start(this.#folder);
    try {
      await this.#agrees(next);
      if (this.#known.values().reduce((sum, { banned }) => sum + banned.size, 0) > PLENTY) await this.#liftAll(next);
    } finally {
      await next.kill();
    }
  }

  /** The end of it all: everything is lifted, and an orderly stop leaves nothing. */
  async finish(): Promise<void> {
    const server = await StagedServer.start(this.#folder);
    await this.#agrees(server);
    await this.#liftAll(server);
    await this.#agrees(server);
    await server.stop();
    const left = await kernelBans();
    if (left.size > 0) throw new Error(`a stop left sets of ${[...left.keys()].join(", ")}`);
  }

  /** Bans and lifts until the server is gone. */
  async #worked(server: StagedServer, end: number): Promise<void> {
    try {
      const ask = await server.connect();
      while (this.#next < end) await this.#oneDeed(ask);
    } catch {
      // The server has been killed: what had no answer may have happened or not.
    }
  }

  async #oneDeed(ask: (...words: readonly string[]) => Promise<unknown>): Promise<void> {
    const dice = this.#random();
    const count = this.#random() < 0.3 ? 1 : Math.ceil(this.#random() * 50);
    if (dice < 0.35) {
      this.#writeLines("long", count);
      await pause(1);
    } else if (dice < 0.4) this.#writeLines("short", count);
    else if (dice < 0.9) await this.#ban(ask, dice < 0.65 ? "long" : dice < 0.78 ? "ever" : "short", count);
    else await this.#lift(ask, dice < 0.97 ? "long" : "ever", count);
  }

  async #ban(ask: (...words: readonly string[]) => Promise<unknown>, jail: string, count: number): Promise<void> {
    const keys = this.#keys(count);
    await ask("set", jail, "banip", ...keys);
    this.acknowledged += keys.length;
    if (jail !== "short") for (const key of keys) this.#known.get(jail)?.banned.add(key);
  }

  async #lift(ask: (...words: readonly string[]) => Promise<unknown>, jail: string, count: number): Promise<void> {
    const known = this.#known.get(jail);
    if (known === undefined) return;
    const all = [...known.banned];
    const keys = Array.from(
      { length: Math.min(count, all.length) },
      () => all[Math.floor(this.#random() * all.length)] ?? "",
    );
    if (keys.length === 0) return;
    for (const key of keys) known.banned.delete(key);
    await ask("set", jail, "unbanip", ...keys);
    this.lifted += keys.length;
    for (const key of keys) known.free.add(key);
  }

  /** Failures in a log: read before the kill or after it, each of them bans. */
  #writeLines(jail: string, count: number): void {
    const keys = this.#keys(count).map((key) => key.replace(/\/.*/, ""));
    const at = new Date().toISOString().slice(0, 19);
    appendFileSync(join(this.#folder, `${jail}.txt`), keys.map((key) => `${at}Z Failed from ${key}\n`).join(""));
    this.written += keys.length;
    if (jail !== "short") for (const key of keys) this.#known.get(jail)?.written.add(key);
  }

  #keys(count: number): string[] {
    return Array.from({ length: count }, () => {
      const n = (this.#next += 1);
      const [high, low] = [(n >> 8) & 255, n & 255];
      const kind = this.#random();
      if (kind < 0.75) return `10.${(n >> 16) & 255}.${high}.${low}`;
      if (kind < 0.9) return `2001:db8:${n.toString(16)}::1`;
      return kind < 0.95 ? `11.${high}.${low}.0/28` : `2001:db8:${n.toString(16)}::/64`;
    });
  }

  /** While no server runs: what is in the kernel goes by itself, but for permanent bans. */
  async #nothingForEver(): Promise<void> {
    for (const [jail, elements] of await kernelBans()) {
      const most = LENGTHS[jail];
      const eternal = elements.filter(
        ({ timeout }) => most !== undefined && (timeout === null || timeout > most + NET),
      );
      if (eternal.length > 0)
        throw new Error(`${jail}: for too long in the kernel: ${some(eternal.map(({ key }) => key))}`);
    }
  }

  async #agrees(server: StagedServer): Promise<void> {
    let trouble: readonly string[] = [];
    const holds = async (): Promise<boolean> => (trouble = await this.#trouble(server)).length === 0;
    await until("memory, database and kernel agree", holds).catch((cause: unknown) => {
      throw new Error(`${String(cause)}: ${trouble.join("; ")}`, { cause });
    });
    for (const { banned, written } of this.#known.values()) {
      for (const key of written) banned.add(key);
      written.clear();
    }
    await this.#nothingForEver();
  }

  async #trouble(server: StagedServer): Promise<readonly string[]> {
    const views = await viewsOf(server, JAILS);
    const broken = [...this.#known].flatMap(([jail, { banned, written, free }]) => {
      const held = views.memory.get(jail) ?? new Set();
      const lost = [...banned, ...written].filter((key) => !held.has(key));
      const back = [...free].filter((key) => held.has(key));
      return [
        ...(lost.length > 0 ? [`${jail}: ${lost.length} lost (${some(lost)})`] : []),
        ...(back.length > 0 ? [`${jail}: ${back.length} lifted and back (${some(back)})`] : []),
      ];
    });
    return [...broken, ...disagreements(views)];
  }

  async #liftAll(server: StagedServer): Promise<void> {
    for (const { banned, free } of this.#known.values()) {
      for (const key of banned) free.add(key);
      banned.clear();
    }
    await server.ask("unban", "--all");
  }
}
