import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VERSION } from "../base/index.ts";
import { readCommandLine } from "./options.ts";
import { isUnicode } from "./io.ts";
import { hintFor, jailHint } from "./hint.ts";
import { usage } from "./usage.ts";

describe("the command line", () => {
  test("means the defaults where nothing is said", () => {
    const line = readCommandLine(["status", "sshd"]);
    assert.ok(!("end" in line));
    const { conf, socket, pidfile, verbosity, background, timeout, words, json } = line;
    assert.deepEqual(
      { conf, socket, pidfile, verbosity, background, timeout, words, json },
      {
        conf: "/etc/fail2ban",
        socket: null,
        pidfile: null,
        verbosity: 1,
        background: true,
        timeout: 30,
        words: ["status", "sshd"],
        json: false,
      },
    );
  });

  test("takes every option", () => {
    const line = readCommandLine(
      "-c a -s b -p c --pname d --loglevel e --logtarget f --syslogsocket g --dp -t -i -vvq -x -f --async --timeout 1m --json x -y".split(
        " ",
      ),
    );
    assert.deepEqual(line, {
      conf: "a",
      socket: "b",
      pidfile: "c",
      pname: "d",
      loglevel: "e",
      logtarget: "f",
      syslogsocket: "g",
      dump: "pretty",
      test: true,
      interactive: true,
      verbosity: 2,
      force: true,
      background: false,
      async: true,
      timeout: 60,
      json: true,
      words: ["x", "-y"],
    });
  });

  const endings: readonly [line: string, ending: object][] = [
    ["-V", { end: "version", text: VERSION }],
    ["--version", { end: "version", text: `Fail2Ban v${VERSION}` }],
    ["-V --foo", { end: "unknown", message: "option --foo not recognized" }],
    ["-h -V", { end: "help" }],
    ["--str2sec 1d12h", { end: "seconds", text: "129600" }],
    ["--str2sec 1mo", { end: "seconds", text: "2629800.0" }],
    ["--str2sec 0.5", { end: "seconds", text: "0.5" }],
    ["--str2sec 1e3", { end: "wrong", message: "invalid decimal literal (<string>, line 1)" }],
    ["--timeout foo", { end: "wrong", message: "name 'foo' is not defined" }],
  ];
  for (const [line, ending] of endings)
    test(`${line} comes to ${JSON.stringify(ending)}`, () =>
      assert.deepEqual(readCommandLine(line.split(" ")), ending));
});

describe("the help", () => {
  const text = usage("fail2ban-client", true);
  const lines = text.split("\n");

  test("begins as the original's does", () => {
    assert.equal(lines[0], "Usage: fail2ban-client [OPTIONS] <COMMAND>");
    assert.match(lines[2] ?? "", /^Fail2Ban v1\.1\.2\+ts/);
    assert.equal(usage("fail2ban-server", false).split("\n")[0], "Usage: fail2ban-server [OPTIONS]");
    assert.doesNotMatch(usage("fail2ban-server", false), /Command:/);
  });

  test("stands in the original's columns", () => {
    assert.ok(lines.includes("    -c, --conf <DIR>        directory of the configuration"));
    assert.ok(lines.includes("    --syslogsocket auto|<FILE>"));
    assert.ok(lines.includes("    stop                                     stops all jails and ends the"));
    assert.ok(lines.includes("    reload [--restart] [--unban] [--if-exists] <JAIL>"));
    const commands = lines.slice(lines.indexOf("Command:") + 1, -2);
    assert.ok(commands.every((line) => line === "" || line.startsWith(" ".repeat(45)) || /^ {4}\S/.test(line)));
    assert.ok(commands.filter((line) => line.startsWith(" ".repeat(45))).every((line) => line.length <= 45 + 34));
  });

  test("has the original's headings in their order", () => {
    const headings = lines
      .filter((line, i) => /^ {45}[A-Z ]+$/.test(line) && ["", "Command:"].includes(lines[i - 1] ?? ""))
      .map((line) => line.trim());
    assert.deepEqual(headings, [
      "BASIC",
      "LOGGING",
      "DATABASE",
      "JAIL CONTROL",
      "JAIL CONFIGURATION",
      "COMMAND ACTION CONFIGURATION",
      "GENERAL ACTION CONFIGURATION",
      "JAIL INFORMATION",
      "COMMAND ACTION INFORMATION",
      "GENERAL ACTION INFORMATION",
    ]);
  });
});

describe("hints", () => {
  const rows: readonly [line: string, hint: string | null][] = [
    ["statsu", "Did you mean 'status'?"],
    ["realod", "Did you mean 'reload'?"],
    ["set sshd banpi 1.2.3.4", "Did you mean 'banip'?"],
    ["get sshd bantim", "Did you mean 'bantime'?"],
    ["set loglevl", "Did you mean 'loglevel'?"],
    ["set sshd addfailregx x", "Did you mean 'addfailregex'?"],
    ["xyzzy", null],
    ["x", null],
    ["set sshd qwertz", null],
    ["a".repeat(10_000), null],
  ];
  for (const [line, hint] of rows)
    test(`${line.slice(0, 30)}: ${hint ?? "none"}`, () => assert.equal(hintFor(line.split(" ")), hint));
  test("name the jail that was meant", () => assert.equal(jailHint("shsd", ["web", "sshd"]), "Did you mean 'sshd'?"));
});

describe("box characters", () => {
  const rows: readonly [env: Record<string, string>, unicode: boolean][] = [
    [{}, true],
    [{ LANG: "C" }, true],
    [{ LANG: "POSIX" }, true],
    [{ LANG: "de_DE.UTF-8" }, true],
    [{ LANG: "de_DE.utf8" }, true],
    [{ LANG: "de_DE" }, false],
    [{ LANG: "de_DE.ISO-8859-1" }, false],
    [{ LANG: "de_DE.UTF-8", LC_ALL: "de_DE.ISO-8859-15" }, false],
  ];
  for (const [env, unicode] of rows)
    test(`are ${unicode ? "drawn" : "left out"} in ${JSON.stringify(env)}`, () =>
      assert.equal(isUnicode(env), unicode));
});
