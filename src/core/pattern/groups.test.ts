import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, GAVE_UP, type GroupValue, mergedGroups } from "./index.ts";

function merged(source: string, text: string): Record<string, GroupValue> {
  const compiled = compilePattern(source, { usedns: "warn", multiline: false });
  assert.ok(compiled.ok);
  const found = compiled.pattern.exec(text);
  assert.ok(found !== null && found !== GAVE_UP);
  return Object.fromEntries(mergedGroups(compiled.pattern, found));
}

const ALTERNATES = "<F-ID>a</F-ID>(?P<alt_user_1>b)?(?P<alt_user>c)?(?P<user>d)?";

test("groups that took no part are told apart from empty ones", () => {
  assert.deepEqual(merged("<F-ID>a</F-ID><F-X>b*</F-X><F-Y>c</F-Y>?", "a"), { fid: "a", x: "", y: null });
});

test("an alternate is used where the group has no value, in order of the names", () => {
  assert.deepEqual(merged(ALTERNATES, "abc"), { fid: "a", alt_user_1: "b", alt_user: "c", user: "c" });
  assert.deepEqual(merged(ALTERNATES, "abd"), { fid: "a", alt_user_1: "b", alt_user: null, user: "d" });
  assert.deepEqual(merged(ALTERNATES, "ab"), { fid: "a", alt_user_1: "b", alt_user: null, user: "b" });
  assert.deepEqual(merged(ALTERNATES, "a"), { fid: "a", alt_user_1: null, alt_user: null, user: null });
});

test("only a number after an underscore is cut off the name, and short names are renamed like tags", () => {
  assert.deepEqual(merged("<F-ID>a</F-ID>(?P<alt_a1>b)(?P<alt_A>c)(?P<alt_port>d)", "abcd"), {
    fid: "a",
    alt_a1: "b",
    alt_A: "c",
    alt_port: "d",
    a: "c",
    a1: "b",
    fport: "d",
  });
});

test("tuples grow by every group of theirs, also by those that took no part", () => {
  const source = "<F-ID>a</F-ID>(?P<tuple_id>b)?(?P<tuple_id_2>c)?";
  assert.deepEqual(merged(source, "abc")["fid"], ["a", "b", "c"]);
  assert.deepEqual(merged(source, "ab")["fid"], ["a", "b", null]);
  assert.deepEqual(merged(source, "ac")["fid"], ["a", null, "c"]);
  assert.deepEqual(merged("<F-ID>a</F-ID>(?P<tuple_x>b)?", "ab")["x"], [null, "b"]);
});
