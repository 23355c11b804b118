/** A complete server on stock actions in a folder of its own, started, talked to, killed; for scripts that run alone (`alone.ts`). */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { openLink, type Link, type Reply } from "../../../src/api/control/index.ts";
import type { Plain } from "../../../src/base/index.ts";
import { kernelBans } from "./kernel.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
/** Seconds that anything may take on a loaded machine. */
export const PATIENCE = 60;

/** Writes a configuration: our stock actions, `files` by their path. `{folder}` stands for the folder. */
export function furnishFolder(folder: string, files: Readonly<Record<string, string>>): void {
  cpSync(join(project, "config/action.d"), join(folder, "action.d"), { recursive: true });
  const general = `[Definition]\nloglevel = INFO\nlogtarget = {folder}/log\nsyslogsocket = auto\nsocket = {folder}/s\npidfile = {folder}/p\nallowipv6 = yes\ndbfile = {folder}/d.sqlite3\ndbpurgeage = 1d\ndbmaxmatches = 3\n`;
  for (const [path, text] of Object.entries({ "fail2ban.conf": general, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll("{folder}", folder));
  }
}

export class StagedServer {
  readonly folder: string;
  readonly #child: ChildProcess;
  #link: Link | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Starts it and waits until it says that it is ready. @throws with the log's end when it ends before */
  static async start(folder: string): Promise<StagedServer> {
    const errors = openSync(join(folder, "stderr"), "a");
    const child = spawn(join(project, "bin/fail2ban-server"), ["-f", "-x", "-c", folder, "start"], {
      stdio: ["ignore", "pipe", errors],
    });
    const server = new StagedServer(folder, child);
    let printed = "";
    child.stdout?.on("data", (bytes: Buffer) => (printed += bytes.toString()));
    await until("the server is ready", () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}: ${server.log().slice(-2000)}`);
      return printed.includes("Server ready");
    });
    return server;
  }

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  log(): string {
    return readFileSync(join(this.folder, "log"), { encoding: "utf8", flag: "a+" });
  }

  /** One command over a connection that stays open, after those before it. @throws when it is refused, or the server is gone */
  ask(...words: readonly Plain[]): Promise<Plain> {
    const asked = this.#last.then(async () => {
      this.#link ??= await openLink(join(this.folder, "s"));
      return answerOf(await this.#link.ask(words));
    });
    this.#last = asked.catch(() => {});
    return asked;
  }

  /** The same over a connection of its own: for commands side by side. */
  async connect(): Promise<(...words: readonly Plain[]) => Promise<Plain>> {
    const link = await openLink(join(this.folder, "s"));
    return async (...words) => answerOf(await link.ask(words));
  }

  /** `kill -9`. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** An orderly stop. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await ended;
  }
}

function answerOf(reply: Reply): Plain {
  if (reply.is !== "value") throw new Error(`refused: ${JSON.stringify(reply)}`);
  return reply.value;
}

/** Who is banned in each jail, as the three that must agree have it. */
export interface Views {
  readonly memory: ReadonlyMap<string, ReadonlySet<string>>;
  readonly database: ReadonlyMap<string, ReadonlySet<string>>;
  readonly kernel: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function viewsOf(server: StagedServer, jails: readonly string[]): Promise<Views> {
  const sets = await kernelBans();
  const kernel = new Map(jails.map((jail) => [jail, new Set(sets.get(jail)?.map(({ key }) => key))]));
  const memory = new Map<string, ReadonlySet<string>>();
  for (const jail of jails) memory.set(jail, new Set(listOf(await server.ask("get", jail, "banip"))));
  return { memory, database: databaseBans(server.folder, jails), kernel };
}

function listOf(answer: Plain): string[] {
  if (!Array.isArray(answer)) throw new Error(`no list of bans: ${JSON.stringify(answer)}`);
  return answer.map(String);
}

function databaseBans(folder: string, jails: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const db = new DatabaseSync(join(folder, "d.sqlite3"), { readOnly: true, timeout: 10_000 });
  try {
    const ask = db.prepare("SELECT ip FROM bips WHERE jail = ? AND (bantime < 0 OR timeofban + bantime > ?)");
    const now = Date.now() / 1000;
    return new Map(jails.map((jail) => [jail, new Set(ask.all(jail, now).map((row) => String(row["ip"])))]));
  } finally {
    db.close();
  }
}

/** In words, where memory, database and kernel tell different things; empty when they agree. */
export function disagreements({ memory, database, kernel }: Views): string[] {
  return [...memory].flatMap(([jail, held]) =>
    (
      [
        ["database", database],
        ["kernel", kernel],
      ] as const
    ).flatMap(([name, view]) => {
      const other = view.get(jail) ?? new Set();
      const lacking = [...held].filter((key) => !other.has(key));
      const odd = [...other].filter((key) => !held.has(key));
      return [
        ...(lacking.length > 0
          ? [`${jail}: ${lacking.length} in memory and not in the ${name} (${some(lacking)})`]
          : []),
        ...(odd.length > 0 ? [`${jail}: ${odd.length} in the ${name} and not in memory (${some(odd)})`] : []),
      ];
    }),
  );
}

export function some(keys: readonly string[]): string {
  return keys.slice(0, 4).join(", ") + (keys.length > 4 ? ", …" : "");
}

/** Waits for a condition. @throws after `patience` seconds, with what was waited for */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
  for (const end = performance.now() + patience * 1000; !(await holds());) {
    if (performance.now() > end) throw new Error(`waited ${patience} s in vain: ${what}`);
    await pause(30);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
