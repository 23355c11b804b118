/** How long the next ban of a known offender is, against the original's observer: every option of `bantime.…` with every other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whoOf } from "../../../src/base/index.ts";
import { utc } from "../../../src/base/zone.fake.ts";
import { aWorld, NOW } from "../../../src/core/jail/jail.fake.ts";
import { emptyJail, putOption } from "../../../src/core/jail/options.ts";
import { passSentence } from "../../../src/core/jail/sentence.ts";
import { note } from "../../ledger.ts";
import { without } from "../../skips.ts";
import { askPython } from "./ask.ts";

interface Case {
  readonly bantime: number;
  readonly earlier: number;
  /** Time of the last ban. */
  readonly last: number;
  readonly options: Readonly<Record<string, string>>;
}

/** What became of a ban: seconds, how many it is, what the log says, and what the database then knows. */
type Judged = readonly [lasts: number, count: number, said: readonly string[], stored: readonly (readonly number[])[]];

const CHOICES: Readonly<Record<string, readonly (string | null)[]>> = {
  factor: [null, "0.5"],
  formula: [null, "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)", "60", "bantime * 2"],
  multipliers: [null, "1 5 30 60 300 720 1440 2880", "1 0"],
  maxtime: [null, "300", "15m"],
  rndtime: [null, "2048"],
};

/** All combinations of the choices of the options, as they stand in a jail. */
function everyOption(): Readonly<Record<string, string>>[] {
  return Object.entries(CHOICES).reduce<Readonly<Record<string, string>>[]>(
    (sofar, [option, values]) =>
      sofar.flatMap((options) => values.map((value) => (value === null ? options : { ...options, [option]: value }))),
    [{}],
  );
}

const offenders = [
  { bantime: 600, earlier: 1, last: NOW - 4000, increment: "true" },
  { bantime: 600, earlier: 3, last: NOW - 4000, increment: "true" },
  { bantime: 600, earlier: 0, last: 0, increment: "true" },
  { bantime: 600, earlier: 3, last: NOW, increment: "true" },
  { bantime: -1, earlier: 3, last: NOW - 4000, increment: "true" },
  { bantime: 600, earlier: 3, last: NOW - 4000, increment: "false" },
];

/** Each combination with a first and with an odd offender: all with all would take the original ten seconds. */
const cases: readonly Case[] = everyOption().flatMap((options, i) =>
  [i % 2, 2 + (i % 4)].flatMap((at) => {
    const { increment = "", ...offender } = offenders[at] ?? {};
    return { bantime: 600, earlier: 0, last: 0, ...offender, options: { increment, ...options } };
  }),
);

function ours({ bantime, earlier, last, options }: Case): Judged {
  const history = earlier === 0 ? null : { count: earlier, since: last, lasts: 600 };
  const world = aWorld({ zone: utc, random: () => 0.5, history: () => history });
  let settings = putOption(emptyJail("j", "auto"), "bantime", [bantime], world);
  for (const [option, value] of Object.entries(options))
    settings = putOption(settings, `bantime.${option}`, [value], world);
  const counted = { who: whoOf("192.0.2.1"), since: NOW, failures: 1, matches: [], fields: {} };
  const { ban, said, known } = passSentence(settings, counted, world);
  const isStored = !known && (ban.lasts < 0 || ban.since + ban.lasts >= NOW);
  const before = history === null ? [] : [[history.count, history.since, history.lasts]];
  const stored = isStored ? [[ban.count, ban.since, ban.lasts]] : before;
  return [ban.lasts, ban.count, said.map((one) => one.text), stored];
}

/** An error of a formula is told in Python's words there and in ours here; lengths that are floats are printed as `37.0m 4.43s` there. */
function evened([lasts, count, said, stored]: Judged): Judged {
  const texts = said.filter((text) => !/^name '|is not lengthened/.test(text));
  const plain = texts.map((text) =>
    text
      .replaceAll(/(\d+)\.0m\b/g, "$1m")
      .replaceAll(
        /(\d+m) (\d+\.\d+)s/g,
        (_, minutes: string, rest: string) => `${minutes} ${Math.round(Number(rest))}s`,
      ),
  );
  const changed = plain.filter((text, i) => text !== texts[i]).length;
  if (changed > 0) note("difference", "lengths of bans with fractions are printed rounded", changed);
  return [lasts, count, plain, stored];
}

test("each ban is as long, as often and as told of as the original's", { skip: without("python3", "oracle") }, () => {
  const answers = askPython({ do: "sentence", now: NOW, cases }) as readonly Judged[];
  assert.equal(answers.length, cases.length);
  cases.forEach((one, i) => {
    const theirs = answers[i];
    assert.ok(theirs !== undefined);
    assert.deepEqual(evened(ours(one)), evened(theirs), JSON.stringify(one));
  });
});

test("a ceiling below the jail's ban time shortens the bans of known offenders only", () => {
  const options = { increment: "true", maxtime: "300" };
  assert.equal(ours({ bantime: 600, earlier: 0, last: 0, options })[0], 600);
  assert.equal(ours({ bantime: 600, earlier: 3, last: NOW - 4000, options })[0], 300);
});

test("random time comes on top of the ceiling, and only where bans are lengthened", () => {
  const options = { increment: "true", maxtime: "15m", rndtime: "2048" };
  assert.equal(ours({ bantime: 600, earlier: 3, last: NOW - 4000, options })[0], 900 + 1024);
  assert.equal(
    ours({ bantime: 600, earlier: 3, last: NOW - 4000, options: { ...options, increment: "false" } })[0],
    600,
  );
});
