/**
 * The complete server under everything at once, for a bounded time: logs at full speed that are rotated, commands, reloads, a flushed
 * firewall, `kill -9`. It is judged by what is left: memory, descriptors, the database, and whether kernel, database and memory agree.
 *
 * The first half of the time has kills in it; in the second half one server lives, whose memory must be flat.
 */
import { cpSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { kernelBans } from "../crash/kernel.ts";
import { disagreements, furnishFolder, pause, StagedServer, until, viewsOf } from "../crash/server.ts";
import { command, flushFirewall, JAILS, reload, restoreFiles, rotateLog } from "./deeds.ts";
import { Logs } from "./logs.ts";

/** Seconds of one server's life from which on its memory and the rotated logs that it holds can be judged. */
const JUDGED = 40;
/**
 * How much more the last quarter may need than the second: a share, and megabytes. What is needed is the least that was resident in it: the
 * rest is garbage that the engine collects when it likes.
 */
const FLAT = { share: 1.15, megabytes: 12 } as const;
/** Megabytes that no server may use, garbage included. */
const MOST = 400;
/** Descriptors that a quiet server may have more at its end than at its beginning. */
const SPARE = 2;

export interface Soaked {
  readonly lines: number;
  readonly rotations: number;
  readonly commands: number;
  readonly reloads: number;
  readonly kills: number;
  readonly flushes: number;
  /** Megabytes: the least of each quarter of the last life, and the most of all. */
  readonly memory: readonly number[];
  /** Of the quiet server, at the beginning and at the end of its life. */
  readonly descriptors: readonly [number, number];
  readonly bans: number;
}

export function furnishSoak(folder: string): void {
  cpSync(fileURLToPath(new URL("../../../config/filter.d", import.meta.url)), join(folder, "filter.d"), {
    recursive: true,
  });
  furnishFolder(folder, {
    "jail.conf": `[DEFAULT]
enabled = true
maxretry = 3
findtime = 10m
usedns = no
ignoreself = false
backend = auto
action = nftables-multiport[port="ssh,http"]
[sshd]
filter = sshd
logpath = {folder}/sshd.txt
bantime = 20s
bantime.increment = true
bantime.maxtime = 40s
[web]
filter = failed
logpath = {folder}/web.txt
bantime = 8s
[many]
filter = failed
logpath = {folder}/glob-*.txt
bantime = 1h
`,
    "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
  });
}

export class Soak {
  readonly #folder: string;
  readonly #random: () => number;
  readonly #logs: Logs;
  #samples: number[] = [];
  #descriptors = 0;
  #isLong = false;
  readonly #count = { commands: 0, reloads: 0, kills: 0, flushes: 0 };

  constructor(folder: string, random: () => number) {
    this.#folder = folder;
    this.#random = random;
    this.#logs = new Logs(folder, random);
  }

  /** @throws what is not as it must be */
  async run(seconds: number): Promise<Soaked> {
    const began = performance.now();
    const age = (): number => (performance.now() - began) / 1000 / seconds;
    while (age() < 0.5) {
      const server = await this.#begin();
      const death = Math.min(0.5, age() + 0.05 + this.#random() * 0.2);
      await this.#live(server, () => age() >= death, true);
      this.#count.kills += 1;
    }
    const server = await this.#begin();
    await this.#live(server, () => age() >= 1, false);
    this.#isLong = seconds / 2 >= JUDGED;
    return await this.#judge(server);
  }

  async #begin(): Promise<StagedServer> {
    const server = await StagedServer.start(this.#folder);
    this.#samples = [];
    this.#descriptors = openOf(server.pid).length - readyDescriptors(server.pid);
    return server;
  }

  /** Everything at once until `over`; then, if the server is to be killed, it is, in the midst of it all. */
  async #live(server: StagedServer, over: () => boolean, killed: boolean): Promise<void> {
    const life = { ended: false };
    const ending = until("the end of a life", over, Infinity).then(async () => {
      life.ended = true;
      if (killed) await server.kill();
    });
    const during = async (every: number, deed: () => Promise<void> | void): Promise<void> => {
      while (!life.ended) {
        await Promise.race([pause(every * (0.5 + this.#random())), ending]);
        try {
          if (!life.ended) await deed();
        } catch (cause) {
          // Who was being answered when the server was killed has no answer.
          if (!life.ended || !killed) throw cause;
        }
      }
    };
    await Promise.all([
      ending,
      during(8, () => this.#logs.write()),
      during(15, () => this.#command(server)),
      during(4000, () => this.#reload()),
      during(7000, () => rotateLog(server)),
      during(11_000, () => this.#flush()),
      during(500, () => void this.#samples.push(memoryOf(server.pid))),
    ]);
  }

  async #command(server: StagedServer): Promise<void> {
    await command(server, this.#random);
    this.#count.commands += 1;
  }

  async #reload(): Promise<void> {
    await reload(this.#folder, this.#random);
    this.#count.reloads += 1;
  }

  async #flush(): Promise<void> {
    await flushFirewall();
    this.#count.flushes += 1;
  }

  async #judge(server: StagedServer): Promise<Soaked> {
    await restoreFiles(this.#folder);
    await agrees(server);
    const memory = this.#judgeMemory();
    const after = await quietDescriptors(server.pid, this.#descriptors + SPARE, this.#isLong);
    // Now and then it looks at its sets: what it starts for that must end.
    await until("a quiet server has no processes", () => childrenOf(server.pid) === 0);
    const bugs = server
      .log()
      .split("\n")
      .filter((line) => line.includes("CRITICAL") || line.includes("failed: "));
    if (bugs.length > 0) throw new Error(`the log tells of ${bugs.length} bugs: ${bugs[0]}`);
    const bans = [...(await kernelBans()).values()].reduce((sum, all) => sum + all.length, 0);
    await server.stop();
    judgeDatabase(join(this.#folder, "d.sqlite3"));
    const left = await kernelBans();
    if (left.size > 0) throw new Error(`a stop left sets of ${[...left.keys()].join(", ")}`);
    const { lines, rotations } = this.#logs;
    return { lines, rotations, ...this.#count, memory, descriptors: [this.#descriptors, after], bans };
  }

  #judgeMemory(): readonly number[] {
    const quarter = Math.max(1, Math.floor(this.#samples.length / 4));
    const least = [0, 1, 2, 3].map((n) => Math.min(...this.#samples.slice(n * quarter, (n + 1) * quarter)));
    const most = Math.max(...this.#samples);
    const [, second = 0, , last = 0] = least;
    const shown = `${least.map((megabytes) => megabytes.toFixed(0)).join(", ")} MB, at most ${most.toFixed(0)} MB`;
    if (most > MOST) throw new Error(`too much memory: ${shown}`);
    if (this.#isLong && last > second * FLAT.share + FLAT.megabytes) throw new Error(`memory grows: ${shown}`);
    return [...least, most];
  }
}

/** Kernel, database and memory agree, after a flush within seconds. */
async function agrees(server: StagedServer): Promise<void> {
  let trouble: readonly string[] = [];
  const holds = async (): Promise<boolean> => (trouble = disagreements(await viewsOf(server, JAILS))).length === 0;
  await until("memory, database and kernel agree", holds).catch((cause: unknown) => {
    throw new Error(`${String(cause)}: ${trouble.join("; ")}`, { cause });
  });
}

function judgeDatabase(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    const [whole] = Object.values(db.prepare("PRAGMA integrity_check").get() ?? {});
    if (whole !== "ok") throw new Error(`the database is damaged: ${String(whole)}`);
    if (db.prepare("PRAGMA foreign_key_check").all().length > 0) throw new Error("rows of jails that are not there");
    const orphans = db
      .prepare(
        "SELECT count(*) AS n FROM bips WHERE NOT EXISTS (SELECT 1 FROM bans WHERE bans.jail = bips.jail AND bans.ip = bips.ip AND bans.timeofban = bips.timeofban AND bans.bantime = bips.bantime)",
      )
      .get()?.["n"];
    if (orphans !== 0) throw new Error(`${String(orphans)} last bans that the history does not know`);
  } finally {
    db.close();
  }
}

/** What is open, by what it leads to; without what is closed meanwhile. */
function openOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      return [];
    }
  });
}

/**
 * What is under way is waited for. A rotated log stays open for its last writers until it has been quiet for a minute: only a long
 * soak has the time to see it closed.
 * @throws with what is open when that is too much
 */
async function quietDescriptors(pid: number, most: number, rotatedToo: boolean): Promise<number> {
  const counted = (): readonly string[] => openOf(pid).filter((path) => rotatedToo || !/\.txt\.\d/.test(path));
  const own = (): number => counted().length - readyDescriptors(pid);
  await until(`at most ${most} descriptors`, () => own() <= most).catch((cause: unknown) => {
    throw new Error(`${String(cause)}: ${counted().toSorted().join(" ")}`, { cause });
  });
  return own();
}

/** Those for the one that stands ready, which is there at one time and not at another: its standard input, output and errors. */
function readyDescriptors(pid: number): number {
  return runningBelow(pid).some(standsReady) ? 3 : 0;
}

/** Processes below it, without the one that stands ready for the next ban (decision 020): one that hangs over its orders counts. */
function childrenOf(pid: number): number {
  const running = runningBelow(pid);
  return running.length - (running.some(standsReady) ? 1 : 0);
}

function runningBelow(pid: number): readonly string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return children.filter((word) => word.trim() !== "");
}

/** Whether it is an nft that waits in a call on its standard input. */
function standsReady(pid: string): boolean {
  try {
    const [, descriptor] = readFileSync(`/proc/${pid}/syscall`, "latin1").split(" ");
    return readFileSync(`/proc/${pid}/cmdline`, "latin1") === "nft\0-f\0-\0" && descriptor === "0x0";
  } catch {
    return false; // it has just ended
  }
}

/** Megabytes resident. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

export function clear(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
