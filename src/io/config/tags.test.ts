import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Unreadable } from "./files.ts";
import { noFlats, putAtOnce, type Meanings } from "./flat.ts";
import { putInSteps, putTags } from "./tags.ts";

const NAMES = ["a", "b", "c", "ab", "x/a", "HOST"];
const piece = fc.constantFrom(
  "<",
  ">",
  " ",
  "a",
  "b",
  "/",
  "x",
  "<a>",
  "<b>",
  "<c>",
  "<ab>",
  "<x/a>",
  "<HOST>",
  "text",
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
const dictionary = fc.dictionary(fc.constantFrom(...NAMES), text, { maxKeys: 5 });

function meaningsOf(values: Map<string, string>, elsewhere: Meanings["elsewhere"]): Meanings {
  return { values, ignored: new Set(), elsewhere, flats: noFlats(), at: () => null };
}

test("tags put at once are those put in steps, where at once does not decline, whatever they meant before", () => {
  let [put, declined] = [0, 0];
  const use = fc.tuple(dictionary, dictionary, fc.subarray(NAMES, { maxLength: 1 }));
  fc.assert(
    fc.property(use, use, (first, [others, elsewhere, ignored]) => {
      const flats = noFlats();
      for (const [changes, found, left] of [first, [{ ...first[0], ...others }, elsewhere, ignored] as const]) {
        const meanings = {
          values: new Map(Object.entries(changes)),
          ignored: new Set(left),
          elsewhere: (name: string) => found[name],
          flats,
          at: () => null,
        };
        const atOnce = putAtOnce(meanings);
        if (atOnce === null) {
          declined += 1;
          continue;
        }
        put += 1;
        assert.deepEqual(putInSteps(meanings), atOnce);
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(put > 2000 && declined > 200, `${put} at once, ${declined} declined`);
});

test("a tag that is put in 27 times is too much, as for the original; 26 times is not", () => {
  const values = (count: number): Map<string, string> => {
    const names = Array.from({ length: count }, (_, at) => `t${at}`);
    return new Map([
      ["option", names.map((name) => `<${name}>`).join("")],
      ...names.map((name) => [name, "<x>"] as const),
    ]);
  };
  const put = (count: number): string | undefined =>
    putTags(meaningsOf(values(count), (name) => (name === "x" ? "." : undefined))).get("option");
  assert.equal(put(26), ".".repeat(26));
  assert.throws(() => put(27), Unreadable);
});

test("tags in tags beyond what the stack holds do not end the program", () => {
  const values = new Map(Array.from({ length: 50_000 }, (_, at) => [`t${at}`, `<t${at + 1}>`] as const));
  assert.throws(() => putTags(meaningsOf(values, () => undefined)), Unreadable);
});
