/**
 * A small world for a test: two machines joined by a cable, one that is guarded and one from which attackers come.
 *
 * Each machine is a network namespace held open by a process; the guarded one has its own mounts and processes, too.
 * Nothing has a name, so worlds of parallel runs cannot clash, and the world ends by itself when the test's process
 * does, however that ends: the holders read a pipe from it, and the kernel kills what still runs on the machine.
 * Needs root and the right to make namespaces (`without("root", "namespaces", "ip")`). Not for daemons that want
 * systemd: those are in test/system.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a command said. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** Resolves with the exit status, 128 after a signal. */
  readonly ended: Promise<number>;
  /** What it has printed so far, both streams. */
  printed(): string;
}

/** One attacker's two addresses. */
export interface Attacker {
  readonly v4: string;
  readonly v6: string;
}

/** How a connection attempt ended: `refused` also stands for a firewall's reject. */
export type Probe = "open" | "refused" | "timeout";

export interface World {
  /** A folder of its own, removed at the end. */
  readonly folder: string;
  /** The guarded machine's addresses. */
  readonly guarded: Attacker;
  /** Attackers 1 to 8: a test takes one that no other uses. */
  attacker(number: number): Attacker;
  /** Runs a command on the guarded machine to its end. */
  onGuarded(...words: readonly string[]): Promise<Said>;
  /** Runs a command on the attackers' machine to its end. */
  onAttackers(...words: readonly string[]): Promise<Said>;
  /** Starts a daemon on the guarded machine; it ends with the world at the latest. */
  start(words: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** Whether a TCP connection from an attacker's address to the guarded machine's port can be opened. */
  probe(from: string, port: number): Promise<Probe>;
  [Symbol.asyncDispose](): Promise<void>;
}

const attackers = 8;
/** The words that lay the cable, from the guarded machine to the network namespace of the process they end in. */
const cable = ["ip", "link", "add", "s0", "type", "veth", "peer", "name", "a0", "netns"];
const guarded: Attacker = { v4: "10.99.0.1", v6: "fd99::1" };
const attacker = (number: number): Attacker => ({ v4: `10.99.0.${number + 1}`, v6: `fd99::${number + 1}` });

export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-stage-"));
  const holders: ChildProcess[] = [];
  try {
    const server = await hold(holders, [
      "--net",
      "--mount",
      "--propagation=private",
      "--pid",
      "--fork",
      "--kill-child",
    ]);
    const outside = await hold(holders, ["--net"]);
    const world = worldOf(folder, server, outside, holders);
    await must(run(["nsenter", `--net=/proc/${server}/ns/net`, "--", ...cable, String(outside)]));
    await address(world);
    await furnish(world);
    return world;
  } catch (cause) {
    await end(folder, holders);
    throw cause;
  }
}

/** Waits for a condition, and says what was waited for when it does not come. The only waiting in the stage tests. */
export async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Makes a namespace that lives as long as our end of a pipe; gives the holder's process id. */
async function hold(holders: ChildProcess[], flags: readonly string[]): Promise<number> {
  const holder = spawn("unshare", [...flags, "sh", "-c", "echo; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  holders.push(holder);
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once("data", () => resolve());
    holder.once("error", reject);
    holder.once("exit", (status) => reject(new Error(`unshare ended with ${status}`)));
  });
  if (holder.pid === undefined) throw new Error("unshare has no process id");
  return holder.pid;
}

function worldOf(folder: string, server: number, outside: number, holders: ChildProcess[]): World {
  const enterServer = [
    ...["nsenter", `--net=/proc/${server}/ns/net`, `--mount=/proc/${server}/ns/mnt`],
    ...[`--pid=/proc/${server}/ns/pid_for_children`, "--"],
  ];
  const enterOutside = ["nsenter", `--net=/proc/${outside}/ns/net`, "--"];
  const connector = fileURLToPath(new URL("connect.ts", import.meta.url));
  return {
    folder,
    guarded,
    attacker: (number) => {
      if (number < 1 || number > attackers) throw new RangeError(`there are attackers 1 to ${attackers}`);
      return attacker(number);
    },
    onGuarded: (...words) => run([...enterServer, ...words]),
    onAttackers: (...words) => run([...enterOutside, ...words]),
    start: (words, environment) => start([...enterServer, ...words], environment),
    probe: async (from, port) => {
      const to = from.includes(":") ? guarded.v6 : guarded.v4;
      const said = await run([...enterOutside, process.execPath, connector, from, to, String(port)]);
      return outcome(said);
    },
    [Symbol.asyncDispose]: () => end(folder, holders),
  };
}

function outcome(said: Said): Probe {
  const word = said.stdout.trim();
  if (word === "open" || word === "refused" || word === "timeout") return word;
  throw new Error(`the probe could not be made: ${word}${said.stderr}`);
}

/** Addresses, and neighbours known beforehand: a first IPv6 packet may else wait a second for its neighbour. */
async function address(world: World): Promise<void> {
  const others = Array.from({ length: attackers }, (_, index) => attacker(index + 1));
  const batch = (lines: readonly string[]): string => `printf '${lines.join("\\n")}\\n' | ip -batch -`;
  const up = (device: string, all: readonly Attacker[]): readonly string[] => [
    "link set lo up",
    ...all.flatMap(({ v4, v6 }) => [`addr add ${v4}/24 dev ${device}`, `addr add ${v6}/64 dev ${device} nodad`]),
    `link set ${device} up`,
  ];
  await must(world.onGuarded("sh", "-c", batch(up("s0", [guarded]))));
  await must(world.onAttackers("sh", "-c", batch(up("a0", others))));
  const known = (all: readonly Attacker[], mac: string, device: string): readonly string[] =>
    all.flatMap(({ v4, v6 }) => [v4, v6].map((it) => `neigh replace ${it} lladdr ${mac} dev ${device} nud permanent`));
  const inside = await mac(world.onGuarded("ip", "-o", "link", "show", "s0"));
  const beyond = await mac(world.onAttackers("ip", "-o", "link", "show", "a0"));
  await must(world.onGuarded("sh", "-c", batch(known(others, beyond, "s0"))));
  await must(world.onAttackers("sh", "-c", batch(known([guarded], inside, "a0"))));
}

async function mac(link: Promise<Said>): Promise<string> {
  const found = /link\/ether (\S+)/.exec((await must(link)).stdout)?.[1];
  if (found === undefined) throw new Error("a cable's end has no hardware address");
  return found;
}

/** A /run and a /dev of its own, whose /dev/log leads into the world's folder (sshd.ts puts a logger there). */
async function furnish(world: World): Promise<void> {
  const dev = join(world.folder, "dev");
  mkdirSync(dev);
  await must(
    world.onGuarded(
      ...["sh", "-ec"],
      `mount -t proc proc /proc
       mount -t tmpfs run /run && mkdir /run/sshd
       mount -t tmpfs dev "$1"
       for it in null zero full random urandom tty ptmx fd stdin stdout stderr; do
         [ ! -e "/dev/$it" ] || cp -a "/dev/$it" "$1/"
       done
       mkdir "$1/pts" "$1/shm"; mount --bind /dev/pts "$1/pts"; ln -s "$2/log" "$1/log"
       mount --move "$1" /dev`,
      ...["furnish", dev, world.folder],
    ),
  );
}

/** Closing the pipes ends the holders; the guarded machine's first process takes all others with it. */
async function end(folder: string, holders: readonly ChildProcess[]): Promise<void> {
  const gone = holders.map((holder) =>
    holder.exitCode !== null || holder.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => holder.once("exit", () => resolve())),
  );
  for (const holder of holders) holder.stdin?.end();
  await Promise.all(gone);
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a command to its end; never throws for its status. At most 60 s, then it is killed. */
export function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  const [program = "", ...rest] = words;
  const options = { timeout: 60_000, maxBuffer: 1 << 24, env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    execFile(program, rest, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      resolve({ status, stdout, stderr: error !== null && status === 255 ? `${stderr}${error.message}` : stderr });
    });
  });
}

/** The same for a command that must succeed. */
export async function must(running: Promise<Said>): Promise<Said> {
  const said = await running;
  if (said.status !== 0) throw new Error(`exit ${said.status}: ${said.stderr}${said.stdout}`);
  return said;
}

function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  let text = "";
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-65_536); // the end is what a failed test shows
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      text += error.message;
      resolve(255);
    });
    child.once("exit", (status, signal) => resolve(signal === null ? (status ?? 255) : 128));
  });
  return { ended, printed: () => text };
}
