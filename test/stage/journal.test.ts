/** The journal's source with a real journald and a real journalctl. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Entry, Said } from "../../src/base/index.ts";
import { encodingOf, parseMatches, type Bookmark } from "../../src/core/line/index.ts";
import { Journals } from "../../src/io/source/index.ts";
import type { JournalRequest } from "../../src/io/source/index.ts";
import { sourceSuite, until, type Bench, type Collected } from "../../src/io/source/suite.ts";
import { Journald, journaldRefusal } from "./journald.ts";
import { utc } from "../../src/base/zone.fake.ts";

const skip = journaldRefusal();
const held: { journald?: Journald } = {};
const journald = (): Journald => {
  assert.ok(held.journald);
  return held.journald;
};

before(async () => {
  if (skip === false) held.journald = await Journald.start();
});
after(async () => {
  await held.journald?.stop();
});

const now = (): number => Date.now() / 1000;

interface RealBench extends Bench {
  readonly tag: string;
  readonly said: Said[];
  read(asked?: Partial<JournalRequest>): Collected & { readonly entries: Entry[] };
}

let tags = 0;

function realBench(): RealBench {
  tags += 1;
  const tag = `bench-${tags}`;
  const said: Said[] = [];
  const journals = new Journals({ now, zone: utc, say: (words) => said.push(words), backoff: 0.1, filesEvery: 0.2 });
  const encoding = encodingOf("utf-8", "utf-8");
  assert.ok(encoding !== null);
  const parsed = parseMatches([[`CONTAINER_TAG=${tag}`]]);
  assert.ok("groups" in parsed);
  const read = (asked: Partial<JournalRequest> = {}): Collected & { readonly entries: Entry[] } => {
    const [entries, texts, live, own]: [Entry[], string[], boolean[], Said[]] = [[], [], [], []];
    const following = journals.follow({
      jail: "mailu",
      place: { folder: journald().journal, files: [], flags: 0, namespace: null },
      matches: parsed.groups,
      mark: null,
      since: now() - 600,
      encoding,
      deliver: (came, isLive) => {
        for (const entry of came) {
          entries.push(entry);
          texts.push(entry.text.replace(/^\S+ /, "").replace(/^logger\S* /, ""));
          live.push(isLive);
        }
      },
      say: (words) => own.push(words),
      ...asked,
    });
    return { following, entries, texts, live, said: own };
  };
  return {
    tag,
    said,
    read,
    write: (...texts) => journald().send(...texts.map((text) => [`CONTAINER_TAG=${tag}`, `MESSAGE=${text}`])),
    follow: (mark: Bookmark | null = null) => read({ mark }),
    close: () => journals.close(),
  };
}

const unneeded = {
  "gives each appended line once and in order":
    "three hundred runs of logger take too long; the torture of files does it",
};
sourceSuite("journald", realBench, skip === false ? unneeded : skip);

function onJournald(what: string, body: (bench: RealBench) => Promise<void>): void {
  test(`journald: ${what}`, { skip }, async () => {
    const bench = realBench();
    try {
      await body(bench);
    } finally {
      bench.close();
    }
  });
}

onJournald("an entry is rendered with host, identifier and its time", async (bench) => {
  const got = bench.read();
  const sent = now();
  journald().send([
    `CONTAINER_TAG=${bench.tag}`,
    "SYSLOG_IDENTIFIER=front",
    "SYSLOG_PID=77",
    "MESSAGE=login failed \u001b[1m from 192.0.2.1",
  ]);
  await until("it came", () => got.entries.length === 1);
  const [entry] = got.entries;
  assert.match(entry?.text ?? "", /^\S+ front\[77\]: login failed \x1b\[1m from 192\.0\.2\.1$/);
  assert.ok(Math.abs((entry?.at ?? 0) - sent) < 5);
  assert.match(entry?.stamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} $/);
});

/** Every journalctl of this process that follows. */
function readers(): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(process.pid), "-f", "^journalctl .*--follow"], {
    encoding: "utf8",
  });
  return (stdout.match(/\d+/g) ?? []).map(Number);
}

/** What is written afterwards goes into the new file. */
async function rotate(): Promise<void> {
  const files = (): number => readdirSync(join(journald().journal, readdirSync(journald().journal)[0] ?? "")).length;
  const had = files();
  journald().rotate();
  await until("it was rotated", () => files() > had);
}

onJournald("a rotated journal goes on, and nothing comes twice", async (bench) => {
  const got = bench.read();
  bench.write("before");
  await until("the first came", () => got.texts.length === 1);
  await rotate();
  bench.write("after");
  await until("the second came", () => got.texts.length === 2);
  assert.deepEqual(got.texts, ["before", "after"]);
});

onJournald("a bookmark that was vacuumed away does not stop reading", async (bench) => {
  bench.write("old");
  const first = bench.read();
  await until("the old came", () => first.texts.length === 1);
  const mark = first.following.mark();
  first.following.stop();
  journald().rotate();
  bench.write("new");
  journald().vacuum();
  const second = bench.read({ mark });
  await until("the new came", () => second.texts.length === 1);
  assert.deepEqual(second.texts, ["new"]);
});

onJournald("files given by a glob are followed through a rotation", async (bench) => {
  const files = [join(journald().journal, "*/system.journal")];
  const got = bench.read({ place: { folder: null, files, flags: 0, namespace: null } });
  bench.write("before");
  await until("the first came", () => got.texts.length === 1);
  await rotate();
  bench.write("after");
  await until("the second came", () => got.texts.length === 2);
  assert.deepEqual(got.texts, ["before", "after"]);
});

onJournald(
  "a journalctl that somebody ended is started again, and what came meanwhile is read, once",
  async (bench) => {
    const got = bench.read();
    bench.write("before");
    await until("the first came", () => got.texts.length === 1);
    await until("it follows", () => readers().length === 1);
    for (const pid of readers()) process.kill(pid, "SIGKILL");
    bench.write("meanwhile");
    await until("it was noticed", () => bench.said.length > 0);
    await until("the second came", () => got.texts.length === 2);
    bench.write("after");
    await until("the third came", () => got.texts.length === 3);
    assert.deepEqual(got.texts, ["before", "meanwhile", "after"]);
    assert.match(bench.said[0]?.text ?? "", /^The journal's reader ended \(journalctl: SIGKILL\); it is started again/);
  },
);

onJournald("an entry is there soon after journald tells of it", async (bench) => {
  const got = bench.read();
  await until("it is live", () => got.following.stats().live);
  bench.write("warm");
  await until("it follows", () => got.texts.length === 1);
  const start = performance.now();
  bench.write("x");
  await until("it came", () => got.texts.length === 2);
  // journald itself waits 250 ms before it tells anybody.
  assert.ok(performance.now() - start < 2000);
});

test("journald: a folder without a journal is said once and read as soon as there is one", { skip }, async () => {
  const bench = realBench();
  const got = bench.read({ place: { folder: "/nonexistent/journal", files: [], flags: 0, namespace: null } });
  await until("it was said", () => bench.said.length > 0);
  await until("it is known", () => got.following.stats().trouble !== null);
  assert.equal(bench.said.length, 1);
  assert.match(bench.said[0]?.text ?? "", /^The journal('s reader ended|cannot be read)|no such|No such/i);
  bench.close();
});
