import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Float, Tuple, type Plain } from "../../../base/index.ts";
import { fakeDesk, type FakeDesk } from "../desk.fake.ts";
import { Raised, readReply, writePickle } from "../pickle/index.ts";
import { respond, type Rights } from "../respond.ts";
import { COMMANDS, findCommand, jsonOf, plainText } from "./index.ts";
import { statsTable } from "./table.ts";

process.env["TZ"] = "UTC";

/** Runs a request as a client would and prints the answer as it would be printed. */
async function ask(desk: FakeDesk, words: readonly string[], rights: Rights = "all"): Promise<string> {
  const reply = readReply(writePickle(await respond(desk, words, rights)));
  if (reply.is !== "value")
    return reply.is === "error" ? `${reply.error.name}: ${plainText(reply.error.args[0] ?? null)}` : "other";
  const { command, args } = findCommand(words);
  return command.show === undefined
    ? plainText(reply.value)
    : command.show(reply.value, args.map(plainText), { unicode: true });
}

/** What is printed for a value that any server may answer. */
function shown(line: string, value: Plain, unicode = true): string {
  const { command, args } = findCommand(line.split(" "));
  return command.show === undefined ? plainText(value) : command.show(value, args.map(plainText), { unicode });
}

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

describe("status", () => {
  const banned = async (): Promise<FakeDesk> => {
    const desk = fakeDesk("web", "sshd");
    await desk.jail("sshd").banip(["192.0.2.1", "198.51.100.7"]);
    return desk;
  };
  const head =
    "Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t1\n|  |- Total failed:\t6\n|  `- File list:\t/var/log/a.log /var/log/b.log\n`- Actions\n   |- Currently banned:\t2\n";

  test("names the jails in order", async () => {
    assert.equal(await ask(await banned(), ["status"]), "Status\n|- Number of jail:\t2\n`- Jail list:\tsshd, web");
  });
  for (const flavor of [[], ["basic"], ["unheard-of"]])
    test(`of a jail, flavor ${flavor[0] ?? "none"}`, async () => {
      assert.equal(
        await ask(await banned(), ["status", "sshd", ...flavor]),
        `${head}   |- Total banned:\t9\n   \`- Banned IP list:\t192.0.2.1 198.51.100.7`,
      );
    });
  test("of a jail, short", async () => {
    assert.equal(await ask(await banned(), ["status", "sshd", "short"]), `${head}   \`- Total banned:\t9`);
  });
  test("of a jail, with the owners of the addresses", async () => {
    const text = await ask(await banned(), ["status", "sshd", "cymru"]);
    assert.match(
      text,
      / {3}\|- Banned ASN list:\t64496\n {3}\|- Banned Country list:\tZZ\n {3}`- Banned RIR list:\tother$/,
    );
  });
  test("says in the log which flavors there are", async () => {
    const desk = await banned();
    await ask(desk, ["status", "sshd", "foo"]);
    assert.deepEqual(desk.said, [
      {
        level: "WARNING",
        logger: "jail",
        text: "Unsupported extended jail status flavor 'foo'. Supported: ['short', 'basic', 'stats', 'cymru']",
      },
    ]);
  });
  test("of all jails is a tree of trees", async () => {
    const one = (stem: string): string =>
      [
        `|- Filter`,
        `|  |- Currently failed:\t1`,
        `|  |- Total failed:\t6`,
        "|  `- File list:\t/var/log/a.log /var/log/b.log",
        "`- Actions",
        `   |- Currently banned:\t0`,
        "   `- Total banned:\t9",
      ]
        .map((line) => `   ${stem}  ${line}\n`)
        .join("");
    const expected = `Status\n|- Number of jail:\t2\n|- Jail list:\tsshd, web\n\`- Status for the jails:\n   |- Jail: sshd\n${one("|")}   \`- Jail: web\n${one(" ")}`;
    assert.equal(`${await ask(fakeDesk("web", "sshd"), ["status", "--all", "short"])}\n`, expected);
  });
  test("as numbers is the table of stats", async () => {
    assert.equal(await ask(await banned(), ["status", "--all", "stats"]), await ask(await banned(), ["stats"]));
    assert.match(
      await ask(await banned(), ["status", "sshd", "stats"]),
      /^ sshd +║ polling {2}║ {3}1 │ {3}6 ║ {3}2 │ {3}9$/m,
    );
  });
});

describe("the table of stats", () => {
  const rows = [
    { jail: "sshd", backend: "systemd", numbers: ["3", "123456", "12", "345"] },
    { jail: "a-rather-long-jail-name", backend: "polling", numbers: ["0", "0", "0", "0"] },
  ];
  test("is drawn with box characters", () => {
    assert.equal(
      statsTable(rows, true),
      [
        "                         ║          ║ Filter       ║ Actions  ",
        " Jail                    ║ Backend  ╟──────────────╫───────────",
        "                         ║          ║ cur │    tot ║ cur │ tot",
        "═════════════════════════╬══════════╬══════════════╬═══════════",
        " sshd                    ║ systemd  ║   3 │ 123456 ║  12 │ 345",
        " a-rather-long-jail-name ║ polling  ║   0 │      0 ║   0 │   0",
        "═════════════════════════╩══════════╩══════════════╩═══════════",
      ].join("\n"),
    );
  });
  test("is drawn in ASCII", () => {
    assert.equal(
      statsTable(rows, false),
      [
        "                         |          | Filter       | Actions  ",
        " Jail                    | Backend  |--------------x-----------",
        "                         |          | cur |    tot | cur | tot",
        "-------------------------x----------x--------------x-----------",
        " sshd                    | systemd  |   3 | 123456 |  12 | 345",
        " a-rather-long-jail-name | polling  |   0 |      0 |   0 |   0",
        "---------------------------------------------------------------",
      ].join("\n"),
    );
  });
});

describe("what is no command is refused in the original's words", () => {
  const rows: readonly [request: Plain, refusal: string][] = [
    [["foo"], "Exception('Invalid command',)"],
    ["ping", "Exception('Invalid command',)"],
    [[5], "Exception('Invalid command',)"],
    [[["ping"]], "Exception('Invalid command',)"],
    [[], "IndexError('list index out of range',)"],
    [new Map(), "KeyError(0,)"],
    [null, "TypeError(\"'NoneType' object is not subscriptable\",)"],
    [5, "TypeError(\"'int' object is not subscriptable\",)"],
    [["set"], "IndexError('list index out of range',)"],
    [["get", "sshd"], "IndexError('list index out of range',)"],
    [["get", "allowipv6"], "IndexError('list index out of range',)"],
    [["get", "nope", "foo"], "Exception('Invalid command (no get action or not yet implemented)',)"],
    [["set", "nope", "foo", "x"], "Exception(\"Invalid command 'foo' (no set action or not yet implemented)\",)"],
    [["multi-set", "sshd"], "IndexError('list index out of range',)"],
    [["status", "sshd", "basic", "x"], "Exception('Invalid command (no status)',)"],
    [["status", "nope"], "UnknownJailException('nope',)"],
    [["add", "sshd"], "DuplicateJailException('sshd',)"],
    [["add", "--all"], "Exception(\"Reserved name '--all'\",)"],
    [["unban"], "Exception('Invalid command',)"],
    [["start"], "IndexError('list index out of range',)"],
    [["restart"], "Exception('Invalid command',)"],
    [["sleep"], "IndexError('list index out of range',)"],
    [["sleep", "x"], "ValueError(\"could not convert string to float: 'x'\",)"],
    [["set", "nope", "maxretry"], "IndexError('list index out of range',)"],
    [["set", "nope", "maxretry", "x"], "ValueError(\"invalid literal for int() with base 10: 'x'\",)"],
    [["set", "nope", "maxretry", "5"], "UnknownJailException('nope',)"],
    [
      ["set", "sshd", "maxretry", null],
      "TypeError(\"int() argument must be a string, a bytes-like object or a real number, not 'NoneType'\",)",
    ],
    [["set", "nope", "idle", "foo"], "Exception(\"Invalid idle option, must be 'on' or 'off'\",)"],
    [["set", "nope", "addlogpath", "/x", "a", "b"], "ValueError('Only one file can be added at a time',)"],
    [["set", "sshd", "addlogpath", "/x", "foo"], "ValueError(\"File option must be 'head' or 'tail'\",)"],
    [["set", "thread", "1"], "AttributeError(\"'str' object has no attribute 'items'\",)"],
    [["get", "sshd", "action", "nope", "x"], "KeyError('Invalid Action name: nope',)"],
    [["get", "sshd", "action", "nftables", "x"], "AttributeError(\"'CommandAction' object has no attribute 'x'\",)"],
    [["set", "sshd", "unbanip", "--report-absent", "7.7.7.7"], "ValueError(\"not banned: ['7.7.7.7']\",)"],
  ];
  for (const [request, refusal] of rows)
    test(`${plainText(request)}: ${refusal}`, async () => {
      const desk = fakeDesk("sshd");
      const [code, raised] = (await respond(desk, request, "all")).items;
      assert.ok(code === 1 && raised instanceof Raised);
      assert.equal(`${raised.name}${plainText(new Tuple(...raised.args))}`, refusal);
      assert.match(desk.said[0]?.text ?? "", /^Command .* has failed\. Received /);
    });

  test("the log names command and exception, and shortens long ones", async () => {
    const desk = fakeDesk();
    await respond(desk, ["set", "nope", "maxretry", "5"], "all");
    await respond(desk, ["x".repeat(20_000)], "all");
    assert.deepEqual(desk.said[0], {
      level: "ERROR",
      logger: "transmitter",
      text: "Command ['set', 'nope', 'maxretry', '5'] has failed. Received UnknownJailException('nope')",
    });
    assert.ok((desk.said[1]?.text.length ?? 0) < 10_200);
  });

  test("a bug is answered as an error and nothing more", async () => {
    const desk = { ...fakeDesk(), jails: () => assert.fail("broken") };
    const [code, raised] = (await respond(desk, ["banned"], "all")).items;
    assert.ok(code === 1 && raised instanceof Raised && raised.name === "RuntimeError");
  });
});

describe("what commands do", () => {
  const rows: readonly [what: string, steps: readonly (readonly [line: string, text: string])[]][] = [
    [
      "ban, ask, lift",
      [
        ["set sshd banip 192.0.2.1 192.0.2.1 2001:db8::5", "2"],
        ["banned 192.0.2.1 9.9.9.9", "[['sshd'], []]"],
        ["get sshd banned ::ffff:192.0.2.1", "1"],
        ["get sshd banned 192.0.2.1 1.1.1.1", "[1, 0]"],
        ["set sshd unbanip 192.0.2.1", "1"],
        ["banned", "[{'sshd': ['2001:db8::5']}, {'web': []}]"],
        ["unban --all", "1"],
      ],
    ],
    [
      "bans stand in the order of their ends",
      [
        ["set sshd banip 192.0.2.1 198.51.100.1 192.0.2.2", "3"],
        ["get sshd banip", "192.0.2.2 192.0.2.1 198.51.100.1"],
        ["get sshd banned", "['192.0.2.1', '198.51.100.1', '192.0.2.2']"],
      ],
    ],
    [
      "bans with their times, one for ever",
      [
        ["set sshd banip 192.0.2.1 198.51.100.1", "2"],
        [
          "get sshd banip --with-time",
          "192.0.2.1 \t2026-11-22 08:54:48 + 600 = 2026-11-22 09:04:48\n198.51.100.1 \t2026-11-22 08:54:48 + -1 = 9999-12-31 23:59:59",
        ],
      ],
    ],
    [
      "options are put and answered",
      [
        ["set sshd maxretry 7", "7"],
        ["get sshd maxretry", "7"],
        ["set sshd bantime.foo bar", "bar"],
        ["get sshd bantime.foo", "bar"],
        ["set sshd addignoreip ::1 10.0.0.0/8", "These IP addresses/networks are ignored:\n|- ::1\n`- 10.0.0.0/8"],
        ["set sshd delignoreip ::1", "These IP addresses/networks are ignored:\n`- 10.0.0.0/8"],
        ["set sshd delfailregex 0", "The following regular expression are defined:\n`- [0]: ^b <HOST>$"],
      ],
    ],
    [
      "settings of the server win over jails of the same name",
      [["set loglevel maxretry", "Current logging level is 'maxretry'"]],
    ],
    [
      "actions",
      [
        ["set sshd addaction x", "x"],
        ["get sshd actions", "The jail sshd has the following actions:\nnftables, x"],
        ["set sshd action x actionban y z", "y"],
        ["get sshd action x actionban", "y"],
        ['set sshd action x flush {"a":1}', "flush(a)"],
        ["set sshd delaction x", "None"],
        [
          "get sshd actionproperties nftables",
          "The jail sshd action nftables has the following properties:\nactionban, timeout",
        ],
      ],
    ],
    [
      "jails",
      [
        ["add new polling", "Added jail new"],
        ["start new", "Jail started"],
        ["stop new extra", "Jail stopped"],
        ["stop --all", "Jail stopped"],
        ["status", "Status\n|- Number of jail:\t0\n`- Jail list:\t"],
      ],
    ],
    [
      "attempts",
      [
        ["set sshd attempt 192.0.2.1", "1"],
        ["set sshd attempt 192.0.2.1 ignored", "0"],
      ],
    ],
    [
      "what is undocumented",
      [
        ["echo", ""],
        ["server-status", "Server ready"],
        ["sleep 0", "None"],
        ["config-error boo", "None"],
        ["set allowipv6 yes", "yes"],
      ],
    ],
  ];
  for (const [what, steps] of rows)
    test(what, async () => {
      const desk = fakeDesk("sshd", "web");
      for (const [line, text] of steps) assert.equal(await ask(desk, line.split(" ")), text, line);
    });

  test("a reload carries its options and its stream", async () => {
    const desk = fakeDesk();
    await respond(desk, ["reload", "--all", [], [["start", "x"]]], "all");
    await respond(desk, ["reload", "sshd", ["--restart", "--unban", "--if-exists"], []], "all");
    await respond(desk, ["server-stream", [["a"], ["b"]]], "all");
    assert.deepEqual(desk.deeds, ["reload all  1", "reload sshd restartunbanif-exists 0", "stream 2"]);
  });

  test("streams put many values at once", async () => {
    const desk = fakeDesk("sshd");
    assert.deepEqual((await respond(desk, ["multi-set", "sshd", "addfailregex", ["x", "y"]], "all")).items, [0, true]);
    assert.deepEqual(
      (
        await respond(
          desk,
          [
            "multi-set",
            "sshd",
            "action",
            "nftables",
            [
              ["a", "1"],
              ["b", true],
            ],
          ],
          "all",
        )
      ).items,
      [0, true],
    );
    assert.deepEqual(await desk.jail("sshd").ask("failregex"), ["^a <HOST>$", "^b <HOST>$", "x", "y"]);
    assert.equal(desk.jail("sshd").action("nftables").ask("b"), true);
  });
});

describe("the socket that only answers questions", () => {
  const allowed = [
    "ping",
    "version",
    "status",
    "status --all",
    "status sshd",
    "stats",
    "banned",
    "get loglevel",
    "get sshd failregex",
    "get sshd banip",
    "get sshd actions",
  ];
  for (const line of allowed)
    test(`answers ${line}`, async () =>
      assert.doesNotMatch(await ask(fakeDesk("sshd"), line.split(" "), "ask"), /Permission/));
  const refused = [
    "stop",
    "unban --all",
    "reload --all x y",
    "set loglevel DEBUG",
    "set sshd banip 1.2.3.4",
    "sleep 100",
    "flushlogs",
    "add x",
    "multi-set sshd addfailregex x",
    "server-stream x",
    "config-error x",
  ];
  for (const line of refused)
    test(`refuses ${line}`, async () =>
      assert.equal(
        await ask(fakeDesk("sshd"), line.split(" "), "ask"),
        "Exception: Permission denied: this socket only answers questions",
      ));
  test("does not tell the passwords that stand in actions", async () => {
    assert.match(
      await ask(fakeDesk("sshd"), "get sshd action nftables actionban".split(" "), "ask"),
      /Permission denied/,
    );
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
