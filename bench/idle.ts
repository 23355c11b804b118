/**
 * How much of a core does a server with 30 jails use when nothing happens? Ours and the original, one after the other, children
 * counted; with journald to be had, five of the jails read a journal.
 *
 *     sh scripts/with-node.sh bench/idle.ts [seconds]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Journald, journaldRefusal } from "../test/stage/journald.ts";
import { cpuOf, memoryOf, ours, pause, startMeasured } from "./server.ts";
import { theirs, type Theirs } from "./theirs.ts";

const JAILS = 30;
const JOURNAL_JAILS = 5;
/** What a start still does afterwards is not what is asked for. */
const SETTLE = 5000;

const seconds = Number(process.argv[2] ?? 60);
const journald = journaldRefusal() === false ? await Journald.start() : null;
const original = theirs();
const programs: readonly (readonly [string, Theirs])[] = [
  ["fail2ban-ts", ours],
  ...("lacks" in original ? [] : [["fail2ban 1.0.2", original] as const]),
];
if ("lacks" in original) console.log(`without the original: ${original.lacks}`);
console.log(
  `${JAILS} jails, ${journald === null ? 0 : JOURNAL_JAILS} of them of the journal, ${seconds} s, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}`,
);
for (const [name, program] of programs) console.log(`${name.padEnd(15)} ${await idle(program)}`);
await journald?.stop();

async function idle(program: Theirs): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-idle-"));
  try {
    const server = await startMeasured(program, folder, configuration(), `jail${JAILS - 1}`);
    await pause(SETTLE);
    const before = cpuOf(server.pid);
    await pause(seconds * 1000);
    const share = ((cpuOf(server.pid) - before) / seconds) * 100;
    const { resident, dirty } = memoryOf(server.pid);
    await server.stop();
    return `${share.toFixed(2)} % of a core, ${resident.toFixed(0)} MB resident, ${dirty.toFixed(0)} MB private and dirty`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(): Readonly<Record<string, string>> {
  const logs = Array.from({ length: JAILS }, (_, i) => [`logs/${i}.log`, ""] as const);
  const jails = Array.from({ length: JAILS }, (_, i) => {
    const isJournal = journald !== null && i < JOURNAL_JAILS;
    const backend = isJournal
      ? `systemd[journalpath=${journald.journal}]\njournalmatch = SYSLOG_IDENTIFIER=idle${i}`
      : "auto";
    return `[jail${i}]\nenabled = true\nfilter = failed\naction = nothing\nlogpath = {folder}/logs/${i}.log\nbackend = ${backend}\n`;
  });
  return {
    ...Object.fromEntries(logs),
    "jail.conf": jails.join(""),
    "filter.d/failed.conf": "[Definition]\nfailregex = Failed from <HOST>$\n",
    "action.d/nothing.conf": "[Definition]\nactionban = true\n",
  };
}
