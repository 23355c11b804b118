/** The actions of one running jail, in their order: made, changed, taken away as the settings say. */
import { Refusal } from "../base/index.ts";
import type { ActionSettings } from "../core/action/index.ts";
import { differenceOfActions } from "./difference.ts";
import type { Guard } from "./guard.ts";
import { openHand } from "./hand/open.ts";
import type { Hand, HandWorld } from "./hand/world.ts";
import type { Station } from "./station.ts";

export class Hands {
  readonly #guard: Guard;
  readonly #station: Station;
  readonly #hands = new Map<string, Hand>();
  #settings: readonly ActionSettings[] = [];

  constructor(guard: Guard, station: Station) {
    this.#guard = guard;
    this.#station = station;
  }

  /** In the order in which they are carried out. */
  all(): readonly Hand[] {
    return this.#settings.flatMap((action) => this.#hands.get(action.name) ?? []);
  }

  /** New actions start and take over the bans in force; those that are gone let their bans go first. */
  change(wanted: readonly ActionSettings[]): void {
    const { stop, start, reload } = differenceOfActions(this.#settings, wanted);
    for (const name of stop) this.#dismiss(name);
    this.#settings = wanted;
    for (const action of reload) void this.#hands.get(action.name)?.reload(action);
    const bans = [...this.#guard.jail.cell.bans.bans()];
    for (const action of start) {
      const hand = this.#make(action);
      if (hand === null) continue;
      this.#hands.set(action.name, hand);
      void hand.start();
      // With no bans too: what an earlier run left in the kernel is cleared away.
      void hand.restore(bans);
    }
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

  #dismiss(name: string): void {
    const hand = this.#hands.get(name);
    this.#hands.delete(name);
    if (hand === undefined) return;
    void hand.flush([...this.#guard.jail.cell.bans.bans()], false);
    void hand.stop();
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
