import assert from "node:assert/strict";
import { test } from "node:test";
import { Float, pythonRepr, Refusal, type Plain } from "../../base/index.ts";
import { addAction, actionProperty, removeAction, setProperties } from "./actions.ts";
import { emptyJail, JAIL_OPTIONS, putOption, showOption, type OptionWorld } from "./options.ts";
import type { JailSettings } from "./settings.ts";
import { JAIL_WORDS } from "../option/index.ts";

const world: OptionWorld = {
  zone: { toInstant: () => 0, toLocal: () => ({ year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) },
  thisYear: 2026,
  encoding: "UTF-8",
};
const fresh = emptyJail("j", "polling");
const put = (jail: JailSettings, word: string, ...args: readonly Plain[]): JailSettings =>
  putOption(jail, word, args, world);
const shown = (jail: JailSettings, key: string): string => pythonRepr(showOption(jail, key, world));

test("every option that commands carry has a meaning, and every meaning a row", () => {
  const carried = JAIL_WORDS.filter((row) => !("reader" in row)).map(({ key }) => key);
  assert.deepEqual(carried.toSorted(), Object.keys(JAIL_OPTIONS).toSorted());
});

const DEFAULTS: readonly (readonly [string, string])[] = [
  ["maxretry", "3"],
  ["maxmatches", "5"],
  ["findtime", "600"],
  ["bantime", "600"],
  ["bantime.increment", "None"],
  ["bantime.foo", "None"],
  ["ignoreself", "True"],
  ["ignoreip", "[]"],
  ["ignorecommand", "False"],
  ["ignorecache", "None"],
  ["logtimezone", "None"],
  ["logencoding", "'UTF-8'"],
  ["logformat", "'plain'"],
  ["logpath", "[]"],
  ["logglob", "[]"],
  ["usedns", "'warn'"],
  ["prefregex", "''"],
  ["failregex", "[]"],
  ["maxlines", "1"],
  ["datepattern", "(None, 'Default Detectors')"],
  ["journalmatch", "[]"],
];

for (const [key, expected] of DEFAULTS) {
  test(`${key} is ${expected} in a jail that was told nothing`, () => assert.equal(shown(fresh, key), expected));
}

test("a float of findtime and of the ban's limits stays one", () => {
  assert.equal(shown(put(fresh, "findtime", "1mo"), "findtime"), "2629800.0");
  assert.equal(shown(put(fresh, "bantime.maxtime", "1mo"), "bantime.maxtime"), "2629800.0");
  assert.equal(shown(put(fresh, "bantime", "1mo"), "bantime"), "2629800");
  assert.ok(showOption(put(fresh, "bantime.rndtime", "1.5m"), "bantime.rndtime", world) instanceof Float);
});

test("patterns of log files are kept once each and can be taken away", () => {
  const jail = put(put(put(fresh, "addlogglob", "/a/*.log"), "addlogglob", "/b/*"), "addlogglob", "/a/*.log");
  assert.equal(shown(jail, "logglob"), "['/a/*.log', '/b/*']");
  assert.equal(shown(put(jail, "dellogglob", "/a/*.log"), "logglob"), "['/b/*']");
});

test("the format of log files is one of two words", () => {
  assert.equal(shown(put(fresh, "logformat", "json-file"), "logformat"), "'json-file'");
  assert.throws(
    () => put(fresh, "logformat", "json"),
    new Refusal("ValueError", "Unknown logformat 'json'. Must be 'plain' or 'json-file'"),
  );
});

test("an emptied option is None again", () => {
  const set = put(put(fresh, "bantime.factor", "2"), "bantime.multipliers", "1 2 4");
  assert.deepEqual([set.ban.factor, set.ban.multipliers], ["2", [1, 2, 4]]);
  const emptied = put(put(set, "bantime.factor", ""), "bantime.multipliers", "");
  assert.deepEqual([emptied.ban.factor, emptied.ban.multipliers], [null, null]);
});

test("ignored addresses are kept once however they are written, and shown after networks and names", () => {
  const jail = put(
    fresh,
    "addignoreip",
    "192.0.2.1",
    "2001:DB8::1",
    "2001:db8:0::1",
    "",
    "198.51.100.0/24",
    "a.example",
  );
  assert.equal(shown(jail, "ignoreip"), "['198.51.100.0/24', 'a.example', '192.0.2.1', '2001:db8::1']");
  assert.equal(
    shown(put(jail, "delignoreip", "[2001:db8::1]"), "ignoreip"),
    "['198.51.100.0/24', 'a.example', '192.0.2.1']",
  );
});

test("expressions are added, shown expanded, and taken away by index from either end", () => {
  const two = put(fresh, "addfailregex", "^a <HOST>", "^b <ADDR>");
  assert.equal(two.filter.failregex.length, 2);
  assert.match(shown(two, "failregex"), /\?P<ip4>/);
  assert.equal(put(two, "delfailregex", "-1").filter.failregex[0]?.source, "^a <HOST>");
  assert.equal(put(two, "delfailregex", "0").filter.failregex[0]?.source, "^b <ADDR>");
  assert.equal(put(two, "delfailregex", "9").filter.failregex.length, 2);
});

test("an expression without an address is taken when the prefregex has one", () => {
  assert.throws(() => put(fresh, "addfailregex", "^a$"), {
    name: "Refusal",
    kind: "RegexException",
    message: "No failure-id group in '^a$'",
  });
  const cut = put(fresh, "prefregex", "^<HOST> <F-CONTENT>.+</F-CONTENT>$");
  assert.equal(put(cut, "addfailregex", "^a$").filter.failregex.length, 1);
});

test("a log file is added once; head and tail in any case", () => {
  const jail = put(put(fresh, "addlogpath", "/a", "TAIL"), "addlogpath", "/a", "head");
  assert.deepEqual(jail.logpath, [{ path: "/a", tail: true }]);
  assert.deepEqual(put(jail, "dellogpath", "/a").logpath, []);
  assert.throws(() => put(fresh, "addlogpath", "/a", "x"), {
    kind: "ValueError",
    message: "File option must be 'head' or 'tail'",
  });
});

test("lines of journalmatch are taken away as they were added, all of them without a word", () => {
  const jail = put(put(fresh, "addjournalmatch", "_A=1", "+", "_B=2"), "addjournalmatch", "_C=3");
  assert.equal(shown(jail, "journalmatch"), "[['_A=1', '+', '_B=2'], ['_C=3']]");
  assert.equal(shown(put(jail, "deljournalmatch", "_C=3"), "journalmatch"), "[['_A=1', '+', '_B=2']]");
  assert.deepEqual(put(jail, "deljournalmatch").journalmatch, []);
});

test("an unknown word is refused in the original's words", () => {
  assert.throws(() => put(fresh, "foo", "x"), {
    kind: "Exception",
    message: "Invalid command 'foo' (no set action or not yet implemented)",
  });
  assert.throws(() => put(fresh, "enabled", "true"), { kind: "Exception" });
  assert.throws(() => showOption(fresh, "idle", world), {
    kind: "Exception",
    message: "Invalid command (no get action or not yet implemented)",
  });
  assert.throws(() => put(fresh, "maxretry"), { kind: "IndexError" });
});

test("idle takes two words", () => {
  assert.equal(put(fresh, "idle", "on").idle, true);
  assert.throws(() => put(fresh, "idle", "maybe"), Refusal);
});

test("a refusal leaves the settings as they were", () => {
  const before = put(fresh, "findtime", "5m");
  assert.throws(() => put(before, "findtime", "x"));
  assert.equal(before.findtime, 300);
});

test("actions have properties; booleans stand as 1 and nothing; bantime is no property", () => {
  const jail = setProperties(addAction(fresh, ["a"]), "a", [
    ["actionban", "x <ip>"],
    ["norestored", true],
    ["actionstart_on_demand", false],
    ["bantime", "5"],
  ]);
  assert.deepEqual(
    [...(jail.actions[0]?.properties ?? [])],
    [
      ["actionban", "x <ip>"],
      ["norestored", "1"],
      ["actionstart_on_demand", ""],
    ],
  );
  assert.equal(actionProperty(jail, "a", "actionban"), "x <ip>");
  assert.throws(() => actionProperty(jail, "a", "foo"), {
    kind: "AttributeError",
    message: "'CommandAction' object has no attribute 'foo'",
  });
  assert.throws(() => addAction(jail, ["a"]), { kind: "ValueError", message: "Action a already exists" });
  assert.deepEqual(removeAction(jail, "a").actions, []);
});

test("a module's parameters are read from its JSON", () => {
  const jail = addAction(fresh, ["smtp", "/etc/x/action.d/smtp.py", '{"dest": "a@b", "n": 1}']);
  assert.deepEqual(jail.actions[0], {
    name: "smtp",
    module: "/etc/x/action.d/smtp.py",
    properties: new Map([
      ["dest", "a@b"],
      ["n", "1"],
    ]),
  });
  assert.throws(() => addAction(fresh, ["smtp", "/x.py", "[1]"]), { kind: "TypeError" });
  assert.throws(() => addAction(fresh, ["smtp", "/x.py", "{"]), { kind: "ValueError" });
});
