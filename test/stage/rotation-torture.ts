/**
 * Rotation torture: is every line of a log read exactly once, whatever is done to the log and to the server?
 *
 *   node rotation-torture.ts [--rounds 100] [--seed <number>] [--mode pyinotify|polling] [--steps 8]
 *
 * Two writers append numbered lines. Meanwhile the log is renamed, copied and truncated, its old parts are compressed and shifted, and
 * the server is killed (SIGKILL) and started again from its bookmark, or reads nothing for a while as an idle jail, all in an order
 * that the seed determines. Prints the seed; a
 * failing round is repeated with `--seed <it> --rounds 1`.
 *
 * What cannot be had, and is therefore not done here:
 * - lines written between copy and truncate are nowhere: the writers hold still meanwhile;
 * - lines that a writer puts into a renamed log after its successor was begun are read from the old file as long as the server lives; if
 *   it is killed before it read them its bookmark is in the successor: between the renaming and the last writer's reopening it is not killed;
 * - what was delivered after the last bookmark was stored is delivered again: here both are one write.
 */
import { spawn, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { randomFrom } from "./rotation-random.ts";

export interface Outcome {
  readonly seed: number;
  readonly lines: number;
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  readonly story: readonly string[];
}

const WRITERS = 2;
/** Rotated parts that are kept; of more, the server looks at the youngest twenty only. */
const KEPT = 20;
const DEADLINE = 10_000;

/** A child that answers each word with one line. */
class Talker {
  readonly child: ChildProcess;
  #waiting: ((line: string) => void)[] = [];

  constructor(script: string, args: readonly string[]) {
    this.child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, script), ...args],
      { stdio: ["pipe", "pipe", process.env["TORTURE_LOUD"] ? "inherit" : "ignore"] },
    );
    if (this.child.stdout !== null)
      createInterface({ input: this.child.stdout }).on("line", (line) => this.#waiting.shift()?.(line));
  }

  answer(): Promise<string> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  tell(word: string): Promise<string> {
    this.child.stdin?.write(`${word}\n`);
    return this.answer();
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await closed;
  }
}

/** One log, its writers and its server, for one round. */
class Round {
  readonly folder = mkdtempSync(join(tmpdir(), "torture-"));
  readonly path = join(this.folder, "app.log");
  readonly record = join(this.folder, "record");
  readonly story: string[] = [];
  readonly #mode: string;
  readonly #writers: Talker[];
  #server: Talker | null = null;
  #isPaused = false;

  constructor(seed: number, mode: string) {
    this.#mode = mode;
    this.#writers = Array.from(
      { length: WRITERS },
      (_, i) => new Talker("rotation-writer.ts", [`w${i}`, this.path, String(seed + i)]),
    );
  }

  async all(word: string): Promise<number[]> {
    const answers = await Promise.all(this.#writers.map((writer) => writer.tell(word)));
    return answers.map((answer) => Number(answer.split(" ")[1]));
  }

  async start(): Promise<void> {
    if (this.#server !== null) return;
    this.#server = new Talker("rotation-follower.ts", [this.path, this.record, this.#mode]);
    await this.#server.answer();
    this.story.push("start");
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
    this.#server = null;
    this.#isPaused = false;
    this.story.push("kill");
  }

  /** As `set JAIL idle on`. */
  async pause(): Promise<void> {
    if (this.#server === null || this.#isPaused) return;
    await this.#server.tell("pause");
    this.#isPaused = true;
    this.story.push("pause");
  }

  async resume(): Promise<void> {
    if (!this.#isPaused) return;
    await this.#server?.tell("resume");
    this.#isPaused = false;
    this.story.push("resume");
  }

  /** app.log.1 → .2, app.log.1.gz → .2.gz, … */
  shift(): void {
    for (let i = KEPT - 1; i >= 1; i -= 1)
      for (const end of ["", ".gz"])
        if (existsSync(`${this.path}.${i}${end}`)) renameSync(`${this.path}.${i}${end}`, `${this.path}.${i + 1}${end}`);
  }

  async rename(): Promise<void> {
    this.shift();
    renameSync(this.path, `${this.path}.1`);
    for (const writer of this.#writers) {
      await pause(20);
      await writer.tell("reopen");
    }
    // The living server reads what the last writer put into the old file.
    if (this.#server !== null && !this.#isPaused) await this.caughtUp();
    this.story.push("rename");
  }

  async copyTruncate(): Promise<void> {
    await this.all("hold");
    this.shift();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
    await this.all("go");
    this.story.push("copytruncate");
  }

  /** As gzip does: the time of the old file stays. */
  compress(): void {
    const old = `${this.path}.1`;
    if (!existsSync(old)) return;
    const { atime, mtime } = statSync(old);
    writeFileSync(`${old}.gz`, gzipSync(readFileSync(old)));
    utimesSync(`${old}.gz`, atime, mtime);
    unlinkSync(old);
    this.story.push("compress");
  }

  /** Waits until all that was written up to now is read, from whichever file. */
  async caughtUp(): Promise<void> {
    const wanted = numbered(await this.all("count"));
    await waitUntil(() => {
      const read = new Set(this.read());
      return wanted.every((text) => read.has(text));
    });
  }

  read(): string[] {
    if (!existsSync(this.record)) return [];
    // What stands behind the last line feed is being written.
    const records = readFileSync(this.record, "utf8").split("\n").slice(0, -1);
    return records.flatMap((line) => (JSON.parse(line) as { texts: string[] }).texts);
  }

  async end(): Promise<void> {
    for (const talker of [...this.#writers, this.#server]) await talker?.kill();
    rmSync(this.folder, { recursive: true });
  }
}

export async function tortureRound(seed: number, mode: string, steps: number): Promise<Outcome> {
  const random = randomFrom(seed);
  const round = new Round(seed, mode);
  try {
    await round.all("go");
    await round.start();
    for (let step = 0; step < steps; step += 1) {
      await pause(random() * 60);
      await oneStep(round, random());
    }
    const written = await round.all("hold");
    await round.start();
    await round.resume();
    const wanted = numbered(written);
    await waitUntil(() => round.read().length >= wanted.length);
    await pause(100);
    return judge(seed, wanted, round.read(), round.story);
  } finally {
    await round.end();
  }
}

/** The lines that the writers have written, by how many each has. */
function numbered(written: readonly number[]): string[] {
  return written.flatMap((lines, i) => Array.from({ length: lines }, (_, number) => `w${i} ${number}`));
}

async function oneStep(round: Round, dice: number): Promise<void> {
  if (dice < 0.25) await round.rename();
  else if (dice < 0.5) await round.copyTruncate();
  else if (dice < 0.65) round.compress();
  else if (dice < 0.75) await round.kill();
  else if (dice < 0.85) await round.start();
  else if (dice < 0.95) await round.pause();
  else await round.resume();
}

function judge(seed: number, wanted: readonly string[], got: readonly string[], story: readonly string[]): Outcome {
  const seen = new Map<string, number>();
  for (const text of got) seen.set(text, (seen.get(text) ?? 0) + 1);
  const missing = wanted.filter((text) => !seen.has(text));
  const twice = [...seen].filter(([, times]) => times > 1).map(([text]) => text);
  return { seed, lines: wanted.length, missing, twice, story };
}

async function waitUntil(holds: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE;
  while (!holds() && performance.now() < end) await pause(20);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "100" },
      seed: { type: "string" },
      mode: { type: "string" },
      steps: { type: "string", default: "8" },
    },
  });
  const first = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  console.log(`seed ${first}`);
  let lines = 0;
  let bad = 0;
  for (let i = 0; i < Number(values.rounds); i += 1) {
    const mode = values.mode ?? ((first + i) % 2 === 0 ? "pyinotify" : "polling");
    const outcome = await tortureRound(first + i, mode, Number(values.steps));
    lines += outcome.lines;
    if (outcome.missing.length + outcome.twice.length === 0) continue;
    bad += 1;
    console.log(
      `round ${i} --seed ${outcome.seed} --mode ${mode}: ${outcome.missing.length} missing (${outcome.missing.slice(0, 5).join(", ")}), ${outcome.twice.length} twice (${outcome.twice.slice(0, 5).join(", ")}) after ${outcome.story.join(" ")}`,
    );
  }
  console.log(`${values.rounds} rounds, ${lines} lines, ${bad} rounds with lost or doubled lines`);
  process.exitCode = bad === 0 ? 0 : 1;
}

if (import.meta.main) await main();
