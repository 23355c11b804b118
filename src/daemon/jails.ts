/**
 * The jails of the server: which there are, which run, and how they become what is wanted. Knows no commands and no sockets.
 */
import { Refusal, type Said } from "../base/index.ts";
import type { JailSettings } from "../core/jail/index.ts";
import { differenceOfJails } from "./difference.ts";
import { Guard } from "./guard.ts";
import { backendName } from "./sources.ts";
import type { Station } from "./station.ts";

/** A name longer than this may not fit into a firewall's chain. */
const NAME_MAX = 25;

export interface Wanted {
  readonly jails: ReadonlyMap<string, JailSettings>;
  /** What the log says of the options of each. */
  readonly said: ReadonlyMap<string, readonly Said[]>;
}

export class Jails {
  readonly #station: Station;
  readonly #guards = new Map<string, Guard>();
  /** Jails that are being stopped: no command reaches them any more, or they would read and ban again with nobody to end it. */
  readonly #ending = new Map<string, Promise<void>>();
  /** The server goes down: what a reload wanted is not begun any more. */
  #isClosed = false;

  constructor(station: Station) {
    this.#station = station;
  }

  all(): readonly Guard[] {
    return [...this.#guards.values()];
  }

  /** @throws Refusal UnknownJailException */
  get(name: string): Guard {
    const guard = this.#guards.get(name);
    if (guard === undefined || this.#ending.has(name)) throw new Refusal("UnknownJailException", name);
    return guard;
  }

  has(name: string): boolean {
    return this.#guards.has(name);
  }

  /**
   * A new jail, which does not run yet.
   * @param said what the log says of its options
   */
  add(settings: JailSettings, said: readonly Said[] = []): Guard {
    const { name, backend } = settings;
    this.#stayOpen();
    if (this.#guards.has(name)) throw new Refusal("DuplicateJailException", name);
    const { store } = this.#station;
    this.#say("INFO", "jail", `Creating new jail '${name}'`);
    if (name.length > NAME_MAX)
      this.#say(
        "WARNING",
        "jail",
        `Jail name '${name}' might be too long and some commands might not function correctly. Please shorten`,
      );
    this.#say("INFO", "jail", `Jail '${name}' uses ${backendName(settings) === "systemd" ? "systemd" : "poller"} {}`);
    this.#say("INFO", "jail", `Initiated '${backend}' backend`);
    for (const one of said) this.#station.say(one);
    store?.addJail(name);
    const guard = new Guard(settings, this.#station);
    this.#guards.set(name, guard);
    return guard;
  }

  /** Stops a jail and removes it; its bans stay in the store. @throws Refusal UnknownJailException */
  remove(name: string, leave = false): Promise<void> {
    const guard = this.get(name);
    const ended = guard.stop(leave).finally(() => {
      this.#guards.delete(name);
      this.#ending.delete(name);
    });
    this.#ending.set(name, ended);
    return ended;
  }

  /** Stops them all for good: none comes any more. @param leave as for `removeAll` */
  close(leave: boolean): Promise<void> {
    this.#isClosed = true;
    return this.removeAll(leave);
  }

  #stayOpen(): void {
    if (this.#isClosed) throw new Refusal("RuntimeError", "The server goes down, no jail is started any more");
  }

  /** @param leave for a restart: bans that can stay in the kernel do */
  async removeAll(leave = false): Promise<void> {
    for (const name of this.#guards.keys()) if (!this.#ending.has(name)) void this.remove(name, leave);
    await this.#ended();
  }

  async #ended(): Promise<void> {
    await Promise.all(this.#ending.values());
  }

  /**
   * Makes what runs into what is wanted.
   * @param only the one jail that this is about; null: all of them
   * @param anew stop and start what could be changed in place
   */
  async become({ jails, said }: Wanted, only: string | null, anew: boolean): Promise<void> {
    await this.#ended();
    this.#stayOpen();
    const running = new Map(
      this.all()
        .filter((guard) => only === null || guard.name === only)
        .map((guard) => [guard.name, guard.jail.settings]),
    );
    const { stop, start, change, restart } = differenceOfJails(running, jails, anew);
    for (const { name, from, to } of restart)
      this.#say("INFO", "server", `Restart jail '${name}' (reason: '${from}' != '${to}')`);
    await Promise.all(stop.map((name) => this.remove(name)));
    this.#stayOpen();
    // First all are what they shall be, then they start, as with the original: who reads the log waits for the last.
    const ready = [
      ...change.map((settings) => this.#change(settings, said.get(settings.name) ?? [])),
      ...start.map((settings) => this.add(settings, said.get(settings.name))),
    ];
    for (const guard of ready) {
      if (!guard.isRunning) guard.start();
      else this.#say("INFO", "server", `Jail '${guard.name}' reloaded`);
    }
  }

  #change(settings: JailSettings, said: readonly Said[]): Guard {
    const guard = this.get(settings.name);
    this.#say("INFO", "server", `Reload jail '${settings.name}'`);
    for (const one of said) this.#station.say(one);
    guard.change(settings);
    return guard;
  }

  #say(level: Said["level"], logger: string, text: string): void {
    this.#station.say({ level, logger, text });
  }
}
