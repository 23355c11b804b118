/**
 * A journal to be written to, and bare readers of it: when does `journalctl --follow` print an entry, that a server reads by another
 * `journalctl --follow` with the same words? What journald itself takes (it gathers its news for 250 ms) is no delay of the server's.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { openDatagrams } from "../src/io/datagram/index.ts";
import type { Journald } from "../test/stage/journald.ts";
import { until } from "./server.ts";

export class Journal {
  readonly folder: string;
  /** Writes one entry: the moment is now. */
  readonly write: (tag: string, message: string) => void;

  static async open(journald: Journald): Promise<Journal> {
    const datagrams = await openDatagrams();
    const socket = join(dirname(dirname(journald.journal)), "systemd/journal/socket");
    // A first entry, so that there is a journal to be opened.
    journald.log("latency", "begin");
    return new Journal(journald.journal, (tag, message) => {
      const entry = `SYSLOG_IDENTIFIER=${tag}\nMESSAGE=${message}\n`;
      if (!datagrams.send(socket, Buffer.from(entry))) journald.log(tag, message);
    });
  }

  private constructor(folder: string, write: (tag: string, message: string) => void) {
    this.folder = folder;
    this.write = write;
  }
}

/** A `journalctl` of nobody's. */
export class BareReader {
  /** By address: the moment at which its line was here. */
  readonly printed = new Map<string, number>();
  readonly #child: ChildProcess;

  constructor(words: readonly string[]) {
    const child = spawn("journalctl", words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const at = performance.now();
      const who = /from (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1];
      if (who !== undefined && !this.printed.has(who)) this.printed.set(who, at);
    });
  }

  close(): void {
    this.#child.kill();
  }
}

/** The words with which our server has its journalctl follow; resolves when it does. */
export async function wordsOfReader(server: number): Promise<readonly string[]> {
  let words: readonly string[] | undefined;
  await until("the server's journalctl", 30, () => {
    words = childrenOf(server).find((one) => one[0] === "journalctl" && one.includes("--follow"));
    return words !== undefined;
  });
  return words?.slice(1) ?? [];
}

function childrenOf(pid: number): readonly (readonly string[])[] {
  const pids = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  return pids.map((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0").slice(0, -1));
}
