/** Seeded random lines with dates in all forms that the default templates know, whole, mutilated, and among other text. */

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const two = (number: number): string => String(number).padStart(2, "0");
const spaced = (number: number): string => String(number).padStart(2, " ");

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const ZONES = ["Z", "UTC", "GMT", "+0100", "-05:30", "+02", "-0030", "+19:59", "+2359", "utc"];
const NAMED_ZONES = ["UTC", "CET", "PDT", "NPT", "MART", "Z"];

/** The parts of a moment, now and then impossible ones. */
interface Parts {
  readonly y: number;
  readonly m: number;
  readonly d: number;
  readonly H: number;
  readonly M: number;
  readonly S: number;
}

/** Days on which something happens: clock changes, leap days, New Year. */
const SPECIAL: readonly (readonly [number, number, number])[] = [
  [2005, 3, 27],
  [2005, 10, 30],
  [2004, 2, 29],
  [2005, 2, 29],
  [2004, 12, 31],
  [2005, 1, 1],
  [2005, 8, 14],
  [2005, 8, 15],
  [2005, 8, 16],
  [2024, 2, 29],
];

function partsOf(random: Random): Parts {
  const special = random() < 0.4 ? pick(random, SPECIAL) : null;
  const [y, m, d] = special ?? [2003 + below(random, 25), 1 + below(random, 12), 1 + below(random, 31)];
  const late = random() < 0.05 ? 3 : 0;
  return { y, m, d, H: below(random, 24 + late), M: below(random, 60), S: below(random, 60 + Math.min(2, late)) };
}

type Form = (p: Parts, random: Random) => string;

const fraction = (random: Random, points: string): string =>
  random() < 0.4 ? pick(random, [...points]) + String(below(random, 10 ** (1 + below(random, 7)))) : "";
const zone = (random: Random, before: readonly string[]): string =>
  random() < 0.4 ? pick(random, before) + pick(random, ZONES) : "";
const name = (p: Parts): string => MONTHS[(p.m - 1) % 12] ?? "Jan";
const clock = (p: Parts): string => `${two(p.H)}:${two(p.M)}:${two(p.S)}`;
const weekday = (random: Random): string => (random() < 0.4 ? `${pick(random, DAYS)} ` : "");
const year = (p: Parts, random: Random): string => (random() < 0.4 ? ` ${p.y}` : "");
const epochOf = (p: Parts): number => Date.UTC(p.y, p.m - 1, p.d, p.H, p.M, p.S) / 1000;
const asctime: Form = (p, random) =>
  `${weekday(random)}${name(p)} ${pick(random, [two, spaced, String])(p.d)} ${pick(random, [two, spaced])(p.H)}:${two(p.M)}:${two(p.S)}${fraction(random, ".")}${year(p, random)}`;

export const FORMS: readonly Form[] = [
  (p, random) => {
    const sep = pick(random, ["-", "/", ".", "-"]);
    return `${p.y}${sep}${pick(random, [two, String])(p.m)}${sep}${two(p.d)}${pick(random, ["T", " ", "  "])}${clock(p)}${fraction(random, ".,")}${zone(random, ["", " ", "  "])}`;
  },
  asctime,
  (p, random) => `${weekday(random)}${name(p)} ${two(p.d)} ${p.y} ${clock(p)}${fraction(random, ".")}`,
  (p, random) => {
    const sep = pick(random, ["-", "/"]);
    return `${two(p.d)}${sep}${two(p.m)}${sep}${random() < 0.5 ? p.y : two(p.y % 100)} ${spaced(p.H)}:${two(p.M)}:${two(p.S)}`;
  },
  (p, random) => {
    const sep = pick(random, ["-", "/"]);
    return `${two(p.d)}${sep}${name(p)}${sep}${p.y}${pick(random, [":", " ", ""])}${clock(p)}${fraction(random, ".")}${zone(random, [" "])}`;
  },
  (p) => `${two(p.m)}/${two(p.d)}/${p.y}:${clock(p)}`,
  (p, random) => `${two(p.m)}-${two(p.d)}-${p.y} ${clock(p)}${fraction(random, ".")}`,
  (p, random) => `${epochOf(p)}${fraction(random, ".")}`,
  (p, random) => `audit(${epochOf(p)}${fraction(random, ".")}:${below(random, 999)})`,
  (p) => clock(p),
  (p) => `<${two(p.m)}/${two(p.d)}/${two(p.y % 100)}@${clock(p)}>`,
  (p, random) => `${two(p.y % 100)}${two(p.m)}${two(p.d)} ${pick(random, [two, spaced])(p.H)}:${two(p.M)}:${two(p.S)}`,
  (p, random) =>
    `${name(p)} ${p.d}, ${p.y} ${1 + (p.H % 12)}:${two(p.M)}:${two(p.S)} ${pick(random, ["AM", "PM", "pm"])}`,
  (p) => `${name(p)}-${two(p.d)}-${two(p.y % 100)} ${clock(p)}`,
  (p, random) => {
    const colon = pick(random, ["", ":"]);
    return `${p.y}${two(p.m)}${two(p.d)}${pick(random, ["T", " ", "-"])}${[p.H, p.M, p.S].map(two).join(colon)}${fraction(random, ".,")}${zone(random, ["", " "])}`;
  },
  (p, random) => `${pick(random, NAMED_ZONES)} ${asctime(p, random)}`,
  (p, random) => `${pick(random, ZONES)} ${asctime(p, random)}`,
  (p, random) =>
    `@40000000${epochOf(p).toString(16).padStart(8, "0")}${below(random, 2 ** 32)
      .toString(16)
      .padStart(8, "0")}`,
];

const BEFORE = [
  "",
  "",
  "",
  "",
  "[",
  "[ ",
  " ",
  "<",
  "foo ",
  "1.2.3.4 - - [",
  "10.20.30.40 - - [",
  "<13>",
  "x",
  "srv1: ",
  "é ",
  "[[[",
];
const AFTER = [
  "",
  " x",
  " host sshd[12]: Failed",
  '] "GET / HTTP/1.1"',
  "x",
  "]",
  " 2005",
  ": y",
  "Z",
  "é",
  " +0100",
  ".5",
];

/** One line: mostly one date, sometimes two, sometimes damaged, sometimes with digits of another script. */
export function lineOf(random: Random, form: Form): string {
  const date = form(partsOf(random), random);
  const cased = random() < 0.1 ? pick(random, [date.toUpperCase(), date.toLowerCase()]) : date;
  const second = random() < 0.2 ? ` at ${pick(random, FORMS)(partsOf(random), random)}` : "";
  const line = pick(random, BEFORE) + cased + pick(random, AFTER) + second;
  return random() < 0.15 ? damage(random, line) : line;
}

const SIGNS = [..." -/.:,TZ[]()<>@0123456789aJſ٣"];

function damage(random: Random, line: string): string {
  const at = below(random, line.length);
  const sign = pick(random, [...SIGNS, ""]);
  return line.slice(0, at) + sign + line.slice(random() < 0.5 ? at : at + 1);
}
