import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonRepr } from "../../base/index.ts";
import { BASICS, filesOf, memory } from "./memory.fixture.ts";
import { printStream, readConfiguration, readEarly, streamOf, type Reading } from "./index.ts";
import type { Files } from "./files.ts";

function read(text: string, wanted: Partial<Parameters<typeof readConfiguration>[2]> = {}): Reading {
  return readConfiguration(filesOf(BASICS + text), "/etc/t", { version: "1.1.2", ...wanted });
}

const lines = (reading: Reading): string[] => printStream(reading.commands, false).split("\n");
const jailLines = (reading: Reading): string[] => lines(reading).slice(6, -1);

test("a jail without log files uses the journal when it says how, and HEAD's options allow it", () => {
  const reading = read("--- jail.conf\n[a]\nenabled = true\nfilter = f\nlogpath = /nosuch\njournalmatch = _A=b\n");
  assert.deepEqual(jailLines(reading), [
    "['add', 'a', 'systemd']",
    "['set', 'a', 'addfailregex', '^bad <HOST>$']",
    "['set', 'a', 'addjournalmatch', '_A=b']",
    "['start', 'a']",
  ]);
  assert.equal(reading.fatal, null);
  assert.ok(
    reading.issues.some(
      ({ message }) => message === "Have not found any log file for 'a' jail. Jail will monitor systemd journal.",
    ),
  );
});

test("what only our server knows is sent to it alone, and stands in no dump", () => {
  const reading = read(
    "--- jail.conf\n[a]\nenabled = true\nfilter = f\nlogpath = /etc/t/log/*.log tail\n  /etc/t/log/a.log\nlogformat = json-file\nlogglob = /not/an/option*\n--- log/a.log\n",
  );
  const own = ["['set', 'a', 'logformat', 'json-file']", "['set', 'a', 'addlogglob', '/etc/t/log/*.log']"];
  const all = jailLines(reading);
  assert.deepEqual(
    all.filter((line) => /logformat|logglob/.test(line)),
    [],
  );
  assert.deepEqual(printStream(reading.own, false).trim().split("\n"), own);
  assert.deepEqual(
    streamOf(reading, false),
    reading.commands.map(({ words }) => words),
  );
  assert.deepEqual(streamOf(reading, true).slice(reading.commands.length).map(pythonRepr), own);
  assert.deepEqual(
    reading.issues.filter(({ message }) => message.includes("nothing reads")).map(({ message }) => message),
    ['nothing reads the option "logglob"'],
  );
});

test("a jail with skip_if_nologs is left out without log files, and that is no failure", () => {
  const reading = read(
    "--- jail.conf\n[DEFAULT]\nenabled = true\nfilter = f\nlogpath = /nosuch\nskip_if_nologs = true\n[a]\n[b]\nbackend = systemd\n",
  );
  assert.deepEqual(jailLines(reading), [
    "['config-error', \"Jail 'a' skipped, because of missing log files.\"]",
    "['add', 'b', 'systemd']",
    "['set', 'b', 'addfailregex', '^bad <HOST>$']",
    "['start', 'b']",
  ]);
  assert.deepEqual([reading.fatal, reading.usable, reading.good, reading.broken], [null, true, ["b"], []]);
});

test("missing log files are fatal to the original but leave the other jails usable here", () => {
  const reading = read(
    "--- jail.conf\n[DEFAULT]\nenabled = true\nfilter = f\nbackend = polling\n[a]\nlogpath = /nosuch\n[b]\n",
  );
  assert.equal(reading.fatal, "Have not found any log file for 'a' jail.");
  assert.deepEqual([reading.usable, reading.good, reading.broken], [true, ["b"], ["a"]]);
  assert.equal(jailLines(reading)[0], "['config-error', \"Jail 'a' skipped, because of missing log files.\"]");
});

test("an interpolation error breaks its jail only, and the original's message is kept for -t and -d", () => {
  const reading = read(
    "--- jail.conf\n[DEFAULT]\nenabled = true\nfilter = f\n[a]\nbantime = %(nope)s\n[b]\n[c]\nbantime = 5%\n",
  );
  assert.match(reading.fatal ?? "", /^Bad value substitution: option 'bantime' in section 'a'/);
  assert.deepEqual([reading.usable, reading.good, reading.broken], [true, ["b"], ["a", "c"]]);
  const errors = reading.issues.filter(({ level }) => level === "error");
  assert.deepEqual(
    errors.map(({ at, jail }) => [at?.file, at?.line, jail]),
    [
      ["/etc/t/jail.conf", 5, "a"],
      ["/etc/t/jail.conf", 8, "c"],
    ],
  );
});

test("arguments replace the conditional values of the same name, unless these are given themselves", () => {
  const action = "--- action.d/x.conf\n[Definition]\nactionban = <c>\n[Init]\nc = 4\n[Init?family=inet6]\nc = 6\n";
  const sent = (reference: string): string | undefined =>
    lines(read(`${action}--- jail.conf\n[a]\nenabled = true\nfilter = f\naction = ${reference}\n`)).find((line) =>
      line.startsWith("['multi-set', 'a', 'action'"),
    );
  assert.match(sent("x") ?? "", /\['c', '4'\], \['c\?family=inet6', '6'\]/);
  assert.match(sent("x[c=X]") ?? "", /\['c', 'X'\].*\['c\?family=inet6', 'X'\]/);
  assert.match(sent("x[c=X, c?family=inet6=Y]") ?? "", /\['c', 'X'\], \['c\?family=inet6', 'Y'\]/);
});

test("a tab parts the entries of ignoreip as a blank does", () => {
  const reading = read("--- jail.conf\n[a]\nenabled = true\nfilter = f\nignoreip = a\tb\n");
  assert.ok(lines(reading).includes("['set', 'a', 'addignoreip', 'a', 'b']"));
});

test("every command knows the file and line of its value, each expression its own line", () => {
  const reading = read(
    "--- jail.conf\n[a]\nenabled = true\nfilter = f\nbantime = 5m\nfailregex = a <HOST>\n\n  b <HOST>\n",
  );
  const at = (word: string) => reading.commands.find(({ words }) => words[2] === word);
  assert.deepEqual(at("bantime")?.at, { file: "/etc/t/jail.conf", line: 4 });
  assert.deepEqual(
    [0, 1].map((index) => at("addfailregex")?.itemAt?.(index)),
    [
      { file: "/etc/t/jail.conf", line: 5 },
      { file: "/etc/t/jail.conf", line: 7 },
    ],
  );
});

test("all mistakes of a file are told, each with its line", () => {
  const reading = read("--- jail.conf\nlost\n[a]\nx = 1\nnonsense\nX = 2\n[a]\n");
  assert.equal(reading.usable, false);
  assert.match(reading.fatal ?? "", /^File contains no section headers/);
  assert.deepEqual(
    reading.issues.map(({ at }) => at?.line),
    [1, 4, 5, 6],
  );
});

test("only one jail is read when only one is wanted, with the general options before it", () => {
  const text = "--- jail.conf\n[DEFAULT]\nenabled = true\nfilter = f\n[a]\n[b]\nbantime = %(nope)s\n";
  assert.deepEqual([read(text, { jail: "a" }).fatal, read(text, { jail: "a" }).good], [null, ["a"]]);
  assert.equal(read(text, { jail: "nope" }).fatal, "No section: 'nope'");
});

test("options of the command line win over fail2ban.conf", () => {
  const reading = read("--- jail.conf\n[a]\n", { overrides: { loglevel: "DEBUG", logtarget: "STDOUT" } });
  assert.deepEqual(lines(reading).slice(1, 3), ["['set', 'loglevel', 'DEBUG']", "['set', 'logtarget', 'STDOUT']"]);
});

test("the early options have their defaults, and a missing configuration is told in the original's words", () => {
  const early = readEarly(filesOf("--- fail2ban.conf\n[Definition]\nsocket = /run/%(x)s\nx = s\n"), "/etc/t");
  assert.ok(early.ok);
  assert.deepEqual(early.early, {
    socket: "/run/s",
    pidfile: "/var/run/fail2ban/fail2ban.pid",
    loglevel: "INFO",
    logtarget: "/var/log/fail2ban.log",
    syslogsocket: "auto",
  });
  const none = readEarly(filesOf("--- other.conf\n"), "/etc/t");
  assert.ok(!none.ok);
  assert.equal(none.message, "Read fail2ban configuration failed.");
  assert.equal(
    readConfiguration(filesOf("--- x\n"), "/nosuch", { version: "1" }).fatal,
    "Base configuration directory /nosuch does not exist ",
  );
  assert.equal(
    readConfiguration(filesOf(BASICS), "/etc/t/", { version: "1" }).fatal,
    "Read jails configuration failed.",
  );
});

test("version and directory can be referred to everywhere", () => {
  const reading = read(
    "--- jail.conf\n[a]\nenabled = true\nfilter = f\nignorecommand = %(fail2ban_confpath)s %(fail2ban_version)s\n",
  );
  assert.ok(lines(reading).includes("['set', 'a', 'ignorecommand', '/etc/t 1.1.2']"));
});

/** Files whose bytes are given as they are. */
function raw(path: string, bytes: string | Uint8Array): Files {
  const rest = filesOf(`${BASICS}--- jail.conf\n[DEFAULT]\nenabled = true\nfilter = f\n[a]\n`);
  const special = memory(new Map([[path, bytes]]));
  return {
    ...rest,
    read: (name) => (special.kind(name) === "missing" ? rest.read(name) : special.read(name)),
    names: (name) => [...rest.names(name), ...special.names(name)],
    kind: (name) => (special.kind(name) === "missing" ? rest.kind(name) : special.kind(name)),
  };
}

const wanted = { version: "1.1.2" };

test("bad input: a file that is not UTF-8 is named with its line, and ends the reading as in HEAD", () => {
  const reading = readConfiguration(
    raw("/etc/t/jail.local", Buffer.from("[a]\nx = 1\n# caf\xe9\n", "latin1")),
    "/etc/t",
    wanted,
  );
  assert.equal(reading.fatal, "Read jails configuration failed.");
  assert.deepEqual(
    reading.issues.map(({ at, message }) => [at?.line, message]),
    [[3, "Error decoding config file '/etc/t/jail.local': the byte 0xe9 is not UTF-8"]],
  );
});

test("bad input: a byte order mark is named", () => {
  const reading = readConfiguration(raw("/etc/t/jail.local", "\ufeff[a]\nx = 1\n"), "/etc/t", wanted);
  assert.equal(reading.fatal, "File contains no section headers.\nfile: '/etc/t/jail.local', line: 1\n'\\ufeff[a]\\n'");
  assert.match(reading.issues[0]?.message ?? "", /byte order mark/);
});

test("bad input: CRLF and lone CR end lines, a NUL is text", () => {
  const reading = readConfiguration(
    raw("/etc/t/jail.local", "[a]\r\nbantime = 5m\rfindtime = 6m\0\r\n"),
    "/etc/t",
    wanted,
  );
  assert.ok(lines(reading).includes("['set', 'a', 'bantime', '5m']"));
  assert.ok(lines(reading).includes("['set', 'a', 'findtime', '6m\\x00']"));
});

test("bad input: a line of 10 MB is read", () => {
  const reading = readConfiguration(
    raw("/etc/t/jail.local", `[a]\nignorecommand = ${"x".repeat(10_000_000)}\n`),
    "/etc/t",
    wanted,
  );
  assert.equal(reading.fatal, null);
  const value = reading.commands.find(({ words }) => words[2] === "ignorecommand")?.words[3];
  assert.equal(typeof value === "string" ? value.length : 0, 10_000_000);
});

test("bad input: 10,000 sections are read", () => {
  const text = Array.from({ length: 10_000 }, (_, at) => `[j${at}]\nenabled = ${at === 5000}\n`).join("");
  const reading = readConfiguration(raw("/etc/t/jail.local", text), "/etc/t", wanted);
  assert.deepEqual(reading.good, ["a", "j5000"]);
});

test("bad input: files that include each other end, endless ones are refused", () => {
  const loop = read(
    "--- jail.conf\n[INCLUDES]\nbefore = a.conf\n[j]\nenabled = true\nfilter = f\n--- a.conf\n[INCLUDES]\nafter = jail.conf\n   a.conf\n[DEFAULT]\nx = 1\n",
  );
  assert.deepEqual([loop.fatal, loop.good], [null, ["j"]]);
  const endless = read("--- jail.conf\n[INCLUDES]\nbefore = a.conf\n[j]\n--- a.local\n[INCLUDES]\nbefore = a.conf\n");
  assert.match(endless.fatal ?? "", /^more than 1000 files are included/);
});

test("bad input: values that repeat each other stop at a limit", () => {
  const chain = Array.from({ length: 9 }, (_, at) => `v${at} = ${`%(v${at + 1})s`.repeat(30)}\n`).join("");
  const reading = read(
    `--- jail.conf\n[DEFAULT]\n${chain}v9 = xxxxxxxxxx\n[a]\nenabled = true\nfilter = f\nbantime = %(v0)s\n`,
  );
  assert.match(reading.fatal ?? "", /grows over 4194304 characters/);
});

test("bad input: a directory in place of a file is named", () => {
  const reading = readConfiguration(raw("/etc/t/jail.local/x", "x"), "/etc/t", wanted);
  assert.equal(reading.fatal, "Read jails configuration failed.");
  assert.equal(reading.issues[0]?.at?.file, "/etc/t/jail.local");
});

test("bad input: a filter that cannot be decoded breaks its jail only", () => {
  const reading = readConfiguration(
    raw("/etc/t/filter.d/f.local", Buffer.from("[Definition]\nx = \xff\n", "latin1")),
    "/etc/t",
    wanted,
  );
  assert.equal(reading.fatal, null);
  assert.deepEqual(reading.broken, ["a"]);
  assert.ok(
    printStream(reading.commands, false).includes(
      pythonRepr("Jail 'a' skipped, because of wrong configuration: Unable to read the filter 'f'"),
    ),
  );
});

test("bad input: a file that may not be read is named", () => {
  const files = raw("/etc/t/jail.local", "[a]\n");
  const closed: Files = {
    ...files,
    read: (name) => (name === "/etc/t/jail.local" ? { ok: false, reason: "denied" } : files.read(name)),
  };
  const reading = readConfiguration(closed, "/etc/t", wanted);
  assert.equal(reading.fatal, "Read jails configuration failed.");
  assert.deepEqual(
    reading.issues.map(({ at, message }) => [at?.file, message]),
    [["/etc/t/jail.local", "the file cannot be opened"]],
  );
});

test("bad input: long runs of blanks and of half references are no work", () => {
  const blanks = " ".repeat(1_000_000);
  const text = `[a] x${blanks}y\n[b]\nenabled = true\nhalf = ${"%(".repeat(500_000)}\naction = x${blanks}[\n`;
  const began = performance.now();
  const reading = readConfiguration(raw("/etc/t/jail.local", text), "/etc/t", wanted);
  assert.deepEqual(reading.broken, ["b"]);
  assert.ok(performance.now() - began < 5000);
});
