import assert from "node:assert/strict";
import { test } from "node:test";
import { extractOptions, splitReferences } from "./reference.ts";

const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ["a b", ["a", "b"]],
  ['a[x="1 2"]\nb[y=2]', ['a[x="1 2"]', "b[y=2]"]],
  ["a[x=1] [y=2]", ["a[x=1] [y=2]"]],
  ["a [x=1]", ["a [x=1]"]],
  ["a[x=1]b", ["a[x=1]b"]],
  ["a,b", ["a,b"]],
  ["a, b", ["a,", "b"]],
  ["a[x=1,,y= 2]", ["a[x=1,,y=", "2]"]],
  ["  ", []],
  ["[x]", ["[x]"]],
];

for (const [text, expected] of LISTS) {
  test(`${JSON.stringify(text)} is split into ${JSON.stringify(expected)}`, () =>
    assert.deepEqual(splitReferences(text), expected));
}

const READ: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ["sshd", "sshd", {}],
  ["a [x=1]", "a ", { x: "1" }],
  ["a[x= 1]", "a", { x: "1" }],
  ["a[x=1][y=2]", "a", { x: "1", y: "2" }],
  ["a[x=1] [y=2] ", "a", { x: "1", y: "2" }],
  ["a[x=1,]", "a", { x: "1" }],
  ["a[]", "a", {}],
  ["a[x=1,x=2]", "a", { x: "2" }],
  ['sshd[mode=a, x="b,c]", y=\'d"e\', z=f g ]', "sshd", { mode: "a", x: "b,c]", y: 'd"e', z: "f g" }],
  ['a[x=b"c"]', "a", { x: 'b"c"' }],
  ['a[blocktype?family=inet6="REJECT --reject-with x"]', "a", { "blocktype?family=inet6": "REJECT --reject-with x" }],
  ["a[x=1=2;3\n4]", "a", { x: "1=2;3\n4" }],
];

for (const [text, name, options] of READ) {
  test(`${JSON.stringify(text)} is read as ${name} with ${JSON.stringify(options)}`, () => {
    const extracted = extractOptions(text);
    assert.ok(extracted.ok);
    assert.equal(extracted.name, name);
    assert.deepEqual(Object.fromEntries(extracted.options), options);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["a[x=a]b, y=1]", "unexpected syntax at 3 after option 'x': ]b, y=1"],
  ["a[x=1,,y=2]", "expected option, wrong syntax at 4: ,y=2"],
  ["a[x]", "expected option, wrong syntax at 0: x"],
  ["a[x = 1]", "expected option, wrong syntax at 0: x = 1"],
  ["a[x=1", "unexpected option syntax"],
  ["a[x=1]b", "unexpected option syntax"],
  ["[x=1]", "unexpected option syntax"],
  ["", "unexpected option syntax"],
];

for (const [text, reason] of REFUSED) {
  test(`${JSON.stringify(text)} is refused: ${reason}`, () =>
    assert.deepEqual(extractOptions(text), { ok: false, reason }));
}
