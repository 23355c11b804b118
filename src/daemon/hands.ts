/** The actions of one running jail, in their order: made, changed, taken away as the settings say. */
import { Refusal } from "../base/index.ts";
import type { ActionSettings } from "../core/action/index.ts";
import { areIndependent, differenceOfActions } from "./difference.ts";
import type { Guard } from "./guard.ts";
import { openHand } from "./hand/open.ts";
import type { Hand, HandWorld } from "./hand/world.ts";
import type { Station } from "./station.ts";

export class Hands {
  readonly #guard: Guard;
  readonly #station: Station;
  readonly #hands = new Map<string, Hand>();
  #settings: readonly ActionSettings[] = [];
  /** What a change began and could not end at once. */
  readonly #pending = new Set<Promise<void>>();

  constructor(guard: Guard, station: Station) {
    this.#guard = guard;
    this.#station = station;
  }

  /** In the order in which they are carried out. */
  all(): readonly Hand[] {
    const hands: Hand[] = [];
    for (const { name } of this.#settings) {
      const hand = this.#hands.get(name);
      if (hand !== undefined) hands.push(hand);
    }
    return hands;
  }

  /**
   * New actions start and take over the bans in force. Those that are gone let theirs go when that is done, so that nobody gets in between.
   * Where a new one may use the chain or set of one that is gone, it waits until that is cleared away.
   */
  change(wanted: readonly ActionSettings[]): void {
    const { stop, start, reload } = differenceOfActions(this.#settings, wanted);
    const gone = stop.flatMap((name) => this.#settings.find((action) => action.name === name) ?? []);
    const hands = new Map(gone.map((action) => [action, this.#hands.get(action.name)]));
    for (const { name } of gone) this.#hands.delete(name);
    this.#settings = wanted;
    for (const action of reload) void this.#hands.get(action.name)?.reload(action);
    const inTheWay = gone.filter((action) => !start.every((next) => areIndependent(action, next)));
    const left = new Map(inTheWay.map((action) => [action, this.#dismiss(hands.get(action), null)]));
    const taken = start.map((next) => {
      const before = inTheWay.flatMap((action) => (areIndependent(action, next) ? [] : (left.get(action) ?? [])));
      return this.#later(this.#begin(next, before));
    });
    for (const action of gone)
      if (!inTheWay.includes(action)) void this.#dismiss(hands.get(action), Promise.all(taken));
  }

  /** Resolves when what earlier changes began is done: hands that were dismissed are gone, those that waited for them have begun. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Stops them all, the last first, after everything that was ordered. */
  async stop(): Promise<void> {
    for (const hand of this.all().toReversed()) await hand.stop();
    this.#hands.clear();
    this.#settings = [];
  }

  /** For a restart: hands that can leave their bans in the kernel are done with; the others remain. */
  async leave(): Promise<void> {
    for (const hand of this.all()) if (await hand.leave()) this.#hands.delete(hand.name);
  }

  /** Starts an action with the bans in force, unless it is no longer wanted. @param before what it waits for @returns when they are carried out */
  async #begin(action: ActionSettings, before: readonly Promise<void>[]): Promise<void> {
    if (before.length > 0) await Promise.all(before);
    const hand = this.#settings.includes(action) ? this.#make(action) : null;
    if (hand === null) return;
    this.#hands.set(action.name, hand);
    void hand.start();
    // With no bans too: what an earlier run left in the kernel is cleared away.
    await hand.restore([...this.#guard.jail.cell.bans.bans()]);
  }

  /** @param when what must be done before; null: nothing */
  #dismiss(hand: Hand | undefined, when: Promise<unknown> | null): Promise<void> {
    if (hand === undefined) return Promise.resolve();
    const bans = [...this.#guard.jail.cell.bans.bans()];
    const dismiss = async (): Promise<void> => {
      await hand.flush(bans, false);
      await hand.stop();
    };
    return this.#later(when === null ? dismiss() : when.then(dismiss));
  }

  #later(done: Promise<void>): Promise<void> {
    this.#pending.add(done);
    return done.finally(() => this.#pending.delete(done));
  }

  /** @returns null for an action that cannot be carried out here: it is said, and the jail guards with its others. */
  #make(action: ActionSettings): Hand | null {
    const { clock, say, resolver, locks, hosts, ipv6, runner } = this.#station;
    const guard = this.#guard;
    const world: HandWorld = {
      jail: guard.name,
      runner,
      resolver,
      clock,
      log: say,
      locks,
      epoch: guard.epoch,
      hosts,
      ipv6,
      source: guard.tagSource(),
      bans: () => guard.jail.cell.bans.bans(),
      banOf: (who) => guard.jail.cell.bans.get(who.key),
    };
    try {
      return openHand(action, world);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      say({ level: "WARNING", logger: "actions", text: `[${guard.name}] ${action.name}: ${cause.message}` });
      return null;
    }
  }
}
