/**
 * A scene for the tests of actions: a private network namespace, our stock actions read from `config/`, and hands whose commands
 * run in that namespace. Nothing touches the machine's own firewall.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ban, Plain, Said, Span } from "../../../src/base/index.ts";
import { VERSION, whoOf } from "../../../src/base/index.ts";
import type { ActionSettings } from "../../../src/core/action/index.ts";
import { ActionHand } from "../../../src/daemon/hand.ts";
import { Locks } from "../../../src/daemon/hand/lock.ts";
import type { HandWorld } from "../../../src/daemon/hand/world.ts";
import { disk, readPlainly } from "../../../src/io/config/index.ts";
import { type Job, shellRunner } from "../../../src/io/firewall/index.ts";

/** The folder of our own actions. */
export const STOCK_ACTIONS = new URL("../../../config/action.d", import.meta.url).pathname;

export interface Scene {
  readonly said: Said[];
  readonly jobs: Job[];
  /** The jail's bans in force, as a hand sees them. */
  readonly bans: Map<string, Ban>;
  readonly clock: TestClock;
  /** Reads `action = …` of a jail as the daemon would. */
  settings(jail: string, action: string, files?: Readonly<Record<string, string>>): ActionSettings;
  hand(settings: ActionSettings, jail?: string): ActionHand;
  /** A shell whose commands run in the namespace. */
  readonly shell: string;
  /** Runs something in the namespace. */
  sh(script: string): string;
  ban(ip: string, lasts?: Span): Ban;
  /** Forgets a ban and gives it back. */
  drop(ban: Ban): Ban;
  close(): void;
}

/** Real time, but alarms ring when told. */
export class TestClock {
  readonly #alarms: { readonly at: number; readonly run: () => void }[] = [];
  now(): number {
    return Date.now() / 1000;
  }
  at(when: number, run: () => void): () => void {
    const alarm = { at: when, run };
    this.#alarms.push(alarm);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index >= 0) this.#alarms.splice(index, 1);
    };
  }
  /** Rings everything that is due within `span` from now. */
  ring(span: Span): void {
    const due = this.#alarms.filter((alarm) => alarm.at <= this.now() + span);
    for (const alarm of due) this.#alarms.splice(this.#alarms.indexOf(alarm), 1);
    for (const alarm of due) alarm.run();
  }
}

/** What these tests do not ask for. */
export const QUIET: Pick<HandWorld, "resolver" | "hosts" | "ipv6" | "source"> = {
  resolver: {
    addresses: () => Promise.resolve({ addresses: [], failed: "none" }),
    host: () => Promise.resolve(null),
    text: () => Promise.resolve({ texts: [], failed: "none" }),
    clear() {},
  },
  hosts: { full: "host.example", short: "host" },
  ipv6: true,
  source: {
    bantime: 600,
    counts: () => ({ banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 }),
    merged: () => null,
  },
};

let scenes = 0;

/** @param runner through the shell of the namespace, or with an nft of the namespace that may stand ready between two jobs */
export function openScene(runsBy: "shell" | "ready programs" = "shell"): Scene {
  scenes += 1;
  const namespace = `f2bact-${process.pid}-${scenes}`;
  const folder = mkdtempSync(join(tmpdir(), "f2bact-"));
  const shell = join(folder, "sh");
  spawnSync("ip", ["netns", "add", namespace]);
  writeFileSync(shell, `#!/bin/sh\nexec ip netns exec ${namespace} /bin/sh "$@"\n`);
  chmodSync(shell, 0o755);
  const said: Said[] = [];
  const jobs: Job[] = [];
  const bans = new Map<string, Ban>();
  const clock = new TestClock();
  const log = (one: Said): void => void said.push(one);
  const ways = { shell: { shell }, "ready programs": { env: { PATH: pathOf(folder, namespace) }, keepsReady: true } };
  const runner = shellRunner({ log, ...ways[runsBy] });
  const sh = (script: string): string => {
    const ran = spawnSync(shell, ["-c", script], { encoding: "utf8" });
    return ran.stdout + ran.stderr;
  };
  const world = (jail: string): HandWorld => ({
    ...QUIET,
    jail,
    clock,
    runner: {
      run(job) {
        jobs.push(job);
        return runner.run(job);
      },
    },
    log: (one) => said.push(one),
    locks: new Locks(),
    epoch: { value: 0 },
    bans: () => bans.values(),
    banOf: (who) => bans.get(who.key) ?? null,
  });
  return {
    said,
    jobs,
    bans,
    shell,
    clock,
    settings: (jail, action, files = {}) => readSettings(folder, jail, action, files),
    hand: (settings, jail = "j") => new ActionHand(settings, world(jail)),
    sh,
    ban(ip, lasts = 600) {
      const ban = aBan(ip, clock.now(), lasts);
      bans.set(ban.who.key, ban);
      return ban;
    },
    drop(ban) {
      bans.delete(ban.who.key);
      return ban;
    },
    close() {
      spawnSync("ip", ["netns", "del", namespace]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A search path on which nft is that of the namespace. */
function pathOf(folder: string, namespace: string): string {
  const programs = join(folder, "programs");
  mkdirSync(programs);
  const path = process.env["PATH"] ?? "";
  const script = `#!/bin/sh\nPATH='${path}' exec ip netns exec ${namespace} nft "$@"\n`;
  writeFileSync(join(programs, "nft"), script, { mode: 0o755 });
  return `${programs}:${path}`;
}

export function aBan(ip: string, since: number, lasts: Span): Ban {
  return {
    jail: "j",
    who: whoOf(ip),
    since,
    lasts,
    count: 1,
    failures: 5,
    matches: ["a line"],
    fields: {},
    restored: false,
  };
}

/** The action as the daemon would be told of it; `files` are put into the configuration. */
export function readSettings(
  folder: string,
  jail: string,
  action: string,
  files: Readonly<Record<string, string>>,
): ActionSettings {
  const etc = join(folder, "etc");
  mkdirSync(join(etc, "filter.d"), { recursive: true });
  cpSync(STOCK_ACTIONS, join(etc, "action.d"), { recursive: true });
  const all = {
    "fail2ban.conf": "[Definition]\n",
    "filter.d/x.conf": "[Definition]\nfailregex = ^x <HOST>$\n",
    "jail.conf": `[${jail}]\nenabled = true\nfilter = x\nbackend = polling\nlogpath = /dev/null\naction = ${action}\n`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(etc, name), text);
  const reading = readPlainly(disk, etc, { version: VERSION, allowNoLogs: true });
  if (reading.fatal !== null || reading.broken.length > 0)
    throw new Error(`${reading.fatal} ${JSON.stringify(reading.issues)}`);
  return settingsFrom(reading.commands.map((command) => command.words));
}

/** The commands `addaction` and `multi-set … action` as settings. */
export function settingsFrom(commands: readonly (readonly Plain[])[]): ActionSettings {
  const found = commands.filter((words) => words[2] === "action");
  const properties = new Map<string, string>();
  for (const words of found) {
    const pairs = Array.isArray(words[4]) ? words[4] : [[words[4], words[5]]];
    for (const [key, value] of pairs)
      properties.set(String(key), value === true ? "1" : value === false ? "" : String(value));
  }
  const name = found[0]?.[3];
  return { name: typeof name === "string" ? name : "", module: null, properties };
}
