import assert from "node:assert/strict";
import { test } from "node:test";
import { isSentLikeDatepattern } from "./datepattern-substring.ts";

test("datepattern-substring: the parts of the word are sent, other names are not", () => {
  for (const name of ["datepattern", "date", "pattern", "e", "tep"])
    assert.equal(isSentLikeDatepattern(name), true, name);
  for (const name of ["mode", "logtype", "datepatterns", "nrettap"])
    assert.equal(isSentLikeDatepattern(name), false, name);
});
