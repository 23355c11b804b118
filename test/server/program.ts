/** The programs as a user starts them, on a small configuration of their own: for tests of the server as a whole. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext } from "node:test";

const SERVER = join(import.meta.dirname, "../../bin/fail2ban-server");
const CLIENT = join(import.meta.dirname, "../../bin/fail2ban-client");
const DEADLINE = 20_000;

/** A folder with a small configuration; further files by their path. */
export function aConfiguration(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-bad-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const all = {
    "fail2ban.conf": `[Definition]\nsocket = ${folder}/s\npidfile = ${folder}/p\ndbfile = ${folder}/d.sqlite3\nlogtarget = STDOUT\n`,
    "jail.conf": `[DEFAULT]\nbackend = polling\n[good]\nenabled = true\nfilter = good\nlogpath = ${folder}/log\naction = nothing\n`,
    "filter.d/good.conf": "[Definition]\nfailregex = ^Failed from <HOST>$\n",
    "action.d/nothing.conf": "[Definition]\nactionban = true\n",
    log: "",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll("{folder}", folder));
  }
  return folder;
}

export interface Run {
  readonly child: ChildProcess;
  readonly said: () => string;
}

export function startServer(t: TestContext, folder: string, ...options: readonly string[]): Run {
  return startServerIn(t, {}, folder, ...options);
}

/** The same with more in its environment, and by another command where `by` gives the words before the server's. */
export function startServerIn(
  t: TestContext,
  { environment = {}, by = [] }: { environment?: Readonly<Record<string, string>>; by?: readonly string[] },
  folder: string,
  ...options: readonly string[]
): Run {
  const [command, ...words] = [...by, SERVER, "-f", "-c", folder, ...options, "start"];
  const child = spawn(command, words, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  t.after(() => child.kill("SIGKILL"));
  return { child, said: () => said };
}

/** Waits for the end. @returns exit status and everything said. */
export async function ends({ child, said }: Run): Promise<{ status: number | null; said: string }> {
  if (child.exitCode === null) await once(child, "close", { signal: AbortSignal.timeout(DEADLINE) });
  return { status: child.exitCode, said: said() };
}

export async function isReady({ said, child }: Run): Promise<void> {
  await until(() => {
    assert.ok(child.exitCode === null, said());
    return said().includes("Server ready");
  });
}

/** Runs the client. @returns what it printed, and its exit status. */
export async function ask(
  folder: string,
  ...words: readonly string[]
): Promise<{ out: string; err: string; status: number | null }> {
  const child = spawn(CLIENT, ["-c", folder, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  await once(child, "close", { signal: AbortSignal.timeout(DEADLINE) });
  return { out, err, status: child.exitCode };
}

/** Waits for a condition. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + DEADLINE; ;) {
    if (await condition()) return;
    assert.ok(Date.now() < end, `waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
