/**
 * One running jail: its sources, its decisions, its hands. Gives what comes in to `core/jail` and has what comes out
 * carried out (`perform.ts`). The wall behind which a bug of one jail stays.
 */
import {
  matchText,
  parseAddress,
  type Ban,
  type Cancel,
  type Instant,
  type Plain,
  type Refusal,
  type Who,
} from "../base/index.ts";
import { fillTags, tagReader, type JailEpoch, type TagSource } from "../core/action/index.ts";
import { Jail, type Effect, type Input, type JailSettings, type Question } from "../core/jail/index.ts";
import { say } from "../core/report/index.ts";
import { Hands } from "./hands.ts";
import { NOTHING_TO_DO, type Hand } from "./hand/world.ts";
import { perform, type Answered } from "./perform.ts";
import { Sources } from "./sources.ts";
import type { Station } from "./station.ts";

/** Seconds that an ignorecommand has. */
const IGNORECOMMAND_TIMEOUT = 60;

export class Guard {
  readonly station: Station;
  readonly jail: Jail;
  readonly hands: Hands;
  readonly sources: Sources;
  readonly epoch: JailEpoch = { value: 0 };
  #alarm: Cancel = () => {};
  #running = false;
  #doing: Promise<unknown>[] = [];
  #waiting: ((value: Plain | Refusal | undefined) => void)[] = [];

  constructor(settings: JailSettings, station: Station) {
    this.station = station;
    this.jail = new Jail(settings, station.world);
    this.hands = new Hands(this, station);
    this.sources = new Sources(this, station);
  }

  get name(): string {
    return this.jail.settings.name;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** Starts the actions, carries remembered bans out again and begins to read. */
  start(): void {
    const { settings } = this.jail;
    const { store, clock } = this.station;
    this.#running = true;
    const { bantime, increment, maxtime } = settings.ban;
    const bans = [
      ...(store?.live(settings.name, clock.now(), { increment, bantime, maxtime, maxmatches: settings.maxmatches }) ??
        []),
    ];
    // The bans come first: an action that starts takes over all that are in force, and what it left in the kernel before.
    if (bans.length > 0) void this.feed({ is: "restore", bans });
    this.hands.change(settings.actions);
    this.sources.change(settings);
    this.station.say({ level: "INFO", logger: "jail", text: `Jail '${settings.name}' started` });
  }

  /** New settings: what differs is changed, everything else goes on. */
  change(settings: JailSettings): void {
    const before = this.jail.settings;
    void this.feed({ is: "settings", settings });
    if (!this.#running) return;
    this.hands.change(settings.actions);
    this.sources.change(settings);
    if (before.idle && !settings.idle) this.#arm(this.jail.cell.bans.nextEnd());
  }

  /**
   * Ends the jail; its bans stay in the store.
   * @param leave whether what can stay in the kernel for the next start is left there
   */
  async stop(leave: boolean): Promise<void> {
    this.#alarm();
    this.sources.stop();
    if (this.#running) {
      await this.hands.settle();
      if (leave) await this.hands.leave();
      await this.feed({ is: "stop" });
      await this.hands.stop();
    }
    this.#running = false;
    while (this.#waiting.length > 0) this.replyLater(undefined);
    this.station.store?.disableJail(this.name);
    this.station.say({ level: "INFO", logger: "jail", text: `Jail '${this.name}' stopped` });
  }

  /** @returns the jail's answer, once the actions have done what it decided. */
  async feed(input: Input): Promise<Plain | Refusal | undefined> {
    const answered: Answered = { isCommand: input.is !== "answer", value: undefined };
    const before = this.#doing;
    this.#doing = [];
    perform(this, this.#step(input), answered);
    const done = this.#doing;
    this.#doing = before;
    if (done.length > 0) await Promise.all(done);
    return answered.value;
  }

  /** The answer to a command that the jail could not give at once; nothing when the jail ends before. */
  laterReply(): Promise<Plain | Refusal | undefined> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  replyLater(value: Plain | Refusal | undefined): void {
    this.#waiting.shift()?.(value);
  }

  #step(input: Input): readonly Effect[] {
    try {
      return this.jail.step(input, this.station.clock.now());
    } catch (cause) {
      const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      this.station.say({
        level: "CRITICAL",
        logger: "jail",
        text: `[${this.name}] input '${input.is}' failed: ${reason}`,
      });
      return [];
    }
  }

  /** Something for every action, in their order; `feed` waits for it. */
  eachHand(work: (hand: Hand) => Promise<unknown>): void {
    for (const hand of this.hands.all()) {
      const doing = work(hand);
      if (doing !== NOTHING_TO_DO) this.#doing.push(doing);
    }
  }

  /**
   * What a command did is on the disk before it is answered, as far as the store can write: a crash takes nothing of it back. The
   * places in the logs too, or lines read again would ban anew who was just let go.
   */
  settle(): void {
    this.sources.save();
    this.station.store?.flush();
  }

  remember(ban: Ban): void {
    this.station.store?.remember(ban, this.station.dbmaxmatches);
  }

  forget(who: Who | null): void {
    this.station.store?.forget(this.name, who === null ? null : who.key);
  }

  wakeAt(at: Instant | null): void {
    this.#arm(at ?? Infinity);
  }

  #arm(at: Instant): void {
    this.#alarm();
    this.#alarm = this.station.clock.at(at, () => {
      if (!this.jail.settings.idle) void this.feed({ is: "wake" });
    });
  }

  /** Asks the world; the answer comes back as an input. */
  ask(id: number, question: Question): void {
    if (question.of === "addresses") void this.#askAddresses(id, question.name);
    else void this.#askCommand(id, question.command, question.failure);
  }

  async #askAddresses(id: number, name: string): Promise<void> {
    const { addresses, failed } = await this.station.resolver.addresses(name, this.station.ipv6);
    if (failed !== null) this.station.say(say.unresolved(name, failed));
    else if (this.jail.settings.filter.usedns === "warn") this.station.say(say.resolved(name, addresses));
    await this.feed({
      is: "answer",
      id,
      answer: { of: "addresses", addresses: addresses.flatMap((text) => parseAddress(text) ?? []), failed },
    });
  }

  async #askCommand(id: number, command: string, failure: Ban): Promise<void> {
    const host = command.includes("<ip-host>") ? await this.station.resolver.host(failure.who.key) : null;
    const source: TagSource = { ...this.tagSource(), jail: this.name, hostOf: () => host };
    const script = fillTags(command, tagReader({ ban: failure, family: "", now: this.station.clock.now(), source }));
    const ran = await this.station.asking.run({
      script,
      input: null,
      timeout: IGNORECOMMAND_TIMEOUT,
      quiet: false,
      accept: [0, 1],
    });
    await this.feed({ is: "answer", id, answer: { of: "ignorecommand", ignore: ran.status === 0 && !ran.timedOut } });
  }

  /** What tags ask of the jail and of the store. */
  tagSource(): Omit<TagSource, "hostOf" | "jail"> {
    const { jail, station } = this;
    return {
      get bantime() {
        return jail.settings.ban.bantime;
      },
      counts: () => ({
        banned: jail.cell.bans.size,
        bannedTotal: jail.cell.bans.total,
        found: jail.failing.current,
        foundTotal: jail.failing.total,
      }),
      merged: (ban, where) => {
        const all = station.store?.matches(ban.who.key, where === "all" ? null : ban.jail, jail.settings.maxmatches);
        return all ? { matches: all.matches.map(matchText), failures: all.failures } : null;
      },
    };
  }
}
