/**
 * From the deciding line to the address in the kernel: ours and the original, in turns, in one network namespace.
 *
 *     sh scripts/with-node.sh bench/latency.ts [samples]
 *
 * `nft monitor` tells when the kernel has the address. Both run the same action, one `nft add element` in a shell; ours also
 * its stock action, one line to `nft -f -`; and both commands without any server tell what they take themselves. Each entry of the
 * journal is read by a bare `journalctl` besides (follower.ts), with the words of our server's own: what comes after that moment is the
 * server's share and the action's. Needs root; touches no firewall but its own.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Journald, journaldRefusal } from "../test/stage/journald.ts";
import { BareReader, Journal, wordsOfReader } from "./follower.ts";
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
  /** What a journalctl without a server sees of the same entries. */
  readonly bare: BareReader | null;
  /** The moments of the line and of the element in the kernel, by address. */
  readonly samples: Map<string, { readonly written: number; readonly banned: number }>;
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
  const journal = journald === null ? null : await Journal.open(journald);
  const ways: Way[] = [];
  try {
    ways.push(...aloneWays());
    ways.push(await fileWay(folder, "ours, file", ours, SAME));
    ways.push(await fileWay(folder, "ours, file, stock nftables", ours, stock));
    if (!("lacks" in original)) ways.push(await fileWay(folder, "original, file", original, SAME));
    if (journal !== null) {
      const mine = await journalWay(folder, "ours, journal", ours, journal, SAME);
      ways.push(mine, await journalWay(folder, "ours, journal, stock nftables", ours, journal, stock));
      if (!("lacks" in original)) ways.push(await journalWay(folder, "original, journal", original, journal, SAME));
    }
    for (let i = 0; i < samples; i += 1)
      for (const [w, way] of ways.entries()) await sample(kernel, way, `198.18.${w}.${i + 1}`);
    print(ways);
  } finally {
    for (const { server } of ways) await server?.stop();
    for (const { bare } of ways) bare?.close();
    kernel.close();
    await journald?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** At any moment of the original's second: its actions wake up once in each. */
async function sample(kernel: Kernel, way: Way, who: string): Promise<void> {
  await pause(100 + Math.random() * 1000);
  const has = kernel.waitFor(who);
  const written = performance.now();
  way.write(who);
  way.samples.set(who, { written, banned: await has });
}

function print(ways: readonly Way[]): void {
  const row = (name: string, took: readonly number[]): void => {
    const numbers = [quantile(took, 0.5), quantile(took, 0.95), Math.max(...took)];
    console.log(name.padEnd(58) + numbers.map((ms) => ms.toFixed(1).padStart(9)).join(""));
  };
  console.log(`${"line to kernel, milliseconds".padEnd(58)}      p50      p95      max`);
  for (const { name, samples } of ways)
    row(
      name,
      [...samples.values()].map(({ written, banned }) => banned - written),
    );
  for (const { name, samples, bare } of ways) {
    if (bare === null) continue;
    const pairs = [...samples].flatMap(([who, { written, banned }]) => {
      const printed = bare.printed.get(who);
      return printed === undefined ? [] : [{ floor: printed - written, beyond: banned - printed }];
    });
    if (pairs.length < samples.size)
      console.log(`${samples.size - pairs.length} entries did not come to the bare journalctl`);
    row(
      `${name}: to a bare journalctl`,
      pairs.map(({ floor }) => floor),
    );
    row(
      `${name}: beyond a bare journalctl`,
      pairs.map(({ beyond }) => beyond),
    );
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

/** What the two actions cost by themselves, started by a program as small as this one. */
function aloneWays(): readonly Way[] {
  spawnSync("nft", ["add table inet alone; add set inet alone banned { type ipv4_addr; flags timeout; }"]);
  const element = (who: string): string => `element inet alone banned { ${who} timeout 600s }`;
  const shell = (who: string): void => void spawn("sh", ["-c", `nft add ${element(who)}`], { stdio: "inherit" });
  const batch = (who: string): void => {
    const child = spawn("sh", ["-c", "nft -f -"], { stdio: ["pipe", "inherit", "inherit"] });
    child.stdin.end(`add ${element(who)}; delete ${element(who)}; add ${element(who)}\n`);
  };
  const way = (name: string, write: Way["write"]): Way => ({
    name,
    server: null,
    bare: null,
    write,
    samples: new Map(),
  });
  return [way("the action alone, without a server", shell), way("stock nftables alone, without a server", batch)];
}

async function fileWay(folder: string, name: string, program: Theirs, actions: Actions): Promise<Way> {
  const server = await startServer(folder, program, actions, "backend = auto\nlogpath = {folder}/log0\n");
  const log = join(folder, String(sets), "log0");
  const write = (who: string): void =>
    appendFileSync(log, `${new Date().toISOString().slice(0, 19)}Z Failed from ${who}\n`);
  return { name, server, bare: null, write, samples: new Map() };
}

/** Words of our server's own reader, for the bare ones; those of the first are good for all, but for what they match. */
let readerWords: readonly string[] = [];

async function journalWay(
  folder: string,
  name: string,
  program: Theirs,
  journal: Journal,
  actions: Actions,
): Promise<Way> {
  const tag = `latency${sets + 1}`;
  const backend = `systemd[journalpath="${journal.folder}"]`;
  const server = await startServer(
    folder,
    program,
    actions,
    `backend = ${backend}\njournalmatch = SYSLOG_IDENTIFIER=${tag}\n`,
  );
  if (program === ours) readerWords = await wordsOfReader(server.pid);
  const bare = new BareReader(readerWords.map((word) => word.replace(/latency\d+$/, tag)));
  return { name, server, bare, write: (who) => journal.write(tag, `Failed from ${who}`), samples: new Map() };
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

if (process.argv[2] === "inside") await compare(Number(process.argv[3]));
else enter(Number(process.argv[2] ?? 40));
