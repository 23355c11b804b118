import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProof, printProof, printRotation, resume, type Bookmark, type FileFacts } from "./bookmark.ts";

const file: FileFacts = { id: "1:2", size: 100, hash: "aa", tail: "77" };
const mark: Bookmark = { hash: "aa", offset: 50, proof: "1:2/77" };

const TABLE: readonly (readonly [what: string, mark: Bookmark, file: FileFacts, offset: number | null])[] = [
  ["goes on behind the mark", mark, file, 50],
  ["goes on in a copy of the file", mark, { ...file, id: "1:3" }, 50],
  ["does not know another first line", mark, { ...file, hash: "bb" }, null],
  ["does not know a shorter file", mark, { ...file, size: 49, tail: null }, null],
  ["goes on at the very end", mark, { ...file, size: 50 }, 50],
  ["does not know the same header with other lines", mark, { ...file, tail: "88" }, null],
  ["trusts the first line alone when there is no proof", { ...mark, proof: null }, { ...file, tail: "88" }, 50],
  ["trusts the first line alone when the proof is none", { ...mark, proof: "nonsense" }, { ...file, tail: "88" }, 50],
  ["begins anew in a file that had no whole line", { hash: "", offset: 0, proof: null }, file, 0],
  ["knows a file of which nothing was read by its first line", { hash: "aa", offset: 0, proof: "1:9/" }, file, 0],
  ["does not know another one of which nothing was read", { hash: "bb", offset: 0, proof: "1:2/" }, file, null],
  ["knows a file that had no whole line by its inode", { hash: "", offset: 0, proof: "1:2/" }, file, 0],
  ["does not know it under another inode", { hash: "", offset: 0, proof: "1:9/" }, file, null],
];
for (const [what, given, found, offset] of TABLE)
  test(`a bookmark ${what}`, () => assert.equal(resume(given, found), offset));

test("a proof is read as it was printed", () => {
  const proof = { id: "65024:1234", tail: "0a1b" };
  assert.deepEqual(parseProof(printProof(proof)), proof);
  assert.deepEqual(
    [parseProof(null), parseProof(""), parseProof("1:2"), parseProof("1:2/zz")],
    [null, null, null, null],
  );
});

test("the reason of a rotation is printed as a tuple", () => {
  assert.equal(printRotation(6, 11, 2146435n, 2146419n, "be", "e3"), "(6, 11, 2146435, 2146419, 'be', 'e3')");
});
