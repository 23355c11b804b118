/**
 * One server from its start to its end: opens what all share, puts the configuration into force, answers the control socket, and
 * goes down in order (config-cli.md §7.2).
 */
import { hostname } from "node:os";
import { setFlagsFromString } from "node:v8";
import { LEVEL_WEIGHT, Refusal, printIssue, VERSION, type Said } from "../base/index.ts";
import type { ControlServer } from "../api/control/index.ts";
import { prepareEngine } from "../core/pattern/index.ts";
import { refusalIssues, streamOf, type Reading } from "../io/config/index.ts";
import { openDatagrams } from "../io/datagram/index.ts";
import { shellRunner, type ShellRunner, systemResolver, watchOnlyRunner } from "../io/firewall/index.ts";
import { levelWeight, Log } from "../io/log/index.ts";
import { Follower, Journals } from "../io/source/index.ts";
import { announce } from "./announce.ts";
import { SystemClock } from "./clock.ts";
import { applyStream, serverDesk, type Office } from "./desk/server-desk.ts";
import { openDoors } from "./doors.ts";
import { General, isSocket } from "./general.ts";
import { Locks } from "./hand/lock.ts";
import { Jails } from "./jails.ts";
import { openNotifier, type Notifier } from "./notify.ts";
import type { ServerOptions } from "./options.ts";
import { removePidFile, writePidFile } from "./pidfile.ts";
import { listenToSignals } from "./signals.ts";
import type { Station } from "./station.ts";
import { Thrift } from "./thrift.ts";
import { jailWorld } from "./world.ts";
import { machineZone } from "./zone.ts";

const FAILED = 255;
/** Hours between two clearings of the database, in seconds. */
const PURGE_EVERY = 3600;

/**
 * @param reading the configuration as read; null: a client will send it
 * @returns the exit status: 0 after a normal end, 255 when it could not start
 */
export function runServer(options: ServerOptions, reading: Reading | null): Promise<number> {
  prepareEngine((flag) => setFlagsFromString(flag));
  setFlagsFromString("--heap-growing-percent=40"); // docs/decisions/017-collector.md
  Buffer.poolSize = 4096; // of Node's 64 KiB, a few bytes that are kept keep all
  process.umask(0o077);
  delete process.env["MALLOC_ARENA_MAX"]; // the launcher's, for this process and not for the commands of actions
  process.title = options.pname;
  // No `await`, here or in `run`: a function that waits for the server's end would keep the configuration as it was read.
  return Server.open(options).then((server) => server.run(reading));
}

/** What runs for as long as the server does. */
interface Begun {
  readonly control: ControlServer;
  readonly signals: ReturnType<typeof listenToSignals>;
  readonly purging: NodeJS.Timeout;
}

class Server implements Office {
  readonly version = VERSION;
  readonly station: Station;
  #desk: ReturnType<typeof serverDesk> | null = null;
  readonly jails: Jails;
  readonly general: General;
  readonly #options: ServerOptions;
  readonly #log: Log;
  readonly #notifier: Notifier;
  readonly #shell: ShellRunner;
  readonly #thrift = new Thrift();
  #ending = false;
  #leaveBans = false;
  #finish: (status: number) => void = () => {};
  readonly #finished = new Promise<number>((resolve) => {
    this.#finish = resolve;
  });
  #leave: () => void = () => {};
  /** Nothing is guarded any more, the database is closed, and the socket is gone. */
  readonly #left = new Promise<void>((resolve) => {
    this.#leave = resolve;
  });

  static async open(options: ServerOptions): Promise<Server> {
    const datagrams = await openDatagrams();
    const clock = new SystemClock();
    const zone = machineZone();
    const log = new Log({
      clock,
      zone,
      pid: process.pid,
      verbosity: options.verbosity,
      send: datagrams.send,
      isSocket,
    });
    log.weight = levelWeight(options.early.loglevel) ?? LEVEL_WEIGHT.INFO;
    return new Server(options, log, openNotifier(process.env, datagrams), clock);
  }

  private constructor(options: ServerOptions, log: Log, notifier: Notifier, clock: SystemClock) {
    this.#options = options;
    this.#log = log;
    this.#notifier = notifier;
    const zone = machineZone();
    const say = (said: Said): void => log.say(said);
    const resolver = systemResolver({ clock });
    const asking = shellRunner({ log: say, keepsReady: true });
    this.#shell = asking;
    const full = hostname();
    const station: Station = {
      clock,
      zone,
      say,
      sayAt: (said, at) => log.say(said, at),
      store: null,
      dbmaxmatches: 10,
      follower: new Follower({ now: () => clock.now(), say }),
      journals: new Journals({ now: () => clock.now(), zone, say }),
      resolver,
      runner: options.watchOnly ? watchOnlyRunner(say) : asking,
      asking,
      locks: new Locks(),
      world: jailWorld({ clock, zone, resolver, say, store: () => this.station.store, ipv6: () => this.station.ipv6 }),
      hosts: { full, short: full.split(".")[0] ?? full },
      ipv6: true,
    };
    this.station = station;
    this.jails = new Jails(station);
    this.general = new General(station, log, this.jails);
  }

  run(reading: Reading | null): Promise<number> {
    return this.#begin(reading).then((begun) => (begun === null ? FAILED : this.#untilEnd(begun)));
  }

  /** @returns null: it could not, and has said why. */
  async #begin(reading: Reading | null): Promise<Begun | null> {
    const opened = this.#openLog();
    if (opened !== null) return this.#fail(opened);
    this.#say("INFO", "-".repeat(50));
    this.#say("INFO", `Starting Fail2ban v${VERSION}`);
    const { socket: path, force, readOnly } = this.#options;
    // Before there is anything that a signal would leave behind.
    const signals = listenToSignals({
      end: () => void this.end(),
      flush: () => this.flushlogs(),
      reload: () => void (this.#ending ? null : this.#reloadFiles()),
    });
    const control = await openDoors({ path, force, readOnly, desk: this.#theDesk(), say: this.station.say });
    if (typeof control === "string") {
      signals.close();
      return this.#fail(control);
    }
    writePidFile(this.#options.pidfile, process.pid, this.station.say);
    const purging = setInterval(
      () => this.station.store?.purge(this.station.clock.now(), this.general.settings.dbpurgeage),
      PURGE_EVERY * 1000,
    ).unref();
    if (reading !== null) await this.#configure(reading);
    this.#thrift.settle();
    return { control, signals, purging };
  }

  async #untilEnd({ control, signals, purging }: Begun): Promise<number> {
    const status = await this.#finished;
    clearInterval(purging);
    this.#thrift.close();
    await this.#goDown(control);
    signals.close(); // only now: one more SIGTERM must not cut the going down short
    removePidFile(this.#options.pidfile, process.pid);
    this.#say("INFO", "Exiting Fail2ban");
    this.#log.close();
    return status;
  }

  end(keep = false): Promise<void> {
    if (this.#ending) return this.#left; // whoever asked first said what becomes of the bans
    this.#ending = true;
    this.#leaveBans = keep;
    this.#finish(0);
    return this.#left;
  }

  reloading(active: boolean): void {
    if (active) this.#notifier.reloading();
    else {
      this.#notifier.ready(this.#status());
      this.#thrift.settle();
    }
  }

  flushlogs(): "rolled over" | "flushed" {
    const done = this.#log.reopen();
    this.#say("INFO", `${done === "rolled over" ? "rollover" : "flush"} performed on ${this.#log.target.shown}`);
    return done;
  }

  #openLog(): string | null {
    const { logtarget, syslogsocket } = this.#options.early;
    if (syslogsocket !== "auto") this.#log.syslogSocket = syslogsocket;
    return this.#log.turnTo(logtarget);
  }

  /** Puts the files' configuration into force; what cannot be is said, and with nothing left the server ends. */
  async #configure(reading: Reading): Promise<void> {
    for (const issue of reading.issues)
      this.#say(
        issue.level === "error" ? "ERROR" : issue.level === "warning" ? "WARNING" : "NOTICE",
        printIssue(issue),
      );
    try {
      const commands = [...reading.commands, ...reading.own];
      await applyStream(this, streamOf(reading, true), (refusals) => refusalIssues(commands, refusals).map(printIssue));
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.#options.err(`ERROR: ${cause.message}\n`);
      this.#finish(FAILED);
      return;
    }
    this.#notifier.ready(this.#status());
    this.#options.out("Server ready\n");
    if (this.#options.announce) this.#options.out(announce(this, this.#options));
  }

  /** One for all who come: two reloads must know of each other. */
  #theDesk(): ReturnType<typeof serverDesk> {
    return (this.#desk ??= serverDesk(this));
  }

  /** On SIGHUP: as `fail2ban-client reload`. */
  async #reloadFiles(): Promise<void> {
    const reading = this.#options.read();
    if (!reading.usable || reading.fatal !== null) {
      for (const issue of reading.issues) this.#say("ERROR", printIssue(issue));
      this.#say("ERROR", `The configuration is not reloaded: ${reading.fatal ?? "no jail could be read"}`);
      return;
    }
    const options = { restart: false, unban: false, ifExists: false };
    await Promise.resolve(this.#theDesk().reload(null, options, streamOf(reading, true))).catch((cause: unknown) =>
      this.#say("ERROR", String(cause)),
    );
  }

  async #goDown(control: ControlServer): Promise<void> {
    this.#notifier.stopping();
    this.#say("INFO", "Shutdown in progress...");
    control.refuse();
    this.#say("INFO", "Stopping all jails");
    await this.jails.close(this.#leaveBans);
    await this.#shell.close();
    this.station.follower.close();
    this.station.journals.close();
    if (this.station.store !== null) {
      this.station.store.close();
      this.station.say({ level: "INFO", logger: "database", text: "Connection to database closed." });
    }
    const closed = control.close();
    this.#leave();
    await closed;
    this.#notifier.close();
  }

  #fail(message: string): null {
    this.#options.err(`ERROR: ${message}\n`);
    this.#say("ERROR", message);
    this.#log.close();
    return null;
  }

  #status(): string {
    return `guarding ${this.jails.all().length} jail(s)`;
  }

  #say(level: Said["level"], text: string): void {
    this.station.say({ level, logger: "server", text });
  }
}
