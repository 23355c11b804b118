import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fakeDesk } from "../desk.fake.ts";
import { respond } from "../respond.ts";
import { ask } from "./ask.fake.ts";

process.env["TZ"] = "UTC";

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
