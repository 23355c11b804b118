import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Id, Row } from "../api/control/index.ts";
import { answerOnce, client, conf, desk, folder, nok, socket } from "./client.fake.ts";

describe("single commands", () => {
  test("print the answer, status 0", async () => {
    assert.deepEqual(await client("ping"), { code: 0, out: "Server replied: pong\n", err: "" });
  });
  test("print what is wrong, status 255, and log the exception's arguments", async () => {
    assert.deepEqual(await client("status nope"), {
      code: 255,
      out: "Sorry but the jail 'nope' does not exist\n",
      err: nok("NOK: ('nope',)"),
    });
    assert.deepEqual(await client("get sshd"), {
      code: 255,
      out: "Sorry but the command is invalid\n",
      err: nok("NOK: ('list index out of range',)"),
    });
  });
  test("come with a hint on standard error when a word is nearly right", async () => {
    assert.equal((await client("statsu")).err, `${nok("NOK: ('Invalid command',)")}Did you mean 'status'?\n`);
    assert.equal((await client("status shsd")).err, `${nok("NOK: ('shsd',)")}Did you mean 'sshd'?\n`);
    assert.equal((await client("-q statsu")).err, nok("NOK: ('Invalid command',)"));
  });
  test("need no configuration when everything is said", async () => {
    const base = `-c /nope -s ${socket} -p /x --loglevel INFO --logtarget STDERR --syslogsocket auto`.split(" ");
    assert.equal((await client("ping", { base })).out, "Server replied: pong\n");
  });
  test("say that the configuration is not there", async () => {
    assert.deepEqual(await client("ping", { base: ["-c", "/nope"] }), {
      code: 255,
      out: "ERROR: Base configuration directory /nope does not exist \n",
      err: nok("Init of command line failed"),
    });
  });
  test("show what the server says besides answers", async () => {
    answerOnce(["SHUTDOWN"]);
    assert.deepEqual(await client("ping"), { code: 255, out: "", err: nok("['SHUTDOWN']") });
    answerOnce("ERROR: what");
    assert.deepEqual(await client("ping"), { code: 255, out: "", err: nok("ERROR: what") });
  });
  test("on a terminal show control characters as escapes, elsewhere as they are", async () => {
    const text = "a\u001b[2Jb\u0007\u202ec\td\u009b";
    answerOnce(new Row(0, text));
    assert.equal((await client("version", { terminal: true })).out, "a\\x1b[2Jb\\x07\\u202ec\td\\x9b\n");
    answerOnce(new Row(0, text));
    assert.equal((await client("version")).out, `${text}\n`);
  });
  test("at -v say where they ask", async () => {
    const { err } = await client("-v ping");
    assert.equal(
      err,
      `fail2ban                [4711]: INFO    Using socket file ${socket}\nfail2ban                [4711]: INFO    Using pid file ${folder}/pid, [INFO] logging to STDERR\n`,
    );
    assert.match((await client("-vv ping")).err, /^ (?:\d{4}-.*? )?00000000126[67] INFO {2}Using socket file/m);
  });
});

describe("no server", () => {
  const gone = (): readonly string[] => ["-c", conf, "-s", join(folder, "gone.sock")];
  for (const line of ["ping", "status", "stop"])
    test(`${line}: the path is told`, async () => {
      assert.deepEqual(await client(line, { base: gone() }), {
        code: 255,
        out: "",
        err: nok(`Failed to access socket path: ${join(folder, "gone.sock")}. Is fail2ban running?`),
      });
    });
  test("reload finds none", async () => {
    assert.equal((await client("reload", { base: gone() })).err, nok("Could not find server"));
  });
});

describe("reload", () => {
  const deed = async (line: string): Promise<string | undefined> => {
    desk.deeds.length = 0;
    const { code, out, err } = await client(line);
    assert.deepEqual([code, out, err], [0, "OK\n", ""]);
    return desk.deeds[0];
  };
  test("sends the whole configuration", async () => assert.match((await deed("reload")) ?? "", /^reload all {2}\d\d$/));
  test("sends one jail's", async () => assert.match((await deed("reload sshd")) ?? "", /^reload sshd {2}\d\d$/));
  test("sends its options in any order", async () =>
    assert.match(
      (await deed("reload --unban --restart --if-exists sshd")) ?? "",
      /^reload sshd restartunbanif-exists \d\d$/,
    ));
  test("is what restart of a jail means", async () =>
    assert.match((await deed("restart --unban sshd")) ?? "", /^reload sshd restartunban \d\d$/));
  test("wants one jail", async () =>
    assert.deepEqual(await client("reload a b"), {
      code: 255,
      out: "",
      err: nok("Unexpected argument(s) for reload: ['a', 'b']"),
    }));
  test("wants one that exists", async () =>
    assert.equal(
      (await client("reload nope")).err.split("\n").at(-2),
      nok("Failed during configuration: No section: 'nope'").trimEnd(),
    ));
  test("start finds the server running", async () =>
    assert.deepEqual(await client("start"), { code: 255, out: "", err: nok("Server already running") }));
});

describe("test and dump", () => {
  test("-t says that all is well", async () =>
    assert.equal((await client("-t")).out, "OK: configuration test is successful\n"));
  test("-t with a command goes on", async () => assert.equal((await client("-t ping")).out, "Server replied: pong\n"));
  test("-d prints the commands", async () =>
    assert.match((await client("-d")).out, /^\['set', 'syslogsocket', 'auto'\]\n[^]*\['start', 'sshd'\]\n$/));
  test("-t and -d with -t name what is surely a mistake, -d alone does not", async () => {
    const doubtful = join(folder, "doubtful");
    cpSync(conf, doubtful, { recursive: true });
    writeFileSync(join(doubtful, "jail.local"), "[sshd]\nmaxfailures = 5\n");
    const base = ["-c", doubtful];
    for (const line of ["-t", "-d -t"])
      assert.match((await client(line, { base })).err, /WARNING .*jail\.local:2: .*did you mean maxretry/);
    assert.equal((await client("-d", { base })).err, "");
  });
  test("what is wrong in fail2ban.conf is told with file and line, too", async () => {
    const broken = join(folder, "general");
    mkdirSync(broken);
    for (const [text, told] of [
      ["[Definition]\nloglevel = DEBGU\n", /fail2ban\.conf:2: Invalid log level 'DEBGU' — write one of CRITICAL, /],
      ["[Definition]\nsocket = %(nosuch)s\n", /fail2ban\.conf:2: Bad value substitution: .* — define nosuch /],
      ["[Definition]\nfoo\n", /fail2ban\.conf:2: this line is neither a section, nor /],
    ] as const) {
      writeFileSync(join(broken, "fail2ban.conf"), text);
      const { code, out, err } = await client("-t", { base: ["-c", broken] });
      assert.deepEqual([code, out.slice(0, 7)], [255, "ERROR: "]);
      assert.match(err, told);
    }
  });
  test("-t fails for a number that is none, though it is told when it is read", async () => {
    const wrong = join(folder, "number");
    mkdirSync(join(wrong, "filter.d"), { recursive: true });
    writeFileSync(join(wrong, "fail2ban.conf"), "[Definition]\n");
    writeFileSync(join(wrong, "filter.d/f.conf"), "[Definition]\nfailregex = ^x <HOST>$\n");
    const jail = "[a]\nenabled = true\nfilter = f\nbackend = systemd\nmaxretry = ";
    for (const [value, status] of [
      ["3 # three", 255],
      ["3", 0],
    ] as const) {
      writeFileSync(join(wrong, "jail.conf"), `${jail}${value}\n`);
      assert.equal((await client("-t", { base: ["-c", wrong] })).code, status, value);
    }
  });
  test("a broken configuration is told with file and line, nothing is carried out", async () => {
    const broken = join(folder, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "fail2ban.conf"), `[Definition]\nsocket = ${socket}\n`);
    writeFileSync(join(broken, "jail.conf"), "[sshd]\nenabled = true\nfilter = nope\nlogpath = %(nowhere)s\n");
    const base = ["-c", broken];
    const tested = await client("-t", { base });
    assert.deepEqual([tested.code, tested.out], [255, "ERROR: test configuration failed\n"]);
    assert.match(tested.err, /ERROR {3}.*jail\.conf:\d+: /);
    desk.deeds.length = 0;
    const reloaded = await client("reload", { base });
    assert.deepEqual([reloaded.code, desk.deeds], [255, []]);
    const carried = await client("-t ping", { base });
    assert.deepEqual([carried.code, carried.out], [255, ""]);
    assert.match(carried.err, /ERROR {3}ERROR: test configuration failed\n$/);
  });
});

describe("interactive mode", () => {
  test("carries out line after line until one leaves", async () => {
    const { code, out, err } = await client("-i", {
      typed: ["ping", "", "foo", "it's", "echo 'a b' c", "quit", "never"],
    });
    assert.equal(code, 0);
    assert.match(
      out,
      /^Fail2Ban v.*\n.*\n\nfail2ban> Server replied: pong\nfail2ban> fail2ban> Invalid command\nfail2ban> fail2ban> a b c\nfail2ban> $/,
    );
    assert.equal(err, nok("NOK: ('Invalid command',)") + nok("No closing quotation"));
  });
  test("begins with a command that is given, and fails at the end of input", async () => {
    const { code, out, err } = await client("-i ping", { typed: [] });
    assert.equal(code, 255);
    assert.match(out, /^Server replied: pong\nFail2Ban v/);
    assert.equal(err, nok("EOF when reading a line"));
  });
  test("tells what takes its time", async () =>
    assert.match(
      (await client("-i", { typed: ["reload sshd", "exit"] })).out,
      /fail2ban> {3}## reload \.\.\. \nOK\nfail2ban> $/,
    ));
  test("leaves only for the bare word", async () =>
    assert.match((await client("-i", { typed: ["exit 1", "exit"] })).out, /fail2ban> Invalid command\nfail2ban> $/));
  test("prints the help", async () =>
    assert.match((await client("-i", { typed: ["help", "exit"] })).out, /Usage: fail2ban-client/));
});

test("addresses in answers are their text", async () => {
  answerOnce(new Row(0, [new Id("192.0.2.1")]));
  assert.equal((await client("get sshd banned")).out, "['192.0.2.1']\n");
});

test("-t tells each value that the server would refuse, with its place", async () => {
  const bad = join(folder, "bad");
  cpSync(conf, bad, { recursive: true });
  writeFileSync(
    join(bad, "jail.local"),
    "[sshd]\nfindtime = 10q\nfailregex = ^ok <HOST>\n  [a\nlogencoding = utf-99\n",
  );
  const run = await client("-t", { base: ["-c", bad] });
  assert.equal(run.code, 255);
  assert.equal(run.out, "ERROR: test configuration failed\n");
  for (const place of [
    "jail.local:2: [sshd] findtime:",
    "jail.local:4: [sshd] failregex:",
    "jail.local:5: [sshd] logencoding:",
  ])
    assert.ok(run.err.includes(place), `${place} is not told of in ${run.err}`);
});
