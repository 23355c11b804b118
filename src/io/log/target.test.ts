import assert from "node:assert/strict";
import { test } from "node:test";
import { readTarget } from "./target.ts";

test("reads targets with their options and defaults", () => {
  assert.deepEqual(readTarget("/var/log/x.log").target, {
    kind: "FILE",
    shown: "/var/log/x.log",
    datetime: true,
    padding: true,
    facility: 3,
  });
  assert.deepEqual(readTarget("syslog[facility=auth]").target, {
    kind: "SYSLOG",
    shown: "SYSLOG",
    datetime: false,
    padding: false,
    facility: 4,
  });
  assert.deepEqual(readTarget('STDOUT[datetime=off, padding="no"]').target, {
    kind: "STDOUT",
    shown: "STDOUT",
    datetime: false,
    padding: false,
    facility: 3,
  });
  assert.equal(readTarget("SYSOUT").target.datetime, false);
  assert.deepEqual(readTarget("SYSLOG[facility=LOG_LOCAL3]").target.facility, 19);
});

test("names a facility that does not exist and takes DAEMON", () => {
  const { target, unknownFacility } = readTarget("SYSLOG[facility=moon]");
  assert.equal(unknownFacility, "MOON");
  assert.equal(target.facility, 3);
});
