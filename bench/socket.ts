/**
 * How soon a server answers that is reading a log of a million lines: a thousand requests on fifty connections, ours and the original
 * one after the other.
 *
 *     sh scripts/with-node.sh bench/socket.ts [lines]
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { askMany } from "../test/server/asking.ts";
import { install } from "./installed.ts";
import { printRows, type Figure, type Row } from "./row.ts";
import { quantile, startMeasured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const CONNECTIONS = 50;
const EACH = 20;
const QUESTIONS = [["ping"], ["status"], ["status", "busy"], ["get", "busy", "maxretry"], ["get", "busy", "banned"]];

const JAIL = {
  "jail.conf":
    "[busy]\nenabled = true\nbackend = auto\nfilter = failed\naction = nothing\nlogpath = {folder}/read\nmaxretry = 1\nignoreself = false\n",
  "filter.d/failed.conf": "[Definition]\nfailregex = ^\\s*Failed from <HOST>$\n",
  "action.d/nothing.conf": "[Definition]\nactionban = true\n",
  read: "",
};

interface Answers {
  readonly p50: number;
  readonly p99: number;
  readonly unanswered: readonly string[];
  /** The last line had not been read when the last answer came. */
  readonly busyToTheEnd: boolean;
}

/** @param lines of the log */
export async function benchSocket(lines: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-socket-"));
  try {
    const { server } = await install(folder);
    const log = join(folder, "log");
    write(log, lines);
    const ours = await measure({ command: [server], environment: {} }, join(folder, "ours"), log);
    const original = theirs();
    const other = "lacks" in original ? null : await measure(original, join(folder, "theirs"), log);
    const note = `${CONNECTIONS * EACH} requests on ${CONNECTIONS} connections, ${lines} lines, load ${(loadavg()[0] ?? 0).toFixed(1)}; ${told("ours", ours)}${other === null ? "" : `; ${told("the original", other)}`}`;
    const row = (name: "p50" | "p99"): Row => ({
      question: `an answer while a log is read, ${name}`,
      ours: inMilliseconds(ours[name]),
      original: other === null ? null : inMilliseconds(other[name]),
      note,
    });
    return [row("p50"), row("p99")];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(program: Theirs, place: string, log: string): Promise<Answers> {
  mkdirSync(place);
  const running = await startMeasured(program, place, JAIL, "busy");
  try {
    // By another process: this one is busy with asking.
    const writer = spawn("sh", ["-c", 'cat "$0" >> "$1"', log, join(place, "read")], { stdio: "inherit" });
    const written = new Promise((resolve) => writer.once("close", resolve));
    const { took, unanswered } = await askMany(join(place, "s"), CONNECTIONS, EACH, QUESTIONS, true);
    const busyToTheEnd = !running.log().includes("[busy] Found 192.0.2.1");
    await written;
    return { p50: quantile(took, 0.5), p99: quantile(took, 0.99), unanswered, busyToTheEnd };
  } finally {
    await running.stop();
  }
}

/** A log of everyday lines, and one failure at its end. */
function write(path: string, lines: number): void {
  const file = openSync(path, "a");
  const stamp = new Date().toISOString().slice(0, 19);
  const block = 10_000;
  for (let at = 0; at < lines; at += block) {
    const some = Array.from(
      { length: Math.min(block, lines - at) },
      (_, i) => `${stamp}Z Accepted nobody number ${at + i} from 198.51.100.1\n`,
    );
    writeSync(file, some.join(""));
  }
  writeSync(file, `${stamp}Z Failed from 192.0.2.1\n`);
  closeSync(file);
}

function told(who: string, { unanswered, busyToTheEnd }: Answers): string {
  const all = unanswered.length === 0 ? "all answered" : `${unanswered.length} not answered (${unanswered[0]})`;
  return `${who}: ${all}${busyToTheEnd ? ", reading went on to the last answer" : ""}`;
}

function inMilliseconds(value: number): Figure {
  return { value, unit: "ms" };
}

if (import.meta.main) printRows(await benchSocket(Number(process.argv[2] ?? 1_000_000)));
