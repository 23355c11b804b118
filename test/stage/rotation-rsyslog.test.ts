/** A real rsyslogd writes, a real logrotate rotates, by all its ways: every line is read exactly once. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { followFile, openFollower } from "../../src/io/source/bench.ts";
import { until } from "../../src/io/source/suite.ts";

const root = join(import.meta.dirname, "../..");
const unpacked = join(root, ".cache/stage");

const has = (tool: string): boolean => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;

/** Where Debian's packages put their libraries; one of these exists. */
const libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((machine) => join(unpacked, "libpopt0/usr/lib", machine))
  .join(":");
const env = { ...process.env, LD_LIBRARY_PATH: libraries };

/** The machine's logrotate, or Debian's unpacked into the cache. */
function findLogrotate(): string | null {
  if (has("logrotate")) return "logrotate";
  for (const name of ["logrotate", "libpopt0"]) {
    if (!existsSync(join(unpacked, name)))
      spawnSync("sh", [join(root, "scripts/fetch-deb.sh"), name, join(unpacked, name)]);
  }
  const binary = join(unpacked, "logrotate/usr/sbin/logrotate");
  return spawnSync(binary, ["--version"], { env }).status === 0 ? binary : null;
}

const missing = ["rsyslogd", "logger", "gzip"].find((tool) => !has(tool));
const logrotate = missing === undefined && process.getuid?.() === 0 ? findLogrotate() : null;
const skip =
  process.getuid?.() !== 0
    ? "needs root"
    : missing !== undefined
      ? `needs ${missing}`
      : logrotate === null
        ? "needs logrotate"
        : false;

const WAYS: Readonly<Record<string, string>> = {
  "renamed and created": "create",
  "renamed, not created": "nocreate",
  "compressed at once": "create\ncompress",
  "compressed a round later": "create\ncompress\ndelaycompress",
  "named by date": "create\ndateext\ndateformat -%Y%m%d-%H%M%S",
  "copied and truncated": "copytruncate",
};

for (const [way, directives] of Object.entries(WAYS))
  // tidy: one story from beginning to end
  test(`what rsyslog writes is read once when logrotate has it ${way}`, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rsyslog-"));
    chmodSync(folder, 0o755);
    const at = (name: string): string => join(folder, name);
    const path = at("app.log");
    writeFileSync(path, "");
    writeFileSync(
      at("rsyslog.conf"),
      `module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="${at("devlog")}" CreatePath="on" RateLimit.Interval="0")\n*.* ${path}\n`,
    );
    writeFileSync(
      at("rotate.conf"),
      `${path} {\nsu root root\nrotate 9\n${directives}\npostrotate\nkill -HUP $(cat ${at("pid")})\nendscript\n}\n`,
    );
    const rsyslogd = spawn("rsyslogd", ["-n", "-f", at("rsyslog.conf"), "-i", at("pid")], { stdio: "ignore" });
    const follower = openFollower("quickly");
    try {
      await until("rsyslogd listens", () => existsSync(at("devlog")) && existsSync(at("pid")));
      const log = (number: number): void =>
        void spawnSync("logger", ["-u", at("devlog"), "-t", "app", `number ${number}.`]);
      const rotate = (): void => {
        const { status, stderr } = spawnSync(logrotate ?? "", ["-f", "-s", at("state"), at("rotate.conf")], { env });
        assert.equal(status, 0, stderr.toString());
      };
      let got = followFile(follower, path);
      const texts: string[][] = [got.texts];
      const wanted: string[] = [];
      const numbers = (): string[] => texts.flat().map((text) => /number \d+\./.exec(text)?.[0] ?? text);
      for (let round = 0; round < 6; round += 1) {
        for (let i = 0; i < 3; i += 1) {
          wanted.push(`number ${wanted.length}.`);
          log(wanted.length - 1);
        }
        // The last lines before a rotation are on the disk: what a copy misses is lost for everybody.
        await until("they are written", () =>
          readdirSync(folder).some(
            (name) => name === "app.log" && readFileSync(path, "utf8").includes(wanted.at(-1) ?? ""),
          ),
        );
        // Names by date differ by the second, and the clock that logrotate asks lags by a tick of the kernel.
        const second = Math.floor(Date.now() / 1000);
        if (directives.includes("dateext")) await until("the next second", () => Date.now() / 1000 > second + 1.1);
        const isDown = round % 2 === 1;
        const mark = got.following.mark();
        if (isDown) got.following.stop();
        rotate();
        if (isDown) {
          await until("there is a log again", () => existsSync(path) || directives === "nocreate");
          got = followFile(follower, path, { mark });
          texts.push(got.texts);
        }
      }
      wanted.push("number 18.");
      log(18);
      await until("all came", () => numbers().length >= wanted.length);
      assert.deepEqual(numbers().toSorted(), wanted.toSorted());
    } finally {
      follower.close();
      const closed = new Promise((resolve) => rsyslogd.once("exit", resolve));
      rsyslogd.kill("SIGTERM");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    }
  });
