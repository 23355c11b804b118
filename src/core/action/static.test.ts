import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Family } from "./family.ts";
import { interpolate } from "./static.ts";

const HOSTS = { full: "host.example", short: "host" };

function fill(
  text: string,
  properties: Readonly<Record<string, string>>,
  family: Family = "",
  key = "actionban",
): string {
  const made = interpolate(key, text, new Map(Object.entries({ [key]: text, ...properties })), family, HOSTS);
  return made.ok ? made.text : `! ${made.message}`;
}

describe("static tags", () => {
  const cases: readonly [
    what: string,
    text: string,
    properties: Record<string, string>,
    family: Family,
    expected: string,
  ][] = [
    ["are replaced by properties", "-p <port>/<protocol>", { port: "22", protocol: "tcp" }, "", "-p 22/tcp"],
    ["are replaced within properties", "<a>", { a: "x<b>", b: "y<c>", c: "z" }, "", "xyz"],
    ["compose names from the inside out", "<mdre-<mode>>", { mode: "hard", "mdre-hard": "yes" }, "", "yes"],
    ["stay when nothing has their name", "cat < in > <ip> <unknown>", {}, "", "cat < in > <ip> <unknown>"],
    [
      "prefer the variant of the family",
      "<tool> <port>",
      { tool: "ipt4", "tool?family=inet6": "ipt6", port: "1" },
      "inet6",
      "ipt6 1",
    ],
    [
      "take the plain value for the other family",
      "<tool>",
      { tool: "ipt4", "tool?family=inet6": "ipt6" },
      "inet4",
      "ipt4",
    ],
    [
      "take the address family's value for networks",
      "<tool>/<set>",
      { tool: "4", "tool?family=inet6": "6", set: "s", "set?family=inet6-net": "n" },
      "inet6-net",
      "6/n",
    ],
    [
      "know line feed, blank and the host's names",
      "a<br>b<sp>c <fq-hostname> <sh-hostname>",
      {},
      "",
      "a\nb c host.example host",
    ],
    ["escape lines that a user sets himself", "<matches>", { matches: "a'b\n<ip>\r$" }, "", "a\\'b\\n\\<ip\\>\\r\\$"],
    ["treat a dollar in a value as it is", "<x>", { x: "$& $1" }, "", "$& $1"],
  ];
  for (const [what, text, properties, family, expected] of cases)
    test(what, () => assert.equal(fill(text, properties, family), expected));

  test("complain about a circle in the original's words", () => {
    assert.equal(
      fill("echo <foo>", { foo: "<bar>", bar: "<foo>" }, "", "actionstart"),
      "! properties contain self referencing definitions and cannot be resolved, fail tag: actionstart, found: foo in {'foo': 26, 'bar': 25}, value: echo <foo>",
    );
  });

  test("complain about a value that names itself", () => {
    assert.match(
      fill("echo <actionban>", {}),
      /^! properties contain self referencing definitions.*found: actionban in \{'actionban': 1\}/,
    );
  });

  test("stop a value that grows without end", () => {
    assert.match(
      fill("<a>", {
        a: "<b><b><b><b>",
        b: "<c><c><c><c>",
        c: "x".repeat(1000) + "<d><d><d><d>",
        d: "y".repeat(100_000),
      }),
      /^! actionban grows beyond/,
    );
  });
});
