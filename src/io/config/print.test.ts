import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plain } from "../../base/index.ts";
import { printStream } from "./print.ts";

const pretty = (words: readonly Plain[]): string => printStream([{ words, at: null }], true);

test("what fits in a thousand columns stands on one line", () => {
  assert.equal(pretty(["set", "a", 1]), "['set', 'a', 1]\n");
  const fits = "x".repeat(987);
  assert.equal(pretty(["set", fits]), `['set', '${fits}']\n`.slice(0));
});

test("a longer list has one element a line, indented by two; inner lists by four", () => {
  const long = "x".repeat(990);
  assert.equal(
    pretty(["set", [["a", long], "b"]]),
    `[ 'set',\n  [ ['a', '${long}'],\n    'b']]\n`.replace(`['a', '${long}']`, `[ 'a',\n      '${long}']`),
  );
});

test("a text that does not fit is broken at white space into several literals", () => {
  const word = "y".repeat(600);
  assert.equal(pretty(["set", `${word} ${word}`]), `[ 'set',\n  '${word} '\n  '${word}']\n`);
  assert.equal(pretty(["set", `${word}\n${word}`]), `[ 'set',\n  '${word}\\n'\n  '${word}']\n`);
});

test("without pretty print every command is one line", () => {
  assert.equal(
    printStream(
      [
        { words: ["a"], at: null },
        { words: ["b", null, true], at: null },
      ],
      false,
    ),
    "['a']\n['b', None, True]\n",
  );
});
