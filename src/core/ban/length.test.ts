import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFormula, LONGEST, nextLength, parseMultipliers, retryBoost } from "./length.ts";
import type { BanSettings } from "./settings.ts";

const plain: BanSettings = {
  bantime: 600,
  increment: true,
  factor: null,
  formula: null,
  multipliers: null,
  maxtime: null,
  rndtime: null,
  overalljails: false,
  other: new Map(),
};
const list = [1, 5, 30, 60, 300, 720, 1440, 2880];

function lengthOf(settings: Partial<BanSettings>, base: number, previous: number, random = () => 0): number {
  const length = nextLength({ ...plain, ...settings }, base, previous, random);
  assert.equal(length.trouble, null);
  return length.lasts;
}

const counts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 25];
const table: readonly (readonly [title: string, settings: Partial<BanSettings>, lengths: readonly number[]])[] = [
  ["nothing set", {}, [1200, 2400, 4800, 9600, 19200, 38400, 76800, 153600, 614400, 629145600, 629145600]],
  [
    "factor 2",
    { factor: "2" },
    [2400, 4800, 9600, 19200, 38400, 76800, 153600, 307200, 1228800, 1258291200, 1258291200],
  ],
  ["factor 0.5", { factor: "0.5" }, [600, 1200, 2400, 4800, 9600, 19200, 38400, 76800, 307200, 314572800, 314572800]],
  [
    "factor 2.0 / 2.885385",
    { factor: "2.0 / 2.885385" },
    [
      831.778, 1663.556, 3327.112, 6654.225, 13308.449, 26616.899, 53233.797, 106467.594, 425870.378, 436091266.85,
      436091266.85,
    ],
  ],
  ["maxtime 1d", { maxtime: 86400 }, [1200, 2400, 4800, 9600, 19200, 38400, 76800, 86400, 86400, 86400, 86400]],
  [
    "multipliers",
    { multipliers: list },
    [3000, 18000, 36000, 180000, 432000, 864000, 1728000, 1728000, 1728000, 1728000, 1728000],
  ],
  [
    "multipliers and factor 2",
    { multipliers: list, factor: "2" },
    [6000, 36000, 72000, 360000, 864000, 1728000, 3456000, 3456000, 3456000, 3456000, 3456000],
  ],
  [
    "multipliers and maxtime 1w",
    { multipliers: list, maxtime: 604800 },
    [3000, 18000, 36000, 180000, 432000, 604800, 604800, 604800, 604800, 604800, 604800],
  ],
  [
    "multipliers in powers of two",
    { multipliers: [1, 2, 4, 8, 16, 32, 64] },
    [1200, 2400, 4800, 9600, 19200, 38400, 38400, 38400, 38400, 38400, 38400],
  ],
];
for (const [title, settings, lengths] of table)
  test(`with ${title}, bans of base 600 grow as specified`, () => {
    counts.forEach((n, i) => {
      const expected = lengths[i] ?? NaN;
      assert.ok(
        Math.abs(lengthOf(settings, 600, n) - expected) <= 0.005,
        `n = ${n}: ${lengthOf(settings, 600, n)} instead of ${expected}`,
      );
    });
  });

test("the exponential formula grows as specified and is not capped by itself", () => {
  const formula = "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)";
  const stock = new Map([
    [1, 1200.0015],
    [2, 2400.0059],
    [3, 4800.0176],
    [5, 19200.117],
    [10, 614407.5006],
    [20, 629160961.15],
    [25, 20133273648.02],
  ]);
  for (const [n, expected] of stock)
    assert.ok(Math.abs(lengthOf({ formula, factor: "2.0/2.885385" }, 600, n) - expected) <= 0.006, `n = ${n}`);
  [1630.97, 4433.43, 12051.32, 32758.89, 89047.9].forEach((expected, i) => {
    assert.ok(Math.abs(lengthOf({ formula, factor: "1" }, 600, i + 1) - expected) <= 0.006, `n = ${i + 1}`);
  });
});

test("a formula never shortens a ban below its base; multipliers and maxtime may", () => {
  assert.equal(lengthOf({ formula: "60" }, 600, 5), 600);
  assert.equal(lengthOf({ maxtime: 300 }, 600, 1), 300);
  assert.equal(lengthOf({ multipliers: [1, 0] }, 600, 1), 0);
});

test("multipliers win over a formula, even a broken one", () => {
  assert.equal(lengthOf({ multipliers: list, formula: "nonsense" }, 600, 1), 3000);
});

test("the wiki's values give the administrator's ladder, ban by ban", () => {
  const wiki = { multipliers: list, factor: "2", maxtime: 31557600, rndtime: 2048 };
  const ladder = [468000, 4680000, 28080000, 31557600, 31557600, 31557600, 31557600, 31557600, 31557600, 31557600];
  ladder.forEach((expected, previous) => {
    assert.equal(lengthOf(wiki, 468000, previous), expected, `ban ${previous + 1}`);
    if (previous > 0)
      assert.equal(
        lengthOf(wiki, 468000, previous, () => 0.5),
        expected + 1024,
        `ban ${previous + 1} with half the spread`,
      );
  });
});

test("a permanent base stays permanent and an unknown offender keeps the base", () => {
  assert.equal(lengthOf({}, -1, 5), -1);
  assert.equal(lengthOf({ factor: "2", rndtime: 100 }, 600, 0), 600);
});

test("a formula that cannot be evaluated leaves the base and says why", () => {
  assert.deepEqual(
    nextLength({ ...plain, formula: "bantime * 2" }, 600, 3, () => 0),
    { lasts: 600, trouble: "bantime.formula = bantime * 2: NameError: name 'bantime' is not defined" },
  );
  assert.equal(nextLength({ ...plain, factor: "1 +" }, 600, 3, () => 0).lasts, 600);
  assert.equal(nextLength({ ...plain, formula: "math.inf - math.inf" }, 600, 3, () => 0).lasts, 600);
});

test("an endless result is cut to the longest that can be written", () => {
  assert.equal(lengthOf({ formula: "math.inf" }, 600, 1), LONGEST);
});

test("multipliers are whole numbers with one blank between them", () => {
  assert.deepEqual(parseMultipliers("1 5 30 60"), { ok: true, values: [1, 5, 30, 60] });
  assert.deepEqual(parseMultipliers("-1 +2 1_0"), { ok: true, values: [-1, 2, 10] });
  for (const wrong of ["1,2", "1  2", " 1", "1 ", "1 x", "1.5", ""])
    assert.equal(parseMultipliers(wrong).ok, false, `'${wrong}'`);
  assert.deepEqual(parseMultipliers("1  2"), { ok: false, message: "invalid literal for int() with base 10: ''" });
});

test("a formula's syntax is checked when it is set, its names are not", () => {
  assert.equal(checkFormula("bantime * 2"), null);
  assert.match(checkFormula("ban.Time *") ?? "", /invalid syntax/);
});

test("a known offender's failures count more, up to maxretry", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((n) => retryBoost(n, 100)),
    [1, 2, 3, 5, 9, 17],
  );
  assert.deepEqual(
    [1, 2, 3, 60].map((n) => retryBoost(n, 3)),
    [2, 3, 3, 3],
  );
  assert.equal(retryBoost(99, 1e9), 2 ** 19 + 1);
});
