import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Float, Tuple, type Plain } from "../../../base/index.ts";
import { shown } from "./ask.fake.ts";
import { COMMANDS, findCommand, jsonOf, plainText } from "./index.ts";

describe("every form of printing", () => {
  const rows: readonly [line: string, value: Plain, text: string][] = [
    ["ping", "pong", "Server replied: pong"],
    ["echo a b", ["a", "b"], "a b"],
    ["version", "1.1.2", "1.1.2"],
    ["sleep 1", null, "None"],
    ["stop", null, "Shutdown successful"],
    ["stop sshd", null, "Jail stopped"],
    ["stop --all", null, "Jail stopped"],
    ["start sshd", null, "Jail started"],
    ["add sshd", "sshd", "Added jail sshd"],
    ["flushlogs", "rolled over", "logs: rolled over"],
    ["banned", [new Map([["sshd", ["192.0.2.1"]]])], "[{'sshd': ['192.0.2.1']}]"],
    ["banned 192.0.2.1 192.0.2.2", [["sshd"], []], "[['sshd'], []]"],
    ["get loglevel", "INFO", "Current logging level is 'INFO'"],
    ["set loglevel 20", "20", "Current logging level is '20'"],
    ["get logtarget", "STDOUT", "Current logging target is:\n`- STDOUT"],
    ["get syslogsocket", "/dev/log", "Current syslog socket is:\n`- /dev/log"],
    ["get dbfile", null, "Database currently disabled"],
    ["get dbfile", "/x.sqlite3", "Current database file is:\n`- /x.sqlite3"],
    ["get dbpurgeage", 86400, "Current database purge age is:\n`- 86400seconds"],
    ["set dbpurgeage 1mo", new Float(2629800), "Current database purge age is:\n`- 2629800seconds"],
    ["get dbpurgeage", null, "Database currently disabled"],
    ["get dbmaxmatches", null, "None"],
    ["get thread", new Map([["stacksize", 0]]), "{'stacksize': 0}"],
    ["get sshd findtime", new Float(2629800), "2629800.0"],
    ["get sshd ignorecommand", false, "False"],
    ["get sshd ignorecache", ["<ip>", 10, 60], "['<ip>', 10, 60]"],
    ["get sshd logpath", [], "No file is currently monitored"],
    ["get sshd logpath", ["/a", "/b"], "Current monitored log file(s):\n|- /a\n`- /b"],
    ["set sshd addlogpath /b", ["/a"], "Current monitored log file(s):\n`- /a"],
    ["get sshd ignoreip", [], "No IP address/network is ignored"],
    ["set sshd delignoreip x", ["::1"], "These IP addresses/networks are ignored:\n`- ::1"],
    ["get sshd failregex", [], "No regular expression is defined"],
    ["set sshd delfailregex 0", ["^a", "^b"], "The following regular expression are defined:\n|- [0]: ^a\n`- [1]: ^b"],
    ["get sshd prefregex", "", ""],
    ["get sshd logencoding", "UTF-8", "Current log encoding is set to:\nUTF-8"],
    ["get sshd journalmatch", [], "No journal match filter set"],
    ["get sshd journalmatch", [["_A=1", "_B=2"], ["_C=3"]], "Current match filter:\n_A=1 _B=2 + _C=3"],
    ["get sshd datepattern", null, "Current date pattern set to: Not set/required"],
    ["get sshd datepattern", new Tuple(null, "Default Detectors"), "Current date pattern set to: Default Detectors"],
    ["get sshd datepattern", new Tuple("%Y", "Year"), "Current date pattern set to: %Y (Year)"],
    ["get sshd actions", [], "No actions for jail sshd"],
    ["get sshd actions", ["a", "b"], "The jail sshd has the following actions:\na, b"],
    ["get sshd actionproperties a", ["x", "y"], "The jail sshd action a has the following properties:\nx, y"],
    ["get sshd actionmethods a", ["ban"], "The jail sshd action a has the following methods:\nban"],
    ["get sshd banip", ["1.1.1.1", "2.2.2.2"], "1.1.1.1 2.2.2.2"],
    ["get sshd banip ,", ["1.1.1.1", "2.2.2.2"], "1.1.1.1,2.2.2.2"],
    ["get sshd banip --with-time", ["a \tx", "b \ty"], "a \tx\nb \ty"],
    ["get sshd banned 1.1.1.1", 1, "1"],
    ["get sshd bantime.evmultipliers", [1, 2, 4], "[1, 2, 4]"],
    ["set sshd idle on", true, "True"],
    [
      "status",
      [new Tuple("Number of jail", 0), new Tuple("Jail list", "")],
      "Status\n|- Number of jail:\t0\n`- Jail list:\t",
    ],
    [
      "status --all",
      [new Tuple("Number of jail", 0), new Tuple("Jail list", ""), new Map()],
      "Status\n|- Number of jail:\t0\n`- Jail list:\t",
    ],
    ["stats", new Map(), "No jails found."],
  ];
  for (const [line, value, text] of rows)
    test(`${line}: ${JSON.stringify(text)}`, () => assert.equal(shown(line, value), text));

  test("an answer of a strange server is printed somehow", () => {
    for (const { words } of COMMANDS.filter((command) => command.run !== undefined))
      for (const value of [null, 5, "x", [], [["a"]], new Map(), new Tuple("a", ["b"])]) {
        const line = words.replace("<JAIL>", "sshd").replace("*", "x");
        assert.equal(typeof shown(`${line} a b c`, value), "string");
      }
  });
});

describe("answers as JSON", () => {
  const rows: readonly [line: string, value: Plain, json: unknown][] = [
    [
      "status",
      [new Tuple("Number of jail", 2), new Tuple("Jail list", "sshd, web")],
      { count: 2, jails: ["sshd", "web"] },
    ],
    ["status", [new Tuple("Number of jail", 0), new Tuple("Jail list", "")], { count: 0, jails: [] }],
    [
      "status sshd",
      [
        new Tuple("Filter", [
          new Tuple("Currently failed", 1),
          new Tuple("Total failed", 6),
          new Tuple("File list", ["/a"]),
        ]),
        new Tuple("Actions", [
          new Tuple("Currently banned", 1),
          new Tuple("Total banned", 1),
          new Tuple("Banned IP list", ["192.0.2.1"]),
        ]),
      ],
      {
        filter: { currently_failed: 1, total_failed: 6, files: ["/a"] },
        actions: { currently_banned: 1, total_banned: 1, banned: ["192.0.2.1"] },
      },
    ],
    [
      "status sshd sources",
      [
        new Tuple("/a", [
          new Tuple("Lines", 3),
          new Tuple("Seconds behind", new Float(0.5)),
          new Tuple("Trouble", null),
        ]),
      ],
      { "/a": { lines: 3, seconds_behind: 0.5, trouble: null } },
    ],
    [
      "stats",
      new Map([["sshd", ["polling", new Tuple(0, 2), new Tuple(1, 8)]]]),
      { sshd: { backend: "polling", currently_failed: 0, total_failed: 2, currently_banned: 1, total_banned: 8 } },
    ],
    [
      "status --all",
      [
        new Tuple("Number of jail", 1),
        new Tuple("Jail list", "x"),
        new Map([["x", [new Tuple("Filter", [new Tuple("Currently failed", 0)])]]]),
      ],
      { count: 1, jails: ["x"], status: { x: { filter: { currently_failed: 0 } } } },
    ],
    ["banned", [new Map([["sshd", ["192.0.2.1"]]]), new Map([["web", []]])], { sshd: ["192.0.2.1"], web: [] }],
    ["banned 1.1.1.1 2.2.2.2", [["sshd"], []], { "1.1.1.1": ["sshd"], "2.2.2.2": [] }],
    ["get sshd datepattern", new Tuple("%Y", "Year"), { pattern: "%Y", name: "Year" }],
    ["get sshd findtime", new Float(2629800), 2629800],
    ["ping", "pong", "pong"],
    ["get thread", new Map([["stacksize", 0]]), { stacksize: 0 }],
  ];
  for (const [line, value, json] of rows)
    test(`${line}: ${JSON.stringify(json)}`, () => {
      const { command, args } = findCommand(line.split(" "));
      assert.deepEqual(command.json === undefined ? jsonOf(value) : command.json(value, args.map(plainText)), json);
    });
});

test("no two commands have the same words", () => {
  const words = COMMANDS.map((command) => command.words);
  assert.equal(new Set(words).size, words.length);
});
