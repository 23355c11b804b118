import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { plainSpan, pythonRepr, readSpan } from "../../../src/base/index.ts";
import { missing, startOracle, type Oracle } from "./oracle.ts";
import { seeded } from "./random.ts";

let oracle: Oracle;
before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

const ours = (text: string): string => {
  const read = readSpan(text);
  return read.ok ? `${pythonRepr(plainSpan(read))}\n` : "refused";
};

const theirs = async (text: string): Promise<string> => {
  const { out, ok } = await oracle.client([`--str2sec=${text}`]);
  // What is no number there is an accident of Python: names of its functions, empty tuples.
  // And what is longer than 2^53 seconds is too long for us.
  return ok && Math.abs(Number(out)) <= Number.MAX_SAFE_INTEGER && /^-?[\d.]+(?:e[+-]\d+)?\n$/.test(out)
    ? out
    : "refused";
};

/** config-cli.md §4, and what stands near its edges. */
const TEXTS = [
  "600 -1 1y6mo 7800m 1mo 1mon 1month 1.5h 1d+2h 2*3600 1d1 1d12h 1y-6mo 1h30 .5d 1d*2 1_000 00 1e3 1e3s 1x 1mos 1wk 1dda 01 0x10 1d; abc 1h+30min 1w2d -1h 2*3 1.5 1. 0.1s 1__0 1_ _1 +5 --5 1//2 7/2 (1h)*2 5min6sec 1D 1W 1MO 1Y".split(
    " ",
  ),
  [
    "1 year 6 months",
    "1d 12h",
    "30 1h",
    "90 min",
    "10m # c",
    "",
    " ",
    "1 foo",
    "1 2 3",
    "10 20 30",
    "1h 30m 5s",
    " 5m",
    "5m ",
    "1\n2",
    "1d\n12h",
    "(1h\n+ 2h)",
    "1 + # x",
    "1 weeks",
    "1 we",
    "1 ww 2 dd",
    "1days2hours",
    "1 day2",
    "2 h -30 m",
    "1e+3",
    "1.e-1",
  ],
].flat();

for (const text of TEXTS) {
  test(`--str2sec ${JSON.stringify(text)} answers as the original does`, { skip: missing }, async () =>
    assert.equal(ours(text), await theirs(text)),
  );
}

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
const PARTS = [
  "1",
  "2",
  "30",
  "0",
  ".5",
  "1.5",
  "10",
  "d",
  "h",
  "m",
  "s",
  "w",
  "mo",
  "y",
  "min",
  "days",
  "sec",
  " ",
  " ",
  "+",
  "-",
  "*",
  "(",
  ")",
  "\n",
  "h ",
  "M",
];

test(`300 random durations are read as the original reads them (SEED=${SEED})`, { skip: missing }, async () => {
  const random = seeded(SEED);
  for (let at = 0; at < 300; at += 1) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => PARTS[Math.floor(random() * PARTS.length)] ?? "",
    ).join("");
    if (!text.includes("**")) assert.equal(ours(text), await theirs(text), JSON.stringify(text));
  }
});
