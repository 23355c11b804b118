/**
 * One command action of one jail at run time: a line of orders, worked off one after the other, by the procedures of `core/action`
 * through `io/firewall`. Hands of different actions work side by side. What `core/action` decides is not decided here.
 */
import type { Ban, Cancel, Span, Who } from "../base/index.ts";
import {
  type ActionAtWork,
  type ActionSettings,
  canLeave,
  checkAll,
  defineAction,
  type Definition,
  doubt,
  doubtOf,
  fitsBatch,
  flush,
  needsHost,
  newState,
  reload,
  remakeChanged,
  restore,
  type Result,
  runBatch,
  single,
  start,
  stop,
  type TicketKind,
  type TicketOrder,
  watch,
  words,
} from "../core/action/index.ts";
import { Growth } from "./hand/growth.ts";
import { type Making, Orders, WAITING_MAX, type WaitingTicket } from "./hand/orders.ts";
import { perform } from "./hand/perform.ts";
import { keepUp, outlasting } from "./hand/upkeep.ts";
import { NOTHING_TO_DO, type Hand, type HandWorld } from "./hand/world.ts";

export class ActionHand implements Hand {
  readonly name: string;
  readonly #world: HandWorld;
  readonly #state = newState();
  readonly #orders = new Orders();
  /** Reverse names asked for beforehand, for the commands of one turn. */
  readonly #hosts = new Map<string, string | null>();
  #definition: Definition;
  #working: Promise<void> | null = null;
  #refusing = false;
  #rest: Cancel = () => {};
  readonly #growth: Growth;
  /** Offenders whose failing again waits to be looked into; "" stands for the environment. */
  readonly #doubts = new Set<string>();

  constructor(settings: ActionSettings, world: HandWorld) {
    this.name = settings.name;
    this.#world = world;
    this.#definition = defineAction(settings, world);
    this.#growth = new Growth(world.clock, (ban) => this.#ticket("prolong", ban));
    this.#keepUp();
  }

  get epoch(): number {
    return this.#state.epoch;
  }

  async start(): Promise<Result> {
    const result = await this.#procedure(start);
    if (!result.ok) this.#world.log(words.startFailed(this.#world.jail, this.name, result.message));
    return result;
  }

  ban(ban: Ban): Promise<Result> {
    return this.#ticket("ban", ban);
  }

  unban(ban: Ban): Promise<Result> {
    return this.#ticket("unban", ban);
  }

  prolong(ban: Ban): Promise<Result> {
    if (!this.#definition.has("actionprolong")) return NOTHING_TO_DO;
    return this.#growth.prolong(ban);
  }

  reban(ban: Ban): Promise<Result> {
    return this.#ticket("reban", ban);
  }

  restore(bans: readonly Ban[]): Promise<readonly Result[]> {
    return this.#turn(async (action) => {
      await this.#askHosts(bans);
      const results = await perform(restore(action, bans), this.#world);
      for (const [index, ban] of bans.entries()) this.#report("ban", ban, results[index] ?? { ok: true });
      return results;
    }, []);
  }

  async flush(bans: readonly Ban[], stopping: boolean): Promise<void> {
    this.#growth.clear();
    if (!this.#definition.has("actionflush")) {
      await Promise.all(bans.map((ban) => this.unban(ban)));
      return;
    }
    const { jail, log } = this.#world;
    log(words.flush(jail, this.name));
    const result = await this.#procedure(flush);
    if (result.ok) return;
    log(words.flushFailed(jail, this.name, result.message));
    log(words.noFlush());
    await this.#procedure((action) => checkAll(action, !stopping || action.definition.repairOnUnban));
  }

  async stop(): Promise<Result> {
    this.#rest();
    this.#growth.clear();
    const result = await this.#procedure((action) => stop(action));
    if (!result.ok) this.#world.log(words.stopFailed(this.#world.jail, this.name, result.message));
    return result;
  }

  async leave(): Promise<boolean> {
    this.#growth.clear();
    await this.idle();
    if (!canLeave(this.#atWork())) return false;
    this.#rest();
    this.#state.started.clear();
    this.#state.cover.clear();
    return true;
  }

  reload(settings: ActionSettings): Promise<Result> {
    return this.#procedure(() => {
      const before = this.#definition;
      this.#definition = defineAction(settings, this.#world);
      this.#keepUp();
      return reloadFrom(this.#atWork(), before);
    });
  }

  /** One look is enough for all who fail again while it waits: they would stand between bans that go out together. */
  doubt(who: Who, later: Span): Promise<Result> {
    const what = doubtOf(this.#state, who, later, this.#world.clock.now());
    const key = what === "reban" ? who.key : "";
    const ban = what === null || this.#doubts.has(key) ? null : this.#world.banOf(who);
    return ban === null ? NOTHING_TO_DO : this.#lookAfter(ban, key, later);
  }

  async #lookAfter(ban: Ban, key: string, later: Span): Promise<Result> {
    this.#doubts.add(key);
    const result = await this.#procedure((action) => doubt(action, ban, later));
    this.#doubts.delete(key);
    this.#report("reban", ban, result);
    return result;
  }

  check(): Promise<Result> {
    return this.#procedure((action) => checkAll(action, true));
  }

  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  #ticket(kind: TicketKind, ban: Ban): Promise<Result> {
    this.#growth.forget(ban.who.key);
    if (kind !== "unban" && this.#definition.norestored && ban.restored) return Promise.resolve({ ok: true });
    if (kind !== "unban" && this.#orders.length >= WAITING_MAX) return this.#refuse(kind, ban);
    return new Promise((resolve) => {
      const done = (result: Result): void => {
        this.#report(kind, ban, result);
        resolve(result);
      };
      this.#orders.push({ order: { kind, ban }, done });
      this.#wake();
    });
  }

  #refuse(kind: TicketKind, ban: Ban): Promise<Result> {
    if (!this.#refusing) this.#world.log(words.tooManyWaiting(this.#world.jail, this.name, WAITING_MAX));
    this.#refusing = true;
    return Promise.resolve({ ok: false, message: `${kind} of ${ban.who.key} refused: too many orders wait` });
  }

  #report(kind: TicketKind, ban: Ban, result: Result): void {
    if (!result.ok) this.#world.log(words.banFailed(kind, this.#world.jail, this.name, ban.who.key, result.message));
  }

  #procedure(make: Making<Result>): Promise<Result> {
    return this.#turn((action) => perform(make(action), this.#world), { ok: false, message: "internal error" });
  }

  /** Lines up something to do; `broken` is the answer if it fails by a bug of ours. */
  #turn<Value>(work: (action: ActionAtWork) => Promise<Value>, broken: Value): Promise<Value> {
    return new Promise((resolve) => {
      this.#orders.push({ work: async () => resolve(await work(this.#atWork())), broken: () => resolve(broken) });
      this.#wake();
    });
  }

  #wake(): void {
    this.#working ??= this.#workOff().finally(() => {
      this.#working = null;
      this.#refusing = false;
      if (this.#orders.length > 0) this.#wake();
    });
  }

  async #workOff(): Promise<void> {
    while (this.#orders.length > 0) await this.#world.locks.hold(this.#definition.lock, () => this.#next());
  }

  async #next(): Promise<void> {
    const action = this.#atWork();
    const batch = this.#orders.shiftWhile((order) => fitsBatch(action, order), this.#definition.batchMax);
    const first = batch.length === 0 ? this.#orders.shift() : undefined;
    try {
      if (first === undefined) await this.#runBatch(action, batch);
      else if ("work" in first) await first.work();
      else await this.#runSingle(action, first);
    } catch (cause) {
      this.#world.log({
        level: "CRITICAL",
        logger: "action",
        text: `[${this.#world.jail}] ${this.name}: ${cause instanceof Error ? cause.stack : String(cause)}`,
      });
      for (const { done } of batch) done({ ok: false, message: "internal error" });
      if (first !== undefined && "work" in first) first.broken();
      else first?.done({ ok: false, message: "internal error" });
    }
    this.#hosts.clear();
  }

  async #runBatch(action: ActionAtWork, batch: readonly WaitingTicket[]): Promise<void> {
    const results = await perform(
      runBatch(
        action,
        batch.map((ticket) => ticket.order),
      ),
      this.#world,
    );
    for (const [index, ticket] of batch.entries()) ticket.done(results[index] ?? { ok: true });
  }

  async #runSingle(action: ActionAtWork, ticket: WaitingTicket): Promise<void> {
    await this.#askHosts([ticket.order.ban]);
    ticket.done(await perform(single(action, ticket.order), this.#world));
  }

  /** Asks for the reverse names of these offenders, if some command wants them. */
  async #askHosts(bans: readonly Ban[]): Promise<void> {
    const texts = ["actionban", "actionunban", "actionreban", "actionprolong"].map((word) =>
      this.#definition.text(word, ""),
    );
    if (!texts.some((text) => text.ok && needsHost(text.text))) return;
    for (const { who } of bans)
      if (who.address !== null) this.#hosts.set(who.key, await this.#world.resolver.host(who.key));
  }

  #keepUp(): void {
    this.#rest();
    const { checkEvery, kernelMax } = this.#definition;
    this.#rest = keepUp({
      clock: this.#world.clock,
      checkEvery,
      kernelMax,
      check: () => this.#watch(),
      rearm: () => this.#rearm(),
    });
  }

  #watch(): Promise<Result> {
    if (this.#state.started.size === 0) return Promise.resolve({ ok: true });
    return this.#procedure(watch);
  }

  #rearm(): void {
    const action = this.#atWork();
    for (const ban of outlasting(action)) {
      const order: TicketOrder = { kind: "prolong", ban };
      if (fitsBatch(action, order)) void this.prolong(ban);
    }
  }

  #atWork(): ActionAtWork {
    const { world, hosts } = { world: this.#world, hosts: this.#hosts };
    return {
      definition: this.#definition,
      state: this.#state,
      epoch: world.epoch,
      source: { ...world.source, jail: world.jail, hostOf: (ip) => hosts.get(ip) ?? null },
      now: () => world.clock.now(),
      bans: () => world.bans(),
    };
  }
}

function* reloadFrom(action: ActionAtWork, before: Definition): ReturnType<typeof reload> {
  const result = yield* remakeChanged(action, before);
  return result.ok ? yield* reload(action) : result;
}
