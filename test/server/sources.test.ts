/** Where the lines of a server's jails come from: files that appear later, containers, many jails and floods (docs/DIFFERENCES.md, Logs). */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { oracleEnvironment, oracleProgram } from "../oracle.ts";
import { without } from "../skips.ts";
import { aConfiguration, ask, ends, isReady, startServer, until, type Run } from "./program.ts";

const jail = (name: string, logpath: string, more = ""): string =>
  `[${name}]\nenabled = true\nfilter = good\nlogpath = {folder}/${logpath}\naction = nothing\nmaxretry = 1\n${more}`;

const FILTER = "[Definition]\nfailregex = ^\\s*Failed from <HOST>$\n";

/** A server with these jails and files, that has said it is ready. */
async function aServer(t: TestContext, jails: string, files: Readonly<Record<string, string>> = {}) {
  const own = {
    "jail.conf": "[DEFAULT]\nbackend = auto\nignoreself = false\n",
    "jail.local": jails,
    "filter.d/good.conf": FILTER,
  };
  const folder = aConfiguration(t, { ...own, ...files });
  const run = startServer(t, folder);
  await isReady(run);
  return { folder, run };
}

async function stops(run: Run): Promise<void> {
  run.child.kill("SIGTERM");
  assert.equal((await ends(run)).status, 0, run.said());
}

const stamp = (): string => new Date().toISOString().slice(0, 19);
const failed = (who: string): string => `${stamp()}Z Failed from ${who}\n`;
const bans = (run: Run, name: string, who: string) => until(() => run.said().includes(`[${name}] Ban ${who}\n`));

type Sources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function sourcesOf(folder: string, name: string): Promise<Sources> {
  const answer = JSON.parse((await ask(folder, "--json", "status", name, "sources")).out) as { value: Sources };
  return answer.value;
}

test("a file that matches logpath later is read from its first line, and goes on being read after a set and a reload", async (t) => {
  const { folder, run } = await aServer(t, jail("web", "sites/*/access.log"), { "sites/a/access.log": "" });
  mkdirSync(join(folder, "sites/b"));
  writeFileSync(join(folder, "sites/b/access.log"), failed("192.0.2.1"));
  await bans(run, "web", "192.0.2.1");
  assert.match((await ask(folder, "status", "web")).out, /File list:\t\S*\/a\/access\.log \S*\/b\/access\.log\n/);

  await ask(folder, "set", "web", "findtime", "1h");
  appendFileSync(join(folder, "sites/b/access.log"), failed("192.0.2.2"));
  await bans(run, "web", "192.0.2.2");

  assert.equal((await ask(folder, "reload")).out, "OK\n");
  mkdirSync(join(folder, "sites/c"));
  writeFileSync(join(folder, "sites/c/access.log"), failed("192.0.2.3"));
  await bans(run, "web", "192.0.2.3");

  assert.match((await ask(folder, "get", "web", "logglob")).out, /sites\/\*\/access\.log\n$/);
  await ask(folder, "set", "web", "dellogglob", `${folder}/sites/*/access.log`);
  assert.equal((await ask(folder, "get", "web", "logglob")).out, "No pattern is set\n");
  await stops(run);
});

test("a server that a client starts is told of the patterns too; -d shows what the original's shows", async (t) => {
  const folder = aConfiguration(t, {
    "fail2ban.local": "[Definition]\nlogtarget = {folder}/f2b.log\n",
    "jail.conf": "[DEFAULT]\nbackend = polling\n",
    "jail.local": jail("web", "*.log", "logformat = plain\n"),
    "a.log": "",
    "filter.d/good.conf": FILTER,
  });
  assert.doesNotMatch((await ask(folder, "-d")).out, /logglob|logformat|\*\.log/);
  assert.equal((await ask(folder, "start")).out, "Server ready\n");
  try {
    writeFileSync(join(folder, "b.log"), failed("192.0.2.1"));
    await until(() => readFileSync(join(folder, "f2b.log"), "utf8").includes("[web] Ban 192.0.2.1\n"));
  } finally {
    assert.equal((await ask(folder, "stop")).status, 0);
  }
});

const record = (log: string): string =>
  `${JSON.stringify({ log, stream: "stderr", time: new Date().toISOString() })}\n`;

test("a container's json-file log is read as what the container printed, at the time when it did", async (t) => {
  const { folder, run } = await aServer(t, jail("box", "containers/*/*-json.log", "logformat = json-file\n"), {
    "containers/1/1-json.log": "",
  });
  // The container's own clock is hours off, as in another zone: what Docker says counts.
  appendFileSync(join(folder, "containers/1/1-json.log"), record("2020-01-01 00:00:00 Failed from 192.0.2.1\n"));
  await bans(run, "box", "192.0.2.1");
  mkdirSync(join(folder, "containers/2"));
  writeFileSync(join(folder, "containers/2/2-json.log"), record("Failed fr") + record("om 192.0.2.2\n"));
  await bans(run, "box", "192.0.2.2");
  assert.doesNotMatch(run.said(), /timezone problem|json-file/);

  appendFileSync(join(folder, "containers/1/1-json.log"), failed("192.0.2.3") + failed("192.0.2.4"));
  appendFileSync(join(folder, "containers/1/1-json.log"), record(failed("192.0.2.5")));
  await bans(run, "box", "192.0.2.5");
  assert.equal(run.said().split("but holds something else").length, 2);
  assert.doesNotMatch(run.said(), /Ban 192\.0\.2\.[34]\n/);
  await stops(run);
});

test("how reading goes is shown for each source, and why one cannot be read", async (t) => {
  const { folder, run } = await aServer(t, jail("good", "log") + jail("web", "other"), { other: "" });
  appendFileSync(join(folder, "log"), failed("192.0.2.1") + "x".repeat(70_000) + "\n");
  await bans(run, "good", "192.0.2.1");
  await until(async () => (await sourcesOf(folder, "good"))[join(folder, "log")]?.["lines"] === 2);
  const state = (await sourcesOf(folder, "good"))[join(folder, "log")] ?? {};
  assert.ok(Math.abs(Number(state["last_line"]) - Date.now() / 1000) < 20);
  assert.deepEqual(
    { ...state, last_line: 0 },
    {
      ...{
        read_by: "pyinotify",
        lines: 2,
        bytes: failed("192.0.2.1").length + 65_536,
        lines_cut: 1,
        bytes_behind: 0,
        seconds_behind: 0,
      },
      ...{ last_line: 0, caught_up: true, trouble: null },
    },
  );
  assert.match((await ask(folder, "status", "--all", "sources")).out, /Jail: web\n.*\/other\n/);

  rmSync(join(folder, "other"));
  mkdirSync(join(folder, "other"));
  await until(async () => (await sourcesOf(folder, "web"))[join(folder, "other")]?.["trouble"] === "it is a directory");
  assert.equal(run.said().split("Unable to open").length, 2);
  await stops(run);
});

test("an idle jail reads nothing and shows how far behind it is; then it reads what was rotated away meanwhile, too", async (t) => {
  const { folder, run } = await aServer(t, jail("good", "log"));
  const log = join(folder, "log");
  appendFileSync(log, failed("192.0.2.1"));
  await bans(run, "good", "192.0.2.1");
  await ask(folder, "set", "good", "idle", "on");
  const missed = failed("192.0.2.2");
  appendFileSync(log, missed);
  await until(async () => (await sourcesOf(folder, "good"))[log]?.["bytes_behind"] === missed.length);
  renameSync(log, `${log}.1`);
  writeFileSync(log, failed("192.0.2.3"));
  await until(async () => Number((await sourcesOf(folder, "good"))[log]?.["bytes_behind"]) > missed.length);
  assert.doesNotMatch(run.said(), /192\.0\.2\.[23]/);
  await ask(folder, "set", "good", "idle", "off");
  await bans(run, "good", "192.0.2.2");
  await bans(run, "good", "192.0.2.3");
  await stops(run);
});

test("the original's client prints the sources as a status", { skip: without("oracle") }, async (t) => {
  const { folder, run } = await aServer(t, jail("good", "log"));
  const [python, client] = oracleProgram("client");
  const printed = execFileSync(python, [client, "-c", folder, "status", "good", "sources"], {
    env: { ...process.env, ...oracleEnvironment },
    encoding: "utf8",
  });
  assert.match(printed, /^Status for the jail: good\n`- \S*\/log\n {3}\|- Read by:\tpyinotify\n {3}\|- Lines:\t0\n/);
  await stops(run);
});

test("a flooded log does not keep another jail waiting", async (t) => {
  const { folder, run } = await aServer(t, jail("flood", "flood") + jail("quiet", "quiet"), { flood: "", quiet: "" });
  const many = Array.from(
    { length: 200_000 },
    (_, i) => `${stamp()}Z Accepted nobody number ${i} from 198.51.100.1`,
  ).join("\n");
  appendFileSync(join(folder, "flood"), `${many}\n${many}\n${failed("192.0.2.1")}`);
  appendFileSync(join(folder, "quiet"), failed("192.0.2.2"));
  await bans(run, "flood", "192.0.2.1");
  await bans(run, "quiet", "192.0.2.2");
  assert.ok(run.said().indexOf("[quiet] Ban") < run.said().indexOf("[flood] Ban"), "the flood came first");
  await stops(run);
});

test("a log that many jails watch is opened and read once", async (t) => {
  const names = Array.from({ length: 8 }, (_, i) => `jail${i}`);
  const { folder, run } = await aServer(t, names.map((name) => jail(name, "log")).join(""));
  const pid = Number(readFileSync(join(folder, "p"), "utf8"));
  const readBytes = (): number => Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
  const before = readBytes();
  const many = `${"Accepted somebody from 198.51.100.1\n".repeat(200_000)}${failed("192.0.2.1")}`;
  appendFileSync(join(folder, "log"), many);
  for (const name of names) await bans(run, name, "192.0.2.1");
  assert.ok(readBytes() - before < many.length * 1.5, `${readBytes() - before} bytes were read of ${many.length}`);
  const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => linkOf(pid, fd) === join(folder, "log"));
  assert.equal(open.length, 1);
  await stops(run);
});

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return "";
  }
}
