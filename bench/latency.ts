/**
 * From the deciding line to the address in the kernel: ours and the original, in turns, in one network namespace.
 *
 *     sh scripts/with-node.sh bench/latency.ts [samples]
 *
 * `nft monitor` tells when the kernel has the address. Both run the same action, one `nft add element` in a shell; ours also
 * its stock action, one line to `nft -f -`; and the action without any server tells what it takes itself. The journal's entries are followed by a plain `journalctl` besides: what
 * journald itself takes (it gathers its news for 250 ms) is no delay of ours. Needs root; touches no firewall but its own.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openDatagrams } from "../src/io/datagram/index.ts";
import { Journald, journaldRefusal } from "../test/stage/journald.ts";
import { ours, pause, quantile, startMeasured, type Measured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const project = fileURLToPath(new URL("../", import.meta.url));
const DEADLINE = 10_000;

/** One way from a line to the kernel. */
interface Way {
  readonly name: string;
  /** Null: no server is in between. */
  readonly server: Measured | null;
  write(who: string): void;
  /** Milliseconds, by address. */
  readonly took: Map<string, number>;
}

/** Runs this program again in a network namespace of its own. */
function enter(samples: number): void {
  const words = ["--net", process.execPath, ...process.execArgv, import.meta.filename, "inside", String(samples)];
  process.exitCode = spawnSync("unshare", words, { stdio: "inherit" }).status ?? 1;
}

async function compare(samples: number): Promise<void> {
  spawnSync("ip", ["link", "set", "lo", "up"]);
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-latency-"));
  const kernel = new Kernel();
  const original = theirs();
  const journald = journaldRefusal() === false ? await Journald.start() : null;
  if ("lacks" in original) console.log(`without the original: ${original.lacks}`);
  console.log(`${samples} samples of each, in turns; load ${load()}`);
  const journal = journald === null ? null : await Follower.start(journald);
  const ways: Way[] = [];
  try {
    ways.push(aloneWay());
    ways.push(await fileWay(folder, "ours, file", ours, SAME));
    ways.push(await fileWay(folder, "ours, file, stock nftables", ours, stock));
    if (!("lacks" in original)) ways.push(await fileWay(folder, "original, file", original, SAME));
    if (journal !== null) {
      ways.push(await journalWay(folder, "ours, journal", ours, journal));
      if (!("lacks" in original)) ways.push(await journalWay(folder, "original, journal", original, journal));
    }
    for (let i = 0; i < samples; i += 1)
      for (const [w, way] of ways.entries()) await sample(kernel, way, `198.18.${w}.${i + 1}`);
    print(ways, journal);
  } finally {
    for (const { server } of ways) await server?.stop();
    journal?.close();
    kernel.close();
    await journald?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** At any moment of the original's second: its actions wake up once in each. */
async function sample(kernel: Kernel, way: Way, who: string): Promise<void> {
  await pause(100 + Math.random() * 1000);
  const has = kernel.waitFor(who);
  const at = performance.now();
  way.write(who);
  way.took.set(who, (await has) - at);
}

function print(ways: readonly Way[], journal: Follower | null): void {
  const row = (name: string, took: readonly number[]): string => {
    const numbers = [quantile(took, 0.5), quantile(took, 0.95), Math.max(...took)];
    return name.padEnd(38) + numbers.map((ms) => ms.toFixed(1).padStart(9)).join("");
  };
  console.log(`${"line to kernel, milliseconds".padEnd(38)}      p50      p95      max`);
  for (const { name, took } of ways) console.log(row(name, [...took.values()]));
  if (journal !== null) {
    console.log(row("journald to a plain journalctl", [...journal.took.values()]));
    for (const { name, took } of ways.filter(({ name }) => name.endsWith("journal"))) {
      const behind = [...took].map(([who, ms]) => ms - (journal.took.get(who) ?? NaN));
      console.log(row(`${name}: behind that journalctl`, behind));
    }
  }
  console.log(`load ${load()}`);
}

function load(): string {
  return loadavg()
    .map((one) => one.toFixed(1))
    .join(" ");
}

type Actions = (set: string) => Readonly<Record<string, string>>;

/** The same commands for both programs. */
const SAME: Actions = (set) => ({
  "action.d/add.conf": `[Definition]
actionstart = nft 'add table inet ${set}; add set inet ${set} banned { type ipv4_addr; flags timeout; }'
actionstop = nft delete table inet ${set}
actionban = nft add element inet ${set} banned { <ip> timeout <bantime>s }
actionunban = nft delete element inet ${set} banned { <ip> }
`,
});

const stock: Actions = (set) => ({
  "action.d/add.conf": `[INCLUDES]\nbefore = nftables.conf\n[Init]\nname = ${set}\ntable = ${set}\n`,
});

let sets = 0;

async function startServer(folder: string, program: Theirs, actions: Actions, jail: string): Promise<Measured> {
  sets += 1;
  const place = join(folder, String(sets));
  mkdirSync(place);
  cpSync(join(project, "config/action.d"), join(place, "action.d"), { recursive: true });
  const files = {
    log0: "",
    "jail.conf": `[latency]\nenabled = true\nfilter = failed\naction = add\nmaxretry = 1\nignoreself = false\n${jail}`,
    "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
    ...actions(`latency${sets}`),
  };
  return startMeasured(program, place, files, "latency");
}

/** What the action costs by itself: a shell and nft, started by a program as small as this one. */
function aloneWay(): Way {
  spawnSync("nft", ["add table inet alone; add set inet alone banned { type ipv4_addr; flags timeout; }"]);
  const write = (who: string): void =>
    void spawn("sh", ["-c", `nft add element inet alone banned { ${who} timeout 600s }`], { stdio: "inherit" });
  return { name: "the action alone, without a server", server: null, write, took: new Map() };
}

async function fileWay(folder: string, name: string, program: Theirs, actions: Actions): Promise<Way> {
  const server = await startServer(folder, program, actions, "backend = auto\nlogpath = {folder}/log0\n");
  const log = join(folder, String(sets), "log0");
  const write = (who: string): void =>
    appendFileSync(log, `${new Date().toISOString().slice(0, 19)}Z Failed from ${who}\n`);
  return { name, server, write, took: new Map() };
}

async function journalWay(folder: string, name: string, program: Theirs, journal: Follower): Promise<Way> {
  const tag = `latency${sets + 1}`;
  const backend = `systemd[journalpath="${journal.folder}"]`;
  const server = await startServer(
    folder,
    program,
    SAME,
    `backend = ${backend}\njournalmatch = SYSLOG_IDENTIFIER=${tag}\n`,
  );
  return { name, server, write: (who) => journal.write(tag, who), took: new Map() };
}

/** What the kernel says of its sets. */
class Kernel {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<string, (at: number) => void>();

  constructor() {
    const child = spawn("nft", ["monitor", "new", "elements"], { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const at = performance.now();
      const who = /\d+\.\d+\.\d+\.\d+/.exec(line)?.[0] ?? "";
      this.#waiting.get(who)?.(at);
      this.#waiting.delete(who);
    });
  }

  /** @returns the moment at which the kernel has the address. */
  waitFor(who: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${who} did not come to the kernel`)), DEADLINE);
      this.#waiting.set(who, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  close(): void {
    this.#child.kill();
  }
}

/** A journal that is written to, and a plain journalctl that tells how long journald takes itself. */
class Follower {
  readonly folder: string;
  /** Milliseconds from the entry to a plain journalctl, by address. */
  readonly took = new Map<string, number>();
  readonly #written = new Map<string, number>();
  readonly #send: (tag: string, who: string) => void;
  readonly #child: ChildProcess;

  static async start(journald: Journald): Promise<Follower> {
    const datagrams = await openDatagrams();
    const socket = join(dirname(dirname(journald.journal)), "systemd/journal/socket");
    // A first entry, so that there is a journal to be opened.
    journald.log("latency", "begin");
    return new Follower(journald.journal, (tag, who) => {
      const entry = `SYSLOG_IDENTIFIER=${tag}\nMESSAGE=Failed from ${who}\n`;
      if (!datagrams.send(socket, Buffer.from(entry))) journald.log(tag, `Failed from ${who}`);
    });
  }

  private constructor(folder: string, send: (tag: string, who: string) => void) {
    this.folder = folder;
    this.#send = send;
    const words = [`--directory=${folder}`, "--follow", "--lines=0", "--output=cat", "--quiet"];
    const child = spawn("journalctl", words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const who = /\d+\.\d+\.\d+\.\d+$/.exec(line)?.[0] ?? "";
      const written = this.#written.get(who);
      if (written !== undefined) this.took.set(who, performance.now() - written);
    });
  }

  write(tag: string, who: string): void {
    this.#written.set(who, performance.now());
    this.#send(tag, who);
  }

  close(): void {
    this.#child.kill();
  }
}

if (process.argv[2] === "inside") await compare(Number(process.argv[3]));
else enter(Number(process.argv[2] ?? 40));
