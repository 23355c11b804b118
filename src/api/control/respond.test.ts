import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Tuple, type Plain } from "../../base/index.ts";
import { ask } from "./commands/ask.fake.ts";
import { plainText } from "./commands/index.ts";
import { fakeDesk } from "./desk.fake.ts";
import { Raised } from "./pickle/index.ts";
import { respond } from "./respond.ts";

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
    "stop --keep",
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
