/** A stand for the suite: a configuration with three jails in a folder of its own, a server on it, and clients that are asked one after the other. */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { runClient } from "../../../src/cli/client.ts";
import type { Io } from "../../../src/cli/io.ts";

export const PROJECT = resolve(import.meta.dirname, "../../..");
/** Debian's package, unpacked. */
export const ORACLE = process.env["FAIL2BAN_ORACLE"] ?? join(PROJECT, ".cache/oracle/tree");
export const PYTHON = "/usr/bin/python3";

/** Why the original cannot be asked here, or false. */
export function missing(): string | false {
  if (!existsSync(join(ORACLE, "usr/bin/fail2ban-server"))) return `Debian's fail2ban is not unpacked at ${ORACLE}`;
  return existsSync(PYTHON) ? false : `there is no ${PYTHON}`;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Client {
  run(args: readonly string[], stdin: string): Promise<Outcome>;
  end(): void;
}

export interface Stand {
  readonly folder: string;
  readonly client: Client;
  end(): Promise<void>;
}

export type Side = "theirs" | "ours";

/** Starts server and client; the folder is a new one below the system's temporary folder. */
export async function openStand(client: Side, server: Side): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "f2b-agree-"));
  writeConfiguration(folder);
  const process = startServer(server, folder);
  const asked = client === "theirs" ? theirClient() : ourClient();
  const end = async (): Promise<void> => {
    asked.end();
    await stop(process);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(asked, folder);
  } catch (error) {
    await end();
    throw error;
  }
  return { folder, client: asked, end };
}

async function ready(client: Client, folder: string): Promise<void> {
  const until = performance.now() + 20_000;
  for (let last = ""; ; await pause(50)) {
    const { code, stdout, stderr } = await client.run(["-c", join(folder, "conf"), "status", "bare"], "");
    if (code === 0 && stdout.includes("Currently banned")) return;
    last = stdout + stderr;
    assert.ok(performance.now() < until, `the server does not answer: ${last}`);
  }
}

function startServer(side: Side, folder: string): ChildProcess {
  const [command, program] =
    side === "theirs"
      ? [PYTHON, join(ORACLE, "usr/bin/fail2ban-server")]
      : [join(PROJECT, "bin/fail2ban-server"), null];
  const args = [...(program === null ? [] : [program]), "-c", join(folder, "conf"), "-xf", "start"];
  const path = join(ORACLE, "usr/lib/python3/dist-packages");
  return spawn(command ?? PYTHON, args, {
    env: { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: "ignore",
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(late);
}

function theirClient(): Client {
  const child = spawn(PYTHON, [join(import.meta.dirname, "theirs.py"), ORACLE], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  return {
    async run(args, stdin) {
      child.stdin.write(`${JSON.stringify({ args, stdin })}\n`);
      const answer = await answers.next();
      assert.ok(answer.done !== true, "their client is gone");
      return JSON.parse(answer.value) as Outcome;
    },
    end: () => void child.kill(),
  };
}

/** Ours, within this process. */
function ourClient(): Client {
  return {
    async run(args, stdin) {
      let stdout = "";
      let stderr = "";
      const lines = stdin.split("\n").slice(0, -1);
      const io: Io = {
        out: (text) => void (stdout += text),
        err: (text) => void (stderr += text),
        terminal: false,
        unicode: true,
        pid: process.pid,
        env: {},
        readLine: (prompt) => {
          stdout += prompt;
          return Promise.resolve(lines.shift() ?? null);
        },
        spawnServer: () => Promise.reject(new Error("the suite starts no servers")),
        serve: () => Promise.reject(new Error("the suite starts no servers")),
      };
      const code = await runClient(args, io);
      return { code, stdout, stderr };
    },
    end: () => {},
  };
}

/** A socket file without a server behind it, as a killed one leaves it. */
export function leaveSocket(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  execFileSync(PYTHON, ["-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path]);
}

const FILES: Readonly<Record<string, string>> = {
  "conf/fail2ban.conf": `[DEFAULT]
loglevel = INFO
logtarget = @/server.log
syslogsocket = auto
socket = @/s.sock
pidfile = @/s.pid
allowipv6 = auto
dbfile = :memory:
dbmaxmatches = 10
dbpurgeage = 1d
[Definition]
`,
  "conf/jail.conf": `[DEFAULT]
enabled = true
backend = polling
bantime = 10m
findtime = 10m
maxretry = 3
maxmatches = %(maxretry)s
usedns = no
ignoreself = false
[sshd]
filter = sshd
logpath = @/auth.log
action = dummy[port="ssh"]
[web]
filter = web
logpath = @/web1.log
          @/web2.log
ignoreip = 127.0.0.1/8 ::1
action = dummy[name=web]
         dummy[name=web2, actname=d2, foo="a b"]
[bare]
filter = bare
`,
  "conf/filter.d/sshd.conf": `[Definition]
failregex = ^Failed from <HOST>$
            ^Bad <F-USER>\\S+</F-USER> <HOST>$
ignoreregex = ^ignored
datepattern = {^LN-BEG}
`,
  "conf/filter.d/web.conf": `[Definition]
prefregex = ^W: <F-CONTENT>.+</F-CONTENT>$
failregex = ^x <HOST>$
ignoreregex =
`,
  "conf/filter.d/bare.conf": `[Definition]
failregex = ^x <HOST>$
`,
  "conf/action.d/dummy.conf": `[Definition]
actionstart = echo "<name> start" >> @/out.txt
actionstop = echo "<name> stop" >> @/out.txt
actioncheck =
actionban = echo "<name> ban <ip>" >> @/out.txt
actionunban = echo "<name> unban <ip>" >> @/out.txt
norestored = 0
[Init]
port = 1
chain = INPUT
`,
  "auth.log": "",
  "web1.log": "",
  "web2.log": "",
};

/** The configuration and empty logs; `@` in the files is the folder. */
export function writeConfiguration(folder: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll("@", folder));
  }
}
