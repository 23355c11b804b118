/**
 * The bans of one jail: who sits, since when, until when (engine.md §5.1–5.4).
 *
 * Decides and tells by effects; the firewall is not here.
 */
import { isSingle, Refusal, type Ban, type Instant, type Plain, type Who } from "../../base/index.ts";
import { BanList } from "../ban/index.ts";
import { say } from "../report/index.ts";
import type { Counted } from "../tally/index.ts";
import type { Effect } from "./effect.ts";
import { nearness } from "./near.ts";
import { passSentence } from "./sentence.ts";
import type { JailSettings } from "./settings.ts";
import type { JailWorld } from "./world.ts";

export class Cell {
  readonly bans: BanList;
  readonly #world: JailWorld;
  readonly #tell: (effect: Effect) => void;
  #settings: JailSettings;
  #armed: Instant | null = null;

  constructor(settings: JailSettings, world: JailWorld, tell: (effect: Effect) => void) {
    this.bans = new BanList(settings.name);
    this.#settings = settings;
    this.#world = world;
    this.#tell = tell;
  }

  /** Bans without a length of their own take the jail's new one; those that grow are told to the firewall. */
  change(settings: JailSettings): void {
    const before = this.#settings.ban.bantime;
    this.#settings = settings;
    const { bantime } = settings.ban;
    if (bantime === before) return;
    for (const key of this.bans.follow(bantime)) {
      const ban = this.bans.get(key);
      if (ban !== null && (bantime < 0 || bantime > before)) this.#tell({ do: "prolong", ban });
    }
  }

  /** Bans somebody whose failures are enough. @returns whether that is a new ban. */
  lockUp(counted: Counted, now: Instant): boolean {
    const { name } = this.#settings;
    const sentence = passSentence(this.#settings, counted, this.#world);
    const { ban } = sentence;
    const added = this.bans.add(ban, now, { followsJail: sentence.plain });
    if (added.outcome === "expired") {
      this.#tell({ do: "say", said: say.expired(name, ban.who.key) });
      return false;
    }
    if (added.outcome === "already") {
      this.#again(ban, added.since, added.extended);
      return false;
    }
    // Whoever bans by hand knows whom.
    const { address } = ban.who;
    const near = address === null || counted.failures === 0 ? null : (this.#world.near(address) ?? nearness(address));
    if (near !== null) this.#tell({ do: "say", said: say.near(name, ban.who.key, near) });
    this.#tell({ do: "say", said: say.ban(name, ban.who.key) });
    this.#tell({ do: "ban", ban });
    for (const said of sentence.said) this.#tell({ do: "say", said });
    if (!sentence.known) this.#tell({ do: "remember", ban });
    return true;
  }

  #again({ who, since }: Ban, before: Instant, extended: boolean): void {
    const later = since - before;
    this.#tell({ do: "say", said: say.alreadyBanned(this.#settings.name, who.key, later) });
    const ban = extended ? this.bans.get(who.key) : null;
    if (ban !== null) this.#tell({ do: "prolong", ban });
    this.#tell({ do: "doubt", who, later });
  }

  /** Bans of before this start. */
  restore(bans: readonly Ban[], now: Instant): void {
    const kept: Ban[] = [];
    for (const ban of bans) {
      const added = this.bans.add(ban, now);
      if (added.outcome !== "banned") continue;
      this.#tell({ do: "say", said: say.restoreBan(this.#settings.name, ban.who.key) });
      kept.push(ban);
    }
    if (kept.length > 0) this.#tell({ do: "restore", bans: kept });
  }

  /** Lets go whose time is over. */
  release(now: Instant): void {
    this.#armed = null;
    for (const ban of this.bans.due(now, Infinity)) this.#letGo(ban);
  }

  #letGo(ban: Ban): void {
    this.#tell({ do: "say", said: say.unban(this.#settings.name, ban.who.key) });
    this.#tell({ do: "unban", ban });
  }

  /** `banip`: does not ask the ignore lists. @returns how many were not banned before. */
  banByHand(whos: readonly Who[], now: Instant): number {
    let count = 0;
    for (const who of whos) if (this.lockUp({ who, since: now, failures: 0, matches: [], fields: {} }, now)) count += 1;
    return count;
  }

  /** `unbanip`: out of the store in any case; a network or the addresses of a name free everybody in them. */
  unbanByHand(whos: readonly Who[], reportAbsent: boolean): Plain | Refusal {
    let count = 0;
    const absent: string[] = [];
    for (const who of whos) {
      this.#tell({ do: "forget", who });
      const one = this.bans.remove(who.key);
      const freed = one !== null ? [one] : this.#inside(who);
      for (const ban of freed) {
        if (ban !== one) this.#tell({ do: "forget", who: ban.who });
        this.#letGo(ban);
      }
      count += freed.length;
      if (freed.length === 0) absent.push(who.key);
    }
    if (!reportAbsent || absent.length === 0) return count;
    return new Refusal("ValueError", `not banned: [${absent.map((key) => `'${key}'`).join(", ")}]`);
  }

  #inside({ address }: Who): readonly Ban[] {
    if (address === null || isSingle(address)) return [];
    return this.bans.within(address).flatMap((key) => this.bans.remove(key) ?? []);
  }

  /** Lets all go at once. @returns how many. On stop the store keeps them; else it forgets them. */
  flush(stopping: boolean): number {
    const bans = this.bans.clear();
    const { name } = this.#settings;
    this.#tell({ do: "flush", bans, stopping });
    for (const ban of bans)
      this.#tell({ do: "say", said: stopping ? say.repealBan(name, ban.who.key) : say.unban(name, ban.who.key) });
    if (!stopping) this.#tell({ do: "forget", who: null });
    return bans.length;
  }

  /** Asks to be woken when the next ban ends, if that moment has changed. */
  arm(): void {
    const next = this.bans.nextEnd();
    const at = next === Infinity ? null : next;
    if (at === this.#armed) return;
    this.#armed = at;
    this.#tell({ do: "wake", at });
  }
}
