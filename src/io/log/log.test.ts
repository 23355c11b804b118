import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock, type Said } from "../../base/index.ts";
import { utc } from "../../base/zone.fake.ts";
import { Log } from "./log.ts";

/** @returns the log, and what stands in its file once it has been flushed */
function fileLog(t: TestContext, clock = new VirtualClock(0)): { readonly log: Log; readonly read: () => string } {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-log-"));
  const path = join(folder, "log");
  const log = new Log({ clock, zone: utc, pid: 7, verbosity: 1, send: () => true, isSocket: () => true });
  assert.equal(log.turnTo(`${path}[padding=off]`), null);
  t.after(() => {
    log.close();
    rmSync(folder, { recursive: true });
  });
  const read = (): string => {
    log.flush();
    return readFileSync(path, "utf8");
  };
  return { log, read };
}

const said = (text: string, isClean?: boolean): Said => ({
  level: "INFO",
  logger: "x",
  text,
  ...(isClean === undefined ? {} : { isClean }),
});

test("one line that may have control characters is looked at, however many clean ones stand around it", (t) => {
  const { log, read } = fileLog(t);
  log.say(said("before", true));
  log.say(said("a\u001b[31mb"));
  log.say(said("c\u0007d", false));
  log.say(said("after", true));
  const lines = read().split("\n");
  assert.deepEqual(
    lines.map((line) => line.slice("1970-01-01 00:00:00,000 fail2ban.x[7]: INFO ".length)),
    ["before", "a\\x1b[31mb", "c\\x07d", "after", ""],
  );
  log.say(said("clean", true));
  log.flush();
  log.say(said("e\u009bf"));
  assert.match(read(), / clean\n.* e\\x9bf\n$/);
});

test("a line has the time at which it was decided, or that at which it is said", (t) => {
  const { log, read } = fileLog(t, new VirtualClock(2));
  log.say(said("decided"), 1.25);
  log.say(said("said"));
  assert.equal(
    read(),
    "1970-01-01 00:00:01,250 fail2ban.x[7]: INFO decided\n1970-01-01 00:00:02,000 fail2ban.x[7]: INFO said\n",
  );
});

test("a named pipe that nobody reads is refused, and what its reader is too slow for is lost and told of, on lines of their own", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-log-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const clock = new VirtualClock(0);
  const log = new Log({ clock, zone: utc, pid: 7, verbosity: 1, send: () => true, isSocket: () => true });
  assert.equal(log.turnTo(pipe), `Unable to log to '${pipe}'`);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => closeSync(reader));
  assert.equal(log.turnTo(pipe), null);
  t.after(() => log.close());
  const text = "x".repeat(1000);
  for (let n = 0; n < 100; n += 1) log.say(said(`${n} ${text}`));
  log.flush();
  const before = drained(reader);
  log.say(said("after"));
  log.flush();
  const lines = (before + drained(reader)).split("\n");
  const whole = lines.filter((line) => line.endsWith(`x`) && line.length > 1000);
  assert.deepEqual(
    whole.map((line) => Number(/INFO +(\d+) /.exec(line)?.[1])),
    whole.map((_, n) => n),
  );
  const [lost, after, end] = lines.slice(-3);
  const count = Number(/WARNING (\d+) lines of this log could not be written$/.exec(lost ?? "")?.[1]);
  assert.ok(count > 10 && count === 100 - whole.length, `${count} of ${whole.length}`);
  assert.match(after ?? "", /^1970-01-01 .* INFO +after$/);
  assert.equal(end, "");
});

/** All that stands in a pipe. */
function drained(reader: number): string {
  const bytes = Buffer.alloc(1 << 20);
  try {
    return bytes.toString("utf8", 0, readSync(reader, bytes));
  } catch {
    return "";
  }
}
