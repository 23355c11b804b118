import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plain } from "../../base/index.ts";
import { foldStream, type Folded } from "./fold.ts";
import { putGeneral, showGeneral, startGeneral } from "./general.ts";
import type { OptionWorld } from "./options.ts";

const world: OptionWorld = {
  zone: { toInstant: () => 0, toLocal: () => ({ year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) },
  thisYear: 2026,
  encoding: "UTF-8",
};
const fold = (...commands: readonly (readonly Plain[])[]): Folded =>
  foldStream(commands, { general: startGeneral(), jails: new Map() }, world);

test("a whole stream becomes settings: general ones, jails with their options and actions, what is to be started", () => {
  const folded = fold(
    ["set", "loglevel", "DEBUG"],
    ["set", "dbfile", "/x"],
    ["set", "dbpurgeage", "30d"],
    ["add", "a", "polling"],
    ["set", "a", "maxretry", 7],
    ["multi-set", "a", "addfailregex", ["^x <HOST>", "^y <HOST>"]],
    ["set", "a", "addaction", "act"],
    [
      "multi-set",
      "a",
      "action",
      "act",
      [
        ["actionban", "b"],
        ["norestored", true],
      ],
    ],
    ["set", "a", "action", "act", "name", "a"],
    ["config-error", "Jail 'b' skipped"],
    ["start", "a"],
  );
  assert.deepEqual(folded.refusals, []);
  assert.deepEqual([folded.general.loglevel, folded.general.dbpurgeage], ["DEBUG", 2_592_000]);
  const jail = folded.jails.get("a");
  assert.deepEqual([jail?.maxretry, jail?.filter.failregex.length], [7, 2]);
  assert.deepEqual(
    [...(jail?.actions[0]?.properties ?? [])],
    [
      ["actionban", "b"],
      ["norestored", "1"],
      ["name", "a"],
    ],
  );
  assert.deepEqual([folded.started, folded.errors], [["a"], ["Jail 'b' skipped"]]);
});

test("every refusal is collected with its command, the value in its list, and its jail; other jails are started", () => {
  const folded = fold(
    ["add", "a", "polling"],
    ["set", "a", "findtime", "x"],
    ["multi-set", "a", "addfailregex", ["^x <HOST>", "no address", "("]],
    ["add", "b", "auto"],
    ["set", "b", "maxretry", null],
    ["add", "c", "systemd[journalflags=1]"],
    ["start", "a"],
    ["start", "b"],
    ["start", "c"],
  );
  assert.deepEqual(
    folded.refusals.map(({ index, item, jail, refusal }) => [index, item, jail, refusal.kind]),
    [
      [1, null, "a", "NameError"],
      [2, 1, "a", "RegexException"],
      [2, 2, "a", "RegexException"],
      [4, null, "b", "TypeError"],
    ],
  );
  assert.deepEqual([folded.broken, folded.started], [["a", "b"], ["c"]]);
});

test("an unknown backend, a second jail of the same name and an unknown command are refused", () => {
  const folded = fold(
    ["add", "a", "foo"],
    ["add", "b"],
    ["add", "b"],
    ["bar"],
    ["set", "nosuch", "maxretry", "1"],
    ["start", "nosuch"],
  );
  assert.deepEqual(
    folded.refusals.map(({ refusal }) => refusal.kind),
    ["ValueError", "DuplicateJailException", "Exception", "UnknownJailException", "UnknownJailException"],
  );
  assert.equal(
    folded.refusals[0]?.refusal.message,
    "Unknown backend foo. Must be among ['pyinotify', 'polling', 'systemd'] or 'auto'",
  );
});

test("without a database its options are not looked at", () => {
  assert.deepEqual(
    fold(["set", "dbfile", "None"], ["set", "dbpurgeage", "x"], ["set", "dbmaxmatches", null]).refusals,
    [],
  );
  assert.equal(fold(["set", "dbfile", "/x"], ["set", "dbpurgeage", "x"]).refusals.length, 1);
});

test("general settings are asked for as they were given", () => {
  const start = startGeneral();
  assert.equal(showGeneral(start, "dbfile"), null);
  assert.equal(showGeneral(start, "nosuch"), undefined);
  assert.equal(putGeneral(start, "nosuch", ["x"]), undefined);
  assert.throws(() => putGeneral(start, "loglevel", ["foo"]), {
    kind: "ValueError",
    message: "Invalid log level 'FOO'",
  });
  assert.throws(() => putGeneral(start, "thread", [new Map<string, Plain>([["stacksize", 16]])]), {
    kind: "ValueError",
    message: "size not valid: 16384 bytes",
  });
  assert.equal(putGeneral(start, "thread", [new Map<string, Plain>([["stacksize", 64]])])?.stacksize, 64);
});
