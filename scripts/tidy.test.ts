/** Each rule of scripts/tidy.ts: a small tree that breaks it, and one that does not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tidy } from "./tidy.ts";

/** Findings of a tree, as `file:line message`. */
function messages(tree: Readonly<Record<string, string>>): readonly string[] {
  const files = new Map<string, string>(Object.entries(tree));
  return tidy(files).map(({ file, line, message }) => `${file}:${line} ${message}`);
}

/** One file is found wrong at this line with a message like this, and nothing else is. */
function assertWrong(file: string, text: string, line: number, pattern: RegExp): void {
  const found = messages({ [file]: text });
  assert.equal(found.length, 1, found.join("\n") || "nothing was found");
  assert.ok(found[0]?.startsWith(`${file}:${line} `), found[0] ?? "");
  assert.match(found[0] ?? "", pattern);
}

function assertFine(file: string, text: string): void {
  assert.deepEqual(messages({ [file]: text }), []);
}

const from = (path: string): string => `import { x } from "${path}";\nexport const y = x;\n`;

describe("imports", () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["src/base/a.ts", "../core/jail/index.ts", /base reaches up or across to core\/jail/],
    ["src/core/filter/a.ts", "../tally/index.ts", /core\/filter reaches up or across to core\/tally/],
    ["src/core/pattern/a.ts", "../date/index.ts", /reaches up/],
    ["src/core/jail/a.ts", "../../io/store/index.ts", /reaches up/],
    ["src/io/store/a.ts", "../config/index.ts", /reaches up or across/],
    ["src/api/control/a.ts", "../../daemon/index.ts", /reaches up/],
    ["src/daemon/a.ts", "../cli/index.ts", /reaches up/],
    [
      "src/daemon/a.ts",
      "../core/jail/step.ts",
      /src\/core\/jail\/step.ts is a window: import from src\/core\/jail\/index.ts/,
    ],
    ["src/core/tally/a.ts", "../../base/time.ts", /window/],
    ["src/io/store/a.ts", "../../../test/oracle.ts", /does not depend on tests/],
    ["src/core/stuff/a.ts", "../../base/index.ts", /core\/stuff is no room/],
    ["src/core/tally/a.ts", "node:fs", /core\/tally is pure and may not import node:fs/],
    ["src/core/tally/a.ts", "node:net", /pure/],
    ["src/base/a.ts", "node:crypto", /base is pure/],
  ];
  for (const [file, target, pattern] of wrong)
    test(`${file} may not import ${target}`, () => assertWrong(file, from(target), 1, pattern));

  test("a type's import, a re-export and a lazy import are imports, too", () => {
    assertWrong(
      "src/base/a.ts",
      `import type { X } from "../cli/index.ts";\nexport const y: X = 1;\n`,
      1,
      /reaches up/,
    );
    assertWrong("src/base/a.ts", `export * from "../cli/index.ts";\n`, 1, /reaches up/);
    assertWrong("src/base/a.ts", `\nexport const y = import("../cli/index.ts");\n`, 2, /reaches up/);
  });

  const fine: readonly (readonly [string, string])[] = [
    ["src/core/jail/a.ts", "../filter/index.ts"],
    ["src/core/jail/a.ts", "./b.ts"],
    ["src/core/pattern/deep/a.ts", "../b.ts"],
    ["src/core/date/a.ts", "../pattern/index.ts"],
    ["src/core/tally/a.ts", "../quirks/index.ts"],
    ["src/core/tally/a.ts", "node:assert/strict"],
    ["src/base/a.ts", "node:net"],
    ["src/io/store/a.ts", "node:sqlite"],
    ["src/io/store/a.ts", "iconv-lite"],
    ["src/core/tally/a.test.ts", "node:test"],
    ["src/core/tally/a.test.ts", "../../../test/skips.ts"],
    ["src/cli/a.test.ts", "../api/control/desk.fake.ts"],
    ["src/core/jail/a.fake.ts", "../../base/zone.fake.ts"],
    ["src/cli/a.ts", "../daemon/index.ts"],
    ["test/agree/date/a.test.ts", "../../../src/core/date/detector.ts"],
  ];
  for (const [file, target] of fine) test(`${file} may import ${target}`, () => assertFine(file, from(target)));
});

describe("the core", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["export async function f(): Promise<void> {}", /does not wait/],
    ["export const f = async (): Promise<void> => {};", /does not wait/],
    ["export const f = (): number => Date.now();", /Date.now: time/],
    ["export const f = (): Date => new Date();", /new Date\(\): time/],
    ["export const f = (s: string): number => Date.parse(s);", /Date.parse: time, zone/],
    ["export const f = (d: Date): number => d.getHours();", /getHours: time, zone/],
    ["export const f = (): number => Math.random();", /Math.random: /],
    ["export const f = (): number => performance.now();", /performance: tell the core/],
    ["export const f = (): string => process.title;", /process: tell the core/],
    ["export const f = (): void => console.log(1);", /console: /],
    ["export const f = (): unknown => globalThis;", /globalThis: /],
    ["export const f = (g: () => void): unknown => setTimeout(g, 1);", /setTimeout: return an effect/],
  ];
  for (const [text, pattern] of wrong)
    test(`may not say ${text}`, () => assertWrong("src/core/ban/a.ts", `${text}\n`, 1, pattern));

  const fine = [
    "export const f = (): number => Date.UTC(2026, 1);",
    "export const f = (n: number): Date => new Date(n);",
    "export const f = (d: Date): number => d.getUTCDay();",
    "export const f = (job: { process: string }): string => job.process;",
    "export const f = { process: 1, console(): void {} };",
    "export interface F { readonly performance: number }",
  ];
  for (const text of fine) test(`may say ${text}`, () => assertFine("src/core/ban/a.ts", `${text}\n`));

  test("is the only place that may not: io and tests may", () => {
    assertFine("src/io/store/a.ts", "export const f = (): number => Date.now();\n");
    assertFine("src/core/ban/a.test.ts", "export const f = async (): Promise<void> => {};\n");
  });
});

const lines = (count: number, line = "work();"): string => `${line}\n`.repeat(count);

describe("budgets", () => {
  test("a file has at most 300 lines", () => {
    assertFine("src/io/store/a.ts", lines(300));
    assertWrong("src/io/store/a.ts", lines(301), 1, /^src\/io\/store\/a.ts:1 301 lines; at most 300/);
  });

  test("a function has at most 60 lines", () => {
    assertFine("src/io/store/a.ts", `function f() {\n${lines(58)}}\n`);
    assertWrong("src/io/store/a.ts", `\nfunction f() {\n${lines(59)}}\n`, 2, /a function of 61 lines/);
    assertWrong("src/io/store/a.ts", `const f = () => {\n${lines(59)}};\n`, 1, /a function of 61 lines/);
    assertWrong("src/io/store/a.ts", `class A {\n  f() {\n${lines(59)}}\n}\n`, 2, /a function of 61 lines/);
  });

  test("a suite's body is no function, a test's is", () => {
    assertFine("src/io/store/a.test.ts", `describe("it", () => {\n${lines(80)}});\n`);
    assertWrong("src/io/store/a.test.ts", `test("it", () => {\n${lines(80)}});\n`, 1, /a function of 82 lines/);
  });

  test("control statements nest at most 3 deep, counted from the innermost function", () => {
    assertFine("src/io/store/a.ts", "for (;;) if (a) while (b) work();\n");
    assertWrong("src/io/store/a.ts", "for (;;)\n if (a)\n while (b)\n try { work(); } catch {}\n", 4, /nested 4 deep/);
    assertFine("src/io/store/a.ts", "for (;;) if (a) while (b) list.map((it) => { if (it) work(); });\n");
  });

  test("a chain of else-ifs is one level", () => {
    assertFine(
      "src/io/store/a.ts",
      "if (a) b(); else if (c) d(); else if (e) f(); else if (g) h(); else if (i) j();\n",
    );
    assertWrong("src/io/store/a.ts", "if (a) b(); else if (c) for (;;) if (d) if (e) f();\n", 1, /nested 4 deep/);
  });

  test("a comment with a reason exempts a file or the function below it, and is told", () => {
    const told = (text: string): unknown => tidy(new Map([["src/io/store/a.ts", text]])).map(({ allowed }) => allowed);
    assert.deepEqual(told(`// tidy: a table\n${lines(301)}`), ["a table"]);
    assert.deepEqual(told(`work();\n// tidy: one switch\nfunction f() {\n${lines(60)}}\n`), ["one switch"]);
    assert.deepEqual(told(`work();\n// tidy: not above it\n\nfunction f() {\n${lines(60)}}\n`), [undefined]);
    assert.deepEqual(told(`// tidy:\n${lines(301)}`), [undefined]);
  });

  test("a decision has at most 15 lines", () => {
    assertFine("docs/decisions/001-a.md", lines(15));
    assertWrong("docs/decisions/001-a.md", lines(16), 16, /at most 15 lines, not 16/);
  });
});

describe("quirks", () => {
  const file = "src/core/quirks/half-even.ts";
  const header = "/**\n * @quirk half-even\n */\n";

  test("have a test and a header of their own name", () => {
    assert.deepEqual(messages({ [file]: header, "src/core/quirks/half-even.test.ts": "" }), []);
    assertWrong(file, header, 1, /owes a test: half-even.test.ts/);
    assert.equal(messages({ [file]: "/** @quirk other\n */", "src/core/quirks/half-even.test.ts": "" }).length, 1);
  });
});

describe("words", () => {
  // Put together here, so that this file does not hold what it forbids.
  const joined = (...parts: readonly string[]): string => parts.join("");
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["src/io/store/a.ts", joined("// TO", "DO later"), /finish it/],
    ["docs/a.md", joined("FIX", "ME"), /finish it/],
    ["scripts/a.sh", joined("cd /wor", "k/main"), /a path of one machine/],
    ["README.md", joined("see https://registr", "y.npmjs.org/x"), /name no package registry/],
    ["package-lock.json", joined('      "resolve', 'd": "https://example.org/x.tgz",'), /may not name hosts/],
  ];
  for (const [file, text, pattern] of wrong)
    test(`${file} may not say ${text}`, () => assertWrong(file, text, 1, pattern));

  test("inside other words they are harmless", () => {
    assertFine("docs/a.md", "the /network/ and homework/ folders, TODOS, what was resolved: all\n");
  });
});
