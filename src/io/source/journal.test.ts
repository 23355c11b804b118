/** The journal, read through a stand-in for journalctl: a shell script over a file of entries. The real one has its test on the stage. */
import assert from "node:assert/strict";
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Entry, Said } from "../../base/index.ts";
import { encodingOf, parseMatches, type Bookmark } from "../../core/line/index.ts";
import { Journals } from "./journal.ts";
import { journalPlaceOf, placeArguments } from "./journalplace.ts";
import { isAfter } from "./journalreader.ts";
import type { JournalRequest } from "./request.ts";
import { sourceSuite, until, type Bench, type Collected } from "./suite.ts";
import { utc } from "../../base/zone.fake.ts";

const now = (): number => Date.now() / 1000;

/** Knows only what Journals uses, --since and --follow. It never applies matches: that must not matter. */
const STAND_IN = `#!/bin/sh
file=FILE; from=1; follow=
echo "$$ $*" >> FILE.runs
date +%s%N >> FILE.times
[ -e FILE.broken ] && { echo 'it is broken' >&2; exit 3; }
for word; do case $word in
  --follow) follow=1 ;;
esac; done
if [ $follow ]; then exec tail -n +$from -f $file; else exec tail -n +$from $file; fi
`;

interface JournalBench extends Bench {
  readonly file: string;
  readonly said: Said[];
  entry(fields: Readonly<Record<string, unknown>>): void;
  read(asked?: Partial<JournalRequest>): Collected & { readonly entries: Entry[] };
}

function journalBench(): JournalBench {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const file = join(folder, "entries.journal");
  const command = join(folder, "journalctl");
  writeFileSync(file, "");
  writeFileSync(command, STAND_IN.replaceAll("FILE", file));
  chmodSync(command, 0o755);
  const said: Said[] = [];
  const journals = new Journals({ now, zone: utc, say: (words) => said.push(words), command, backoff: 0.02 });
  const encoding = encodingOf("utf-8", "utf-8");
  if (encoding === null) throw new Error("no such encoding");
  let number = 0;
  const entry = (fields: Readonly<Record<string, unknown>>): void => {
    number += 1;
    const micros = Math.floor(Date.now() * 1000);
    const cursor = `s=abc0;i=${number.toString(16)};b=1;m=1;t=${micros.toString(16)};x=1`;
    appendFileSync(file, `${JSON.stringify({ __CURSOR: cursor, __REALTIME_TIMESTAMP: String(micros), ...fields })}\n`);
  };
  const read = (asked: Partial<JournalRequest> = {}): Collected & { readonly entries: Entry[] } => {
    const [entries, texts, live, own]: [Entry[], string[], boolean[], Said[]] = [[], [], [], []];
    const following = journals.follow({
      jail: "sshd",
      place: { folder, files: [], flags: 0, namespace: null },
      matches: [],
      mark: null,
      since: now() - 600,
      encoding,
      deliver: (came, isLive) => {
        for (const one of came) {
          entries.push(one);
          texts.push(one.text);
          live.push(isLive);
        }
      },
      say: (words) => own.push(words),
      ...asked,
    });
    return { following, entries, texts, live, said: own };
  };
  return {
    file,
    said,
    entry,
    read,
    write: (...texts) => texts.forEach((text) => entry({ MESSAGE: text })),
    follow: (mark: Bookmark | null = null) => read({ mark }),
    close: () => {
      journals.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function onJournal(what: string, body: (bench: JournalBench) => Promise<void>): void {
  test(`journal: ${what}`, async () => {
    const bench = journalBench();
    try {
      await body(bench);
    } finally {
      bench.close();
    }
  });
}

const runs = (bench: JournalBench): string[] => readFileSync(`${bench.file}.runs`, "utf8").trim().split("\n");
const matches = (...lines: string[][]): JournalRequest["matches"] => {
  const parsed = parseMatches(lines);
  assert.ok("groups" in parsed);
  return parsed.groups;
};

sourceSuite("journal", journalBench);

onJournal("each jail gets what its own match lets through, from one reader", async (bench) => {
  const sshd = bench.read({ jail: "sshd", matches: matches(["_SYSTEMD_UNIT=ssh.service", "+", "_COMM=sshd"]) });
  const mail = bench.read({
    jail: "mail",
    matches: matches(["CONTAINER_TAG=mailu-front"], ["_SYSTEMD_UNIT=a", "_SYSTEMD_UNIT=b", "PRIORITY=4"]),
  });
  bench.entry({ MESSAGE: "1", _SYSTEMD_UNIT: "ssh.service" });
  bench.entry({ MESSAGE: "2", _COMM: "sshd" });
  bench.entry({ MESSAGE: "3", CONTAINER_TAG: "mailu-front" });
  bench.entry({ MESSAGE: "4", _SYSTEMD_UNIT: "b", PRIORITY: "4" });
  bench.entry({ MESSAGE: "5", _SYSTEMD_UNIT: "b", PRIORITY: "5" });
  bench.entry({ MESSAGE: "6", CONTAINER_TAG: ["x", "mailu-front"], _COMM: "sshd" });
  await until("all came", () => sshd.texts.length === 3 && mail.texts.length === 3);
  assert.deepEqual(
    [sshd.texts, mail.texts],
    [["1", "2", "sshd: 6"].map((text) => (text === "2" ? "sshd: 2" : text)), ["3", "4", "sshd: 6"]],
  );
  const args = runs(bench).at(-1) ?? "";
  assert.match(
    args,
    / -- _SYSTEMD_UNIT=ssh.service \+ _COMM=sshd \+ CONTAINER_TAG=mailu-front \+ _SYSTEMD_UNIT=a _SYSTEMD_UNIT=b PRIORITY=4$/,
  );
});

onJournal("a jail that comes later gets its past, and the others get nothing twice", async (bench) => {
  bench.write("1", "2");
  const first = bench.read();
  await until("the past came", () => first.texts.length === 2);
  bench.write("3");
  await until("the third came", () => first.texts.length === 3);
  const second = bench.read({ jail: "late" });
  await until("the second has it all", () => second.texts.length === 3);
  bench.write("4");
  await until("both go on", () => first.texts.length === 4 && second.texts.length === 4);
  assert.deepEqual(first.texts, ["1", "2", "3", "4"]);
});

onJournal("what is older than what matters is passed over, and a mark of the original is taken up", async (bench) => {
  const at = now();
  const micros = (ago: number): string => String(Math.round((at - ago) * 1e6));
  bench.entry({ MESSAGE: "very old", _SOURCE_REALTIME_TIMESTAMP: micros(700) });
  bench.entry({ MESSAGE: "seen", _SOURCE_REALTIME_TIMESTAMP: micros(300) });
  bench.entry({ MESSAGE: "unseen", _SOURCE_REALTIME_TIMESTAMP: micros(200) });
  const got = bench.read({ since: at - 600 });
  const marked = bench.read({
    jail: "marked",
    since: at - 600,
    mark: { hash: "2026-11-22T00:00:00", offset: Number(micros(300)) / 1e6, proof: null },
  });
  await until("both came", () => got.texts.length === 2 && marked.texts.length === 1);
  assert.deepEqual([got.texts, marked.texts], [["seen", "unseen"], ["unseen"]]);
  assert.deepEqual(got.live, [false, false]);
  await until("it is live", () => got.following.stats().live);
  assert.ok(got.said.some((words) => words.text === "[sshd] Jail is in operation now (process new journal entries)"));
});

onJournal("a dead reader is started again, nothing is lost, and it is said once", async (bench) => {
  const got = bench.read();
  bench.write("1");
  await until("one came", () => got.texts.length === 1);
  await until("it follows", () => runs(bench).some((run) => run.includes("--follow")));
  writeFileSync(`${bench.file}.broken`, "");
  process.kill(Number.parseInt(runs(bench).at(-1) ?? "", 10));
  await until("it was tried again and again", () => runs(bench).length > 5);
  bench.write("2");
  rmSync(`${bench.file}.broken`);
  await until("the second came", () => got.texts.length === 2);
  await until("it was said", () => bench.said.length >= 2);
  assert.deepEqual(got.texts, ["1", "2"]);
  assert.match(
    bench.said[0]?.text ?? "",
    /^The journal's reader ended \(journalctl: SIGTERM\); it is started again, first after 0.02 s$/,
  );
  assert.equal(bench.said[1]?.text, "The journal is being read again");
  const times = readFileSync(`${bench.file}.times`, "utf8").trim().split("\n").map(Number);
  const waits = times.slice(1).map((at, i) => (at - (times[i] ?? 0)) / 1e6);
  // After the past and the one that followed: the first wait, and twice as long each time. A clock may be late, never early.
  for (const [i, wait] of waits.slice(1, 5).entries())
    assert.ok(wait >= 20 * 2 ** i - 5, `waits of ${waits.join(", ")} ms`);
});

onJournal("an entry that nobody can read is left out and said once", async (bench) => {
  const got = bench.read();
  appendFileSync(bench.file, `no json\n{"MESSAGE":"without cursor"}\n${"x".repeat(3_000_000)}\n`);
  bench.write("good");
  await until("the good one came", () => got.texts.length === 1);
  assert.equal(bench.said.length, 1);
  assert.ok(got.following.stats().cut >= 3);
});

test("a machine without journalctl gets one clear message", async () => {
  const said: Said[] = [];
  const journals = new Journals({
    now,
    zone: utc,
    say: (words) => said.push(words),
    command: "/nonexistent/journalctl",
    backoff: 0.01,
  });
  const encoding = encodingOf("utf-8", "utf-8");
  assert.ok(encoding !== null);
  const place = { folder: null, files: [], flags: 0, namespace: null };
  const following = journals.follow({
    jail: "sshd",
    place,
    matches: [],
    mark: null,
    since: null,
    encoding,
    deliver: () => {},
    say: () => {},
  });
  await until("it was said", () => said.length > 0);
  await until("it was tried again", () => following.stats().trouble !== null);
  assert.deepEqual(
    said.map((words) => words.text),
    [
      "The journal cannot be read: /nonexistent/journalctl is not installed. Jails with backend = systemd see nothing until it can",
    ],
  );
  journals.close();
});

test("the options of the systemd backend become arguments of journalctl", () => {
  const table: readonly (readonly [options: Readonly<Record<string, string>>, args: readonly string[]])[] = [
    [{}, ["--merge"]],
    [{ rotated: "true" }, ["--merge", "--system"]],
    [{ journalflags: "1" }, []],
    [{ journalflags: "0" }, ["--merge"]],
    [{ journalflags: "2" }, ["--merge", "--directory=/run/log/journal"]],
    [{ journalflags: "4" }, ["--merge", "--system"]],
    [{ journalflags: "9" }, ["--user"]],
    [{ journalpath: "/j" }, ["--directory=/j", "--merge"]],
    [{ journalpath: "/j", journalflags: "3" }, ["--directory=/j"]],
    [{ namespace: "web" }, ["--merge", "--namespace=web"]],
  ];
  for (const [options, args] of table) {
    const place = journalPlaceOf(new Map(Object.entries(options)));
    assert.ok(!("bad" in place));
    assert.deepEqual(placeArguments(place), args, JSON.stringify(options));
  }
  assert.deepEqual(journalPlaceOf(new Map([["journalflags", "x"]])), { bad: "journalflags must be a number: 'x'" });
  assert.deepEqual(journalPlaceOf(new Map([["colour", "x"]])), {
    bad: "unexpected option 'colour' of the systemd backend",
  });
  assert.equal(placeArguments({ folder: null, files: ["/nonexistent/*.journal"], flags: 0, namespace: null }), null);
});

test("journald's cursors are in order by number within one journal and by time between two", () => {
  assert.equal(isAfter("s=a;i=10;b=1;m=1;t=5;x=1", "s=a;i=f;b=1;m=1;t=9;x=1"), true);
  assert.equal(isAfter("s=a;i=f;b=1;m=1;t=9;x=1", "s=a;i=f;b=1;m=1;t=9;x=1"), false);
  assert.equal(isAfter("s=b;i=1;b=1;m=1;t=a;x=1", "s=a;i=f;b=1;m=1;t=9;x=1"), true);
});
