/**
 * The date detector against the original's, on seeded random lines: which template wins, what is cut out, what moment it
 * was, and what was learned. FAIL2BAN_SEED=n repeats a run; without it each run takes another seed and prints it.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { createDetector, createTemplates, type DateFound, parseTimezone } from "../../../src/core/date/index.ts";
import { zoneNamed } from "../../../src/daemon/zone.ts";
import { note } from "../../ledger.ts";
import { oracleEnvironment } from "../../oracle.ts";
import { without } from "../../skips.ts";
import { FORMS, lineOf, pick, type Random, randomOf } from "./lines.ts";

const SEED = Number(process.env["FAIL2BAN_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const NOW = 1124013600;
/** 9999-12-31 23:59:59. */
const LAST_SECOND = 253_402_300_799;
/** The default format that 1.0.2 has in an older form: without `-` before and without colons in the time. */
const NEWER_FORMAT = [13, String.raw`%ExY%Exm%Exd(?:-|T|  ?)%ExH:?%ExM:?%ExS(?:[.,]%f)?(?:\s*%z)?`] as const;

/** Shared, so that each expression is compiled once. */
const templates = createTemplates();

interface Run {
  readonly pattern: string | null;
  readonly timezone: string | null;
  readonly steps: readonly (readonly [now: number, line: string])[];
}

type Step = readonly [name: string, start: number, end: number, value: number | string] | null;
type Answer =
  | { readonly refused: string }
  | {
      readonly steps: readonly Step[];
      readonly order: readonly (readonly [name: string, hits: number, weight: number])[];
    };

function askOriginal(runs: readonly Run[], zone: string): { readonly year: number; readonly runs: readonly Answer[] } {
  const child = spawnSync("/usr/bin/python3", [fileURLToPath(new URL("oracle.py", import.meta.url))], {
    input: JSON.stringify({ format: NEWER_FORMAT, runs }),
    env: { ...process.env, ...oracleEnvironment, TZ: zone, LC_ALL: "C.UTF-8" },
    encoding: "utf8",
    maxBuffer: 1 << 27,
    timeout: 60_000,
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout) as { year: number; runs: Answer[] };
}

/** The original counts characters, we count UTF-16 units; the lines here have none outside of the first plane. */
function describe(line: string, found: DateFound | null, name: string): Step {
  return found === null ? null : [name, found.start, found.end, found.at ?? "invalid"];
}

/** A word before a month that is no known zone in capitals: the original takes it for one and loses the date (§11, 18). */
function isStrayZone(theirs: Step): boolean {
  return (
    theirs !== null && theirs[0].includes("(?:Zone ") && (theirs[3] === "error: KeyError" || theirs[3] === "invalid")
  );
}

/** Both hours of a clock set back have the same name; which one the original takes depends on what it was asked before. */
function isOtherHour(ours: Step, theirs: Step, shown: (at: number) => unknown): boolean {
  if (ours === null || theirs === null || typeof ours[3] !== "number" || typeof theirs[3] !== "number") return false;
  if (Math.abs(ours[3] - theirs[3]) !== 3600) return false;
  assert.deepEqual(shown(ours[3]), shown(theirs[3]));
  return true;
}

function compare(run: Run, answer: Answer, zone: string, thisYear: number): void {
  const local = zoneNamed(zone);
  const timezone = run.timezone === null ? null : parseTimezone(run.timezone);
  const created = createDetector({
    datepattern: run.pattern,
    zone: local,
    timezone,
    thisYear,
    templates,
  });
  if ("refused" in answer || !created.ok) {
    assert.deepEqual(
      created.ok ? "taken" : created.message,
      "refused" in answer ? answer.refused : "taken",
      run.pattern ?? "",
    );
    return;
  }
  const { detector } = created;
  for (const [at, [now, line]] of run.steps.entries()) {
    const before = new Map(detector.templates().map((template) => [template.name, template.hits]));
    const found = detector.find(line, now);
    const winner = detector.templates().find((template) => template.hits !== before.get(template.name));
    const ours = describe(line, found, winner?.name ?? "");
    const theirs: Step = answer.steps[at] ?? null;
    if (isStrayZone(theirs)) {
      note("difference", "date: a word that is no time zone before a month's name is not taken for one");
      return;
    }
    if (isOtherHour(ours, theirs, (second) => local.toLocal(second))) {
      note("normalised", "date: the first or the second of two hours with the same name");
      continue;
    }
    if (ours?.[3] === "invalid" && Number(theirs?.[3]) > LAST_SECOND) {
      note("difference", "date: TAI64N beyond the year 9999 is no date");
      continue;
    }
    assert.deepEqual(ours, theirs, `seed ${SEED}, step ${at}, ${zone}, ${JSON.stringify(run)}`);
  }
  // A custom pattern that is also a default twin has the twin's weight in the original, if the defaults were ever used.
  const weighed = run.pattern === null || run.pattern === "{^LN-BEG}";
  const shown = (name: string, hits: number, weight: number): unknown =>
    weighed ? [name, hits, weight] : [name, hits];
  const order = detector.templates().map((template) => shown(template.name, template.hits, template.weight));
  const learned = answer.order.map((entry) => shown(...entry));
  if (learned.length > 0) assert.deepEqual(order, learned, `seed ${SEED}, order, ${zone}, ${JSON.stringify(run)}`);
}

function compareAll(runs: readonly Run[], zone: string): void {
  const { year, runs: answers } = askOriginal(runs, zone);
  note("normalised", "date: one default format of the original replaced by the later version's");
  for (const [at, run] of runs.entries()) compare(run, answers[at] ?? { refused: "no answer" }, zone, year);
}

/** Moments between lines: mostly none, sometimes so long that an unused template gives way. */
function stepsOf(random: Random, lines: readonly string[]): Run["steps"] {
  let now = NOW + Math.floor(random() * 86_400 * 3);
  return lines.map((line) => {
    now += random() < 0.8 ? 0.25 : random() < 0.5 ? 10 : 400;
    return [now, line] as const;
  });
}

const skip = without("oracle");

for (const zone of ["Europe/Zurich", "UTC"]) {
  test(`every default form is read alike by a fresh detector in ${zone} (seed ${SEED})`, { skip }, () => {
    const random = randomOf(SEED);
    const runs = FORMS.flatMap((form) =>
      Array.from({ length: 6 }, () => ({
        pattern: null,
        timezone: pick(random, [null, null, "UTC", "CEST", "-0330"]),
        steps: stepsOf(random, [lineOf(random, form)]),
      })),
    );
    compareAll(runs, zone);
  });

  test(`a sequence of lines teaches both the same in ${zone} (seed ${SEED})`, { skip }, () => {
    const random = randomOf(SEED + 1);
    const runs = Array.from({ length: 30 }, () => {
      const forms = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, FORMS));
      const lines: string[] = [];
      while (lines.length < 40) {
        const line = lineOf(random, pick(random, forms));
        lines.push(line);
        while (random() < 0.4) lines.push(random() < 0.5 ? line : line.replace(/[a-z]+$/, "other words"));
      }
      return { pattern: pick(random, [null, null, null, "{^LN-BEG}"]), timezone: null, steps: stepsOf(random, lines) };
    });
    compareAll(runs, zone);
  });
}

/** As real filters have them, and some that try one rule of engine.md §3.4 each. */
const PATTERNS = [
  String.raw`^[^\[]*\[({DATE})`,
  String.raw`^[^\[]*(\[{DATE}\s*\])`,
  "{DATE}",
  "^{DATE}",
  String.raw`\[{DATE}\]`,
  String.raw`{^LN-BEG}%ExY(?P<_sep>[-/.])%m(?P=_sep)%d[T ]%H:%M:%S(?:[.,]%f)?(?:\s*%z)?`,
  "{^LN-BEG}Epoch",
  "EPOCH",
  "LEPOCH",
  "TAI64N",
  "{NONE}",
  "%H:%M:%S",
  "%b %d %H:%M:%S\n%Y-%m-%d %H:%M:%S",
  "%Y-%m-%d %H:%M:%S %Exz\n%d/%b/%Y:%H:%M:%S\n%m/%d/%Y:%H:%M:%S",
  "**%H:%M:%S**",
  "{UNB}%Y%m%d",
  "^(?:%Y-)?%m-%d[ T]%H:%M:%S(?:\\.%f)?",
  "%d/%b[^/]*/%Y:%H:%M:%S %z",
  "%y%m%d",
  "%Y-%m-%d\n{^LN-BEG}",
  "%c\n%x %X",
  "%d.%m.%Y %I:%M:%S %p",
  "%Y %j",
  "%H:%M:%S$",
  "(?i)AT %Y-%m-%d",
];

test(`custom patterns are read alike (seed ${SEED})`, { skip }, () => {
  const random = randomOf(SEED + 2);
  const runs = PATTERNS.flatMap((pattern) =>
    Array.from({ length: 4 }, () => {
      const forms = Array.from({ length: 3 }, () => pick(random, FORMS));
      const lines = Array.from({ length: 20 }, () => lineOf(random, pick(random, forms)));
      return { pattern, timezone: pick(random, [null, "+0530"]), steps: stepsOf(random, lines) };
    }),
  );
  compareAll(runs, "Europe/Zurich");
});

test("patterns with wrong codes are refused in the original's words", { skip }, () => {
  const wrong = [
    "%q",
    "100%",
    "%(foo)s",
    "%Ez",
    "% d",
    "% foo",
    "%i",
    "%o",
    "%*d",
    "%5q",
    "%-%Y",
    "%hY",
    "%(Y)d",
    "%(Y)q",
  ];
  const more = [
    "%.3Y",
    "%F",
    "%#",
    "%(Y",
    "%ExQ",
    "%E%Y",
    "%K",
    "%Y ä%ä",
    "%L",
    "%N",
    "% ",
    "%+Y",
    "%€",
    "%%%q",
    "%ExM%q",
  ];
  const twice = ["%Y\n%Y", String.raw`\{DATE}`, "^\n{NONE}"];
  compareAll(
    [...wrong, ...more, ...twice].map((pattern) => ({ pattern, timezone: null, steps: [] })),
    "UTC",
  );
});
