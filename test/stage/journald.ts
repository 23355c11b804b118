/**
 * A real journald without systemd, for the stage: in a mount namespace of its own, with its own /run and no way to the machine's.
 *
 * Needs root, `unshare`, `nsenter`, `logger --journald`, `journalctl` and systemd-journald; `journaldRefusal` says what is missing.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const JOURNALD = "/lib/systemd/systemd-journald";
const TOOLS = ["unshare", "nsenter", "logger", "journalctl", "mount"];

/** @returns why it cannot be had here, or false. */
export function journaldRefusal(): string | false {
  if (process.getuid?.() !== 0) return "needs root";
  if (!existsSync(JOURNALD)) return `needs ${JOURNALD}`;
  const missing = TOOLS.find((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing !== undefined) return `needs ${missing}`;
  return spawnSync("unshare", ["-m", "true"]).status === 0 ? false : "may not make a mount namespace";
}

/** Volatile, without the kernel's messages, without limits. */
const CONFIGURATION = `[Journal]
Storage=volatile
ReadKMsg=no
Audit=no
RateLimitIntervalSec=0
RateLimitBurst=0
ForwardToSyslog=no
`;

const INSIDE = `set -e
mount --bind "$1/run" /run
exec ${JOURNALD}
`;

export class Journald {
  /** Holds the folder of the machine id, with the journal's files. */
  readonly journal: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  constructor(folder: string, process: ChildProcess) {
    this.#folder = folder;
    this.journal = join(folder, "run/log/journal");
    this.#process = process;
  }

  static async start(): Promise<Journald> {
    const folder = mkdtempSync(join(tmpdir(), "journald-"));
    for (const part of ["log/journal", "systemd/journal", "systemd/system", "systemd/journald.conf.d"])
      mkdirSync(join(folder, "run", part), { recursive: true });
    writeFileSync(join(folder, "run/systemd/journald.conf.d/stage.conf"), CONFIGURATION);
    const child = spawn("unshare", ["-m", "--propagation", "private", "sh", "-c", INSIDE, "sh", folder], {
      stdio: "ignore",
    });
    const journald = new Journald(folder, child);
    const socket = join(folder, "run/systemd/journal/socket");
    const end = performance.now() + 10_000;
    while (!existsSync(socket)) {
      if (performance.now() > end || child.exitCode !== null) throw new Error("journald did not start");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return journald;
  }

  /** Sends entries by the native protocol; each is a list of `FIELD=value`, values without line feeds. */
  send(...entries: readonly (readonly string[])[]): void {
    for (const fields of entries) this.#inside("logger", ["--journald"], `${fields.join("\n")}\n`);
  }

  /** One line as a program would log it, with identifier. */
  log(identifier: string, text: string): void {
    this.send([`SYSLOG_IDENTIFIER=${identifier}`, `MESSAGE=${text}`]);
  }

  /** As `journalctl --rotate` asks for it. */
  rotate(): void {
    this.#process.kill("SIGUSR2");
  }

  /** Throws the archived files away. */
  vacuum(): void {
    spawnSync("journalctl", [`--directory=${this.journal}`, "--vacuum-files=1"]);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inside(command: string, args: readonly string[], input: string): void {
    const { status, stderr } = spawnSync("nsenter", ["-t", String(this.#process.pid), "-m", "--", command, ...args], {
      input,
    });
    if (status !== 0) throw new Error(`${command}: ${stderr.toString()}`);
  }
}
