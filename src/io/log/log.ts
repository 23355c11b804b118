/**
 * The program's own log: takes what is said, drops what is too quiet, prints the rest to one target.
 *
 * Lines are gathered and written once a turn of the event loop, or when 64 KiB are waiting. They become bytes some at a time: one
 * by one costs a call each, and texts that wait longer are moved about in memory. A target that cannot be written loses its lines, never stops the program; how many is
 * said when writing works again.
 */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { LEVEL_WEIGHT, type Clock, type Instant, type Level, type Said, type Zone } from "../../base/index.ts";
import { formatter, printable } from "./format.ts";
import { syslogPriority } from "./level.ts";
import { readTarget, type Target } from "./target.ts";

const GATHERED_MAX = 65_536;
/** Bytes of a turn; a log under attack brings more. */
const LITTLE = 8192;
/** Units of text after which they become bytes. */
const PENDING_MAX = 4096;
/** Bytes that one unit of a text takes at most. */
const BYTES_OF_ONE = 3;
const LINE_FEED = 10;
/** A named pipe that nobody reads must not hold up the server. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Sends one datagram; false when it could not be sent. */
export type SendDatagram = (path: string, bytes: Uint8Array) => boolean;

export interface LogOptions {
  readonly clock: Clock;
  readonly zone: Zone;
  readonly pid: number;
  readonly verbosity: number;
  readonly send: SendDatagram;
  /** Whether a socket is there: for syslog. */
  readonly isSocket: (path: string) => boolean;
}

export class Log {
  readonly #options: LogOptions;
  #format: ReturnType<typeof formatter>;
  readonly #began: number;
  #target: Target;
  #written: string;
  #fd: number;
  #weight = LEVEL_WEIGHT.INFO;
  /** Room for what a turn has to say beyond a few lines; null when the last one had little. */
  #gathered: Buffer | null = null;
  #size = 0;
  /** Lines that are no bytes yet. */
  #pending = "";
  /** Whether one of them may have a control character. */
  #isDoubtful = false;
  #scheduled = false;
  /** Lines that could not be written. */
  #lost = 0;
  /** What was written last ends within a line. */
  #isCut = false;
  #syslogSocket = "/dev/log";

  constructor(options: LogOptions) {
    this.#options = options;
    this.#began = options.clock.now();
    this.#target = readTarget("STDERR").target;
    this.#format = this.#formatter();
    this.#written = "STDERR";
    this.#fd = 2;
  }

  /** Whether something of this level is said at all: asked before words are made for it. */
  speaks(level: Level): boolean {
    return LEVEL_WEIGHT[level] >= this.#weight;
  }

  /** @param moment when; now, where it is not given */
  say(said: Said, moment?: Instant): void {
    if (LEVEL_WEIGHT[said.level] < this.#weight) return;
    if (this.#target.kind === "SYSLOG" || this.#target.kind === "SYSTEMD-JOURNAL") {
      this.#datagram(said);
      return;
    }
    const at = moment ?? this.#options.clock.now();
    if (said.isClean !== true) this.#isDoubtful = true;
    this.#gather(`${this.#format({ said, at, age: at - this.#began })}\n`);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  #gather(line: string): void {
    this.#pending += line;
    if (this.#pending.length > PENDING_MAX) this.#encode(false);
  }

  /** @param isLast more does not come in this turn */
  #encode(isLast: boolean): void {
    const text = this.#isDoubtful ? printable(this.#pending) : this.#pending;
    this.#isDoubtful = false;
    const most = text.length * BYTES_OF_ONE;
    this.#pending = "";
    if (most > GATHERED_MAX - this.#size) this.#writeGathered();
    if (most > GATHERED_MAX || (isLast && this.#size === 0)) return this.#write(Buffer.from(text));
    this.#gathered ??= Buffer.allocUnsafe(GATHERED_MAX);
    this.#size += this.#gathered.write(text, this.#size);
  }

  set weight(weight: number) {
    this.#weight = weight;
  }

  set syslogSocket(path: string) {
    this.#syslogSocket = path;
  }

  /** As given, options and all. */
  get written(): string {
    return this.#written;
  }

  get target(): Target {
    return this.#target;
  }

  /** @returns null when the log goes there now, or why it cannot; then it goes where it went before. */
  turnTo(written: string): string | null {
    const { target, unknownFacility } = readTarget(written);
    let fd = target.kind === "STDERR" ? 2 : 1;
    if (target.kind === "SYSLOG" && !this.#options.isSocket(this.#syslogSocket))
      return `Syslog socket file: ${this.#syslogSocket} does not exists or is not a socket`;
    if (target.kind === "FILE") {
      try {
        fd = openSync(target.shown, APPEND, 0o600);
      } catch {
        return `Unable to log to '${target.shown}'`;
      }
    }
    this.#close();
    this.#fd = fd;
    this.#isCut = false;
    this.#target = target;
    this.#format = this.#formatter();
    this.#written = written;
    if (unknownFacility !== null)
      this.say({ level: "ERROR", logger: "server", text: `Unable to set facility ${unknownFacility}, using DAEMON` });
    return null;
  }

  /** After the file was renamed: opens it anew. @returns what `flushlogs` answers. */
  reopen(): "rolled over" | "flushed" {
    this.flush();
    if (this.#target.kind !== "FILE") return "flushed";
    const written = this.#written;
    return this.turnTo(written) === null ? "rolled over" : "flushed";
  }

  flush(): void {
    if (this.#pending !== "") this.#encode(true);
    const isLittle = this.#size < LITTLE;
    this.#writeGathered();
    if (isLittle) this.#gathered = null;
  }

  #writeGathered(): void {
    if (this.#size === 0 || this.#gathered === null) return;
    this.#write(this.#gathered.subarray(0, this.#size));
    this.#size = 0;
  }

  #write(bytes: Buffer): void {
    const lost = this.#lost;
    if (lost > 0 || this.#isCut) {
      const mending = Buffer.from(`${this.#isCut ? "\n" : ""}${lost > 0 ? this.#lostLine() : ""}`);
      this.#lost = 0;
      if (!this.#put(mending)) {
        this.#lost = lost + linesIn(bytes);
        return;
      }
    }
    this.#put(bytes);
  }

  /** @returns whether all was written; lines that were not are counted */
  #put(bytes: Buffer): boolean {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done);
      return true;
    } catch {
      this.#lost += linesIn(bytes.subarray(done));
      return false;
    } finally {
      if (done > 0) this.#isCut = bytes[done - 1] !== LINE_FEED;
    }
  }

  close(): void {
    this.#close();
    this.#fd = 2;
    this.#target = readTarget("STDERR").target;
    this.#format = this.#formatter();
  }

  #close(): void {
    this.flush();
    if (this.#target.kind === "FILE") closeSync(this.#fd);
  }

  #formatter(): ReturnType<typeof formatter> {
    const { zone, pid, verbosity } = this.#options;
    return formatter(zone, pid, { ...this.#target, verbosity });
  }

  #lostLine(): string {
    const said: Said = {
      level: "WARNING",
      logger: "server",
      text: `${this.#lost} lines of this log could not be written`,
    };
    return printable(`${this.#format({ said, at: this.#options.clock.now(), age: 0 })}\n`);
  }

  #datagram(said: Said): void {
    const { send, pid } = this.#options;
    const priority = syslogPriority(said.level);
    if (this.#target.kind === "SYSTEMD-JOURNAL") {
      send("/run/systemd/journal/socket", journalDatagram(priority, said.text));
      return;
    }
    const head = `<${this.#target.facility * 8 + priority}>fail2ban.${said.logger}[${pid}]: ${said.level} `;
    send(this.#syslogSocket, Buffer.from(`${head}${printable(said.text)}\0`));
  }
}

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** The journal's own form: the message in the form with a length, for it may hold line feeds. */
function journalDatagram(priority: number, text: string): Uint8Array {
  const message = Buffer.from(printable(text));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length));
  const head = Buffer.from(`PRIORITY=${priority}\nSYSLOG_IDENTIFIER=fail2ban\nMESSAGE\n`);
  return Buffer.concat([head, length, message, Buffer.from("\n")]);
}
