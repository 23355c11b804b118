/** Every stock expression of Debian's package on its sample lines and on others: tags, spans and groups as the original's. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import v8 from "node:v8";
import { compilePattern, GAVE_UP, prepareEngine, type Pattern, type Finding } from "../../../src/core/pattern/index.ts";
import { numbers } from "../../../src/core/pattern/expressions.fixture.ts";
import { Python, PYTHON_WANTED, pythonVersion, type Span } from "./python.fixture.ts";
import { asNewer, NO_ORACLE, readStock, type Stock } from "./stock.fixture.ts";

const skip = pythonVersion() < PYTHON_WANTED ? "needs Python 3.11.5 or later" : NO_ORACLE;
const seed = Number(process.env["PATTERN_SEED"] ?? 20_261_122);

let python: Python;
before(() => {
  prepareEngine((flag) => v8.setFlagsFromString(flag));
  if (skip === false) python = new Python();
});
after(() => {
  if (skip === false) python.end();
});

function compileAll(stock: Stock): Pattern[] {
  return stock.expressions.map(([raw]) => {
    const compiled = compilePattern(raw, { usedns: "warn", multiline: stock.maxlines > 1 });
    assert.ok(compiled.ok, compiled.ok ? "" : compiled.message);
    return compiled.pattern;
  });
}

test("tags stand for what they stand for in the original", { skip }, () => {
  for (const stock of readStock()) {
    compileAll(stock).forEach((pattern, at) => {
      const expanded = stock.expressions[at]?.[1] ?? null;
      if (expanded !== null) assert.equal(pattern.expanded, asNewer(expanded), stock.filter);
    });
  }
});

interface Counts {
  searches: number;
  matches: number;
}

test("stock expressions find in sample lines what Python's re finds", { skip }, async (t) => {
  const pick = numbers(seed);
  const all = readStock().flatMap((stock) => stock.texts);
  const counts: Counts = { searches: 0, matches: 0 };
  const facts = { expressions: 0, printed: 0, linear: 0, needles: 0, first: 0 };
  for (const stock of readStock()) {
    const foreign = Array.from({ length: 40 }, () => mutate(all[pick(all.length)] ?? "", pick));
    const texts = [...stock.texts, ...stock.texts.map((text) => mutate(text, pick)), ...foreign];
    const prefixes = prefixContents(compileAll(stock), stock.texts);
    for (const pattern of compileAll(stock)) {
      facts.expressions++;
      if (pattern.regex.printed !== null) facts.printed++;
      if (pattern.linear) facts.linear++;
      if (pattern.needles !== null) facts.needles++;
      if (pattern.firstChars !== null) facts.first++;
      const asked = [...texts, ...prefixes];
      const answer = await python.ask({ pattern: pattern.expanded, texts: asked, multiline: stock.maxlines > 1 });
      assert.ok(!("error" in answer), `${stock.filter}: ${"error" in answer ? answer.error : ""}`);
      asked.forEach((text, at) => compare(pattern, text, answer.found[at] ?? null, stock.filter, counts));
    }
  }
  t.diagnostic(`seed ${seed} ${JSON.stringify(facts)} ${JSON.stringify(counts)}`);
  assert.ok(facts.expressions > 200 && counts.matches > 1500, "the run proves nothing");
});

function compare(
  pattern: Pattern,
  text: string,
  expected: readonly Span[] | null,
  filter: string,
  counts: Counts,
): void {
  const say = (by: string): string => `${filter}, ${by}: ${pattern.expanded}\n${JSON.stringify(text)}`;
  counts.searches++;
  if (expected !== null) {
    counts.matches++;
    assert.ok(pattern.needles === null || pattern.needles.some((needle) => text.includes(needle)), say("needles"));
    const code = text.charCodeAt(0);
    assert.ok(pattern.firstChars === null || code > 127 || pattern.firstChars.has(code), say("first characters"));
  }
  const groups = pattern.regex.tree.groups;
  assert.deepEqual(spans(pattern.regex.exec(text), groups), expected, say("exec"));
  for (const by of ["matcher", "printed", "linear"] as const) {
    const found = pattern.regex.execBy(by, text);
    if (found !== "cannot") assert.deepEqual(spans(found, groups), expected, say(by));
  }
}

function spans(found: Finding | null | typeof GAVE_UP, groups: number): readonly Span[] | null | string {
  if (found === null || found === GAVE_UP) return found;
  return Array.from({ length: groups + 1 }, (_, index) => found.spanAt(index));
}

/** What prefregexes cut out is what failregexes see. */
function prefixContents(patterns: readonly Pattern[], texts: readonly string[]): string[] {
  const contents = new Set<string>();
  for (const pattern of patterns.filter((each) => each.groups.includes("content"))) {
    for (const text of texts) {
      const found = pattern.exec(text);
      const content = found === null || found === GAVE_UP ? undefined : found.get("content");
      if (content !== undefined && content !== "") contents.add(`${content}\n`);
    }
  }
  return [...contents];
}

const PARTS = [
  "2001:db8::1",
  "1.2.3.4",
  "::ffff:1.2.3.4",
  "host.example.com",
  "dead:beefcafe::1",
  "é",
  " from ",
  "\u00a0",
  "a:b:c:d:e:f:1:2:3",
  "[",
  "user",
  "\n",
  ": ",
];

function mutate(text: string, pick: (below: number) => number): string {
  const at = pick(text.length + 1);
  const length = pick(12);
  if (pick(3) === 0) return text.replace(/\d+\.\d+\.\d+\.\d+/, PARTS[pick(PARTS.length)] ?? "");
  return text.slice(0, at) + (PARTS[pick(PARTS.length)] ?? "") + text.slice(at + length);
}
