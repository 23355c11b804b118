import assert from "node:assert/strict";
import { before, test } from "node:test";
import v8 from "node:v8";
import { compileRegex, type Finding, GAVE_UP, prepareEngine } from "./index.ts";

before(() => prepareEngine((flag) => v8.setFlagsFromString(flag)));

type Groups = readonly (string | null)[] | null;

/** Expression, text, whole match and groups (engine.md §2.6; group 0 first). */
const ROWS: readonly (readonly [string, string, Groups])[] = [
  ["(?P<n>a)(?P=n)", "xaa", ["aa", "a"]],
  ["^x((?:\\d+){3}+)", "x123456", ["x123456", "123456"]],
  ["a.b", "a\rb", ["a\rb"]],
  ["a.b", "a\u2028b", ["a\u2028b"]],
  ["a.b", "a\nb", null],
  ["(?s)a.b", "a\nb", ["a\nb"]],
  ["a.b", "a\u{1f600}b", ["a\u{1f600}b"]],
  ["a$", "a\n", ["a"]],
  ["a$", "a\n\n", null],
  ["a\\Z", "a\n", null],
  ["(a$)", "a\n", ["a", "a"]],
  ["\\s*$", "a \n", [" \n"]],
  ["(?:a$|b)", "xa\n", ["a"]],
  ["(?:a$)?\\n?", "a\n", ["a\n"]],
  ["(?m)^b$", "a\nb\nc", ["b"]],
  ["(?m)^$", "a\n", [""]],
  ["(?m)b$", "b\rx", null],
  ["\\Ab", "a\nb", null],
  ["\\w+", "-é٣_\u0301", ["é٣_"]],
  ["(?a)\\w+", "éab", ["ab"]],
  ["x(?a:\\w+)", "xaé", ["xa"]],
  ["\\d", "٣", ["٣"]],
  ["\\s", "\u001c", ["\u001c"]],
  ["\\s", "\u0085", ["\u0085"]],
  ["\\s", "\ufeff", null],
  ["[^\\W\\d]+", "1aé2", ["aé"]],
  ["[\\W]", "aé-", ["-"]],
  ["\\bé", "aé é", ["é"]],
  ["é\\b", "éa é", ["é"]],
  ["\\B", "", null],
  ["(?i)straſe", "STRASE", ["STRASE"]],
  ["(?i)i", "İ", ["İ"]],
  ["(?i)K", "\u212a", ["\u212a"]],
  ["(?i)[^k]", "K\u212ak", null],
  ["(?i)[a-c]+", "xABcd", ["ABc"]],
  ["a(?i:b)c", "aBc", ["aBc"]],
  ["a(?i:b)c", "aBC", null],
  ["(?i)a(?-i:b)", "Ab", ["Ab"]],
  ["(?i)a(?-i:b)", "AB", null],
  ["(?x)a b # c\n d", "abd", ["abd"]],
  ["xa{,2}", "xaaa", ["xaa"]],
  ["a{,}", "aa", ["aa"]],
  ["a{x", "a{x", ["a{x"]],
  ["a{2,x}", "a{2,x}", ["a{2,x}"]],
  ["[]a]+", "]a", ["]a"]],
  ["[^]a]+", "]b", ["b"]],
  ["[a[&&--~~]+", "[&-~a", ["[&-~a"]],
  ["[\\b]", "\b", ["\b"]],
  ["\\-\\\"\\:\\>\\'\\<\\,\\;\\=\\ \\@", "-\":>'<,;= @", ["-\":>'<,;= @"]],
  ["\\0\\012\\101[\\1]", "\0\nA\u0001", ["\0\nA\u0001"]],
  ["\\x41\\u00e9\\U0001f600", "Aé\u{1f600}", ["Aé\u{1f600}"]],
  ["\\a\\f\\v\\t", "\u0007\f\v\t", ["\u0007\f\v\t"]],
  ["(a)?(?:\\1)b", "b", null],
  ["(?:(a)|b)\\1", "ba", null],
  ["(?i)(a)\\1", "aA", ["aA", "a"]],
  ["((?:x|xx)(a)?).*(?(2)1|2)", "xxa12", ["xxa12", "x", null]],
  ["(?: (?:u=(\\w+)|\\w+=\\w+))*", " u=a x=b", [" u=a x=b", "a"]],
  ["(?:(a)|(b))+", "ab", ["ab", "a", "b"]],
  ["(a|b*)*", "a", ["a", ""]],
  ["(?:a?|b)*", "b", [""]],
  ["(?:|a)?", "a", [""]],
  ["(a)?b(?(1)c|d)", "abcbd", ["abc", "a"]],
  ["(a)?b(?(1)c|d)", "bd", ["bd", null]],
  ['(?P<q>")?x(?(q)")', '"x', ["x", null]],
  ["(?:x|(a)|y)b(?(1)1|2)", "ab2 yb2", ["yb2", null]],
  ["(?:(a)|b)*(?(1)c|d)", "abc", ["abc", "a"]],
  ["(a)??b(?(1)c|d)", "abcd", ["abc", "a"]],
  ["(?>a+)a", "aaa", null],
  ["a++b", "aaab", ["aaab"]],
  ["(?:ab)*+a", "ababa", ["ababa"]],
  ["a{1,2}+a", "aa", null],
  ["(?<=ab)c", "abc", ["c"]],
  ["(?<!a)b", "ab b", ["b"]],
  ["(?<=(a))b", "ab", ["b", "a"]],
  ["(?=(a+))a", "aa", ["a", "aa"]],
  ["a(?!b).", "abac", ["ac"]],
  ["(?:(?! from ).)*", "x from y", ["x"]],
  ["a{3}", "aaaa", ["aaa"]],
  ["(?:a{1,3}){2}", "aaaaa", ["aaaaa"]],
  ["(?:ab?){1,20}", "abaab", ["abaab"]],
  ["a{3,20}b", `${"a".repeat(25)}b`, [`${"a".repeat(20)}b`]],
  ["x(a{2,40}?)(a*)", `x${"a".repeat(50)}`, [`x${"a".repeat(50)}`, "aa", "a".repeat(48)]],
  ["x(a{18,40})(a*)", `x${"a".repeat(50)}`, [`x${"a".repeat(50)}`, "a".repeat(40), "a".repeat(10)]],
  ["a{17}", "a".repeat(16), null],
  ["a{33}", "a".repeat(40), ["a".repeat(33)]],
  ["(?m)^(b|c)$", "a\nb\nc", ["b", "b"]],
  ["x*?y", "xxy", ["xxy"]],
  ["x{0}y", "xy", ["y"]],
  ["", "a", [""]],
  ["a|", "b", [""]],
];

function groupsOf(found: Finding | null | string, count: number): Groups | string {
  if (found === null || typeof found === "string") return found;
  return Array.from({ length: count + 1 }, (_, index) => found.text(index) ?? null);
}

test("every evaluator reads expressions as Python does", () => {
  for (const [source, text, expected] of ROWS) {
    const compiled = compileRegex(source);
    assert.ok(compiled.ok, source);
    const { regex } = compiled;
    const say = `${source} on ${JSON.stringify(text)}`;
    assert.deepEqual(groupsOf(regex.exec(text), regex.tree.groups), expected, say);
    for (const by of ["matcher", "printed", "linear"] as const) {
      const found = regex.execBy(by, text);
      if (found !== "cannot") assert.deepEqual(groupsOf(found, regex.tree.groups), expected, `${by}: ${say}`);
    }
  }
});

test("a search may begin late and end early, and knows the text's start but not what was cut", () => {
  const exec = (source: string, text: string, from?: number, to?: number): readonly number[] | null => {
    const compiled = compileRegex(source);
    assert.ok(compiled.ok);
    const found = compiled.regex.exec(text, from, to);
    assert.ok(found !== GAVE_UP);
    return found === null ? null : [found.start, found.end];
  };
  for (const wide of ["", "é"]) {
    assert.deepEqual(exec("a", `aba${wide}`, 1), [2, 3]);
    assert.deepEqual(exec("^a", `aa${wide}`, 1), null);
    assert.deepEqual(exec("(?<=a)b", `ab${wide}`, 1), [1, 2]);
    assert.deepEqual(exec("\\bb", `ab${wide}`, 1), null);
    assert.deepEqual(exec("b$", `abb${wide}`, 0, 2), [1, 2]);
    assert.deepEqual(exec("b\\b", `abb${wide}`, 0, 2), [1, 2]);
    assert.deepEqual(exec("b(?!b)", `abb${wide}`, 0, 2), [1, 2]);
    assert.deepEqual(exec("ab", `abb${wide}`, 0, 1), null);
  }
});

test("plain forms have no flag that the linear engine refuses, and take a final dollar without look-ahead", () => {
  for (const source of ["(?i)^Failed (\\w+)$", "^a(?P<b>x{1,3})*? \\S+ .+$", "^<(?:a|b$)"]) {
    const compiled = compileRegex(source);
    assert.ok(compiled.ok && compiled.regex.linear, source);
    assert.ok(compiled.regex.printed?.includes("(?=") === false);
  }
  const look = compileRegex("a(?!b*c)");
  assert.ok(look.ok && !look.regex.linear && look.regex.printed !== null);
});
