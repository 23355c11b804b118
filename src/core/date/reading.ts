/**
 * From the groups of a matched template to epoch seconds (engine.md §3.6). Finds nothing itself.
 *
 * Whatever cannot be a date (30 February, hour 25, an unknown zone) gives null: matched but not convertible.
 */
import { type Instant, type Zone } from "../../base/index.ts";
import { DAY, dayOf, dayOfWeek, daysOf, isDay } from "./calendar.ts";
import { NAMES } from "./codes.ts";
import { parseTimezone } from "./zones.ts";

/** The groups of the last match, by number; undefined for one that took no part. */
export interface Groups {
  text(group: number): string | undefined;
}

/** Takes the text of one code; false when it cannot be what the code stands for. */
type Take = (reading: Reading, text: string) => boolean;

/** A group of a template and what its text means. */
export interface Field {
  readonly group: number;
  readonly take: Take;
}

/** The last second that this program can print: 9999-12-31 23:59:59. */
const LAST_INSTANT = 253_402_300_799;

/** Now, as the machine's wall clock shows it, so that it is looked up once a second and not once a line. */
export class Present {
  readonly zone: Zone;
  #second = NaN;
  year = 0;
  month = 0;
  day = 0;
  /** The wall clock as seconds, as if it were UTC. */
  naive = 0;

  constructor(zone: Zone) {
    this.zone = zone;
  }

  /** Whole seconds decide: read dates are whole, so a fraction of now never changes a comparison. */
  set(second: number): void {
    if (second === this.#second) return;
    this.#second = second;
    const local = this.zone.toLocal(second);
    this.year = local.year;
    this.month = local.month;
    this.day = local.day;
    this.naive =
      daysOf(local.year, local.month, local.day) * DAY + local.hour * 3600 + local.minute * 60 + local.second;
  }
}

/** What the groups say, before anything is assumed. One object serves all lines of a detector: NaN is "not said". */
export class Reading {
  year = NaN;
  month = NaN;
  day = NaN;
  hour = 0;
  minute = 0;
  second = 0;
  /** 0 is Monday. */
  weekday = NaN;
  dayOfYear = NaN;
  week = NaN;
  weekBegins: 0 | 6 = 0;
  /** The hour is one of twelve. */
  twelve = false;
  half = "";
  /** Minutes east of UTC. */
  offset: number | null = null;
  /** The zone read last, for lines of one log mostly have the same; kept from line to line. */
  zoneText = "";
  zoneOffset: number | null = 0;

  clear(): void {
    this.year = this.month = this.day = this.weekday = this.dayOfYear = this.week = NaN;
    this.hour = this.minute = this.second = 0;
    this.twelve = false;
    this.half = "";
    this.offset = null;
  }
}

/** Names in the three usual spellings, so that mostly nothing has to be lowered. */
function namesOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    names.flatMap((name, index) =>
      [name, name.toUpperCase(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`].map(
        (form) => [form, index] as const,
      ),
    ),
  );
}

const SHORT_MONTHS = namesOf(NAMES.shortMonth);
const MONTHS = namesOf(NAMES.month);
const SHORT_WEEKDAYS = namesOf(NAMES.shortWeekday);
const WEEKDAYS = namesOf(NAMES.weekday);

function nameAt(names: ReadonlyMap<string, number>, text: string): number {
  return names.get(text) ?? names.get(text.toLowerCase()) ?? NaN;
}

const takeZone: Take = (reading, text) => {
  if (text !== reading.zoneText) {
    reading.zoneText = text;
    reading.zoneOffset = offsetOf(text);
  }
  reading.offset = reading.zoneOffset;
  return reading.offset !== null;
};

/** What each code does with its text. `%f`, `%G`, `%u` and `%V` are not here: they mean nothing. */
const TAKES: ReadonlyMap<string, Take> = new Map<string, Take>([
  ["Y", (reading, text) => !Number.isNaN((reading.year = numberOf(text)))],
  [
    "y",
    (reading, text) => {
      const year = numberOf(text);
      reading.year = year <= 2000 ? year + 2000 : year;
      return !Number.isNaN(year);
    },
  ],
  ["m", (reading, text) => !Number.isNaN((reading.month = numberOf(text)))],
  ["b", (reading, text) => !Number.isNaN((reading.month = nameAt(SHORT_MONTHS, text) + 1))],
  ["B", (reading, text) => !Number.isNaN((reading.month = nameAt(MONTHS, text) + 1))],
  ["d", (reading, text) => !Number.isNaN((reading.day = numberOf(text)))],
  [
    "H",
    (reading, text) => {
      reading.twelve = false;
      return !Number.isNaN((reading.hour = numberOf(text)));
    },
  ],
  [
    "I",
    (reading, text) => {
      reading.twelve = true;
      return !Number.isNaN((reading.hour = numberOf(text)));
    },
  ],
  [
    "p",
    (reading, text) => {
      reading.half = text.toLowerCase();
      return true;
    },
  ],
  ["M", (reading, text) => !Number.isNaN((reading.minute = numberOf(text)))],
  ["S", (reading, text) => !Number.isNaN((reading.second = numberOf(text)))],
  ["a", (reading, text) => !Number.isNaN((reading.weekday = nameAt(SHORT_WEEKDAYS, text)))],
  ["A", (reading, text) => !Number.isNaN((reading.weekday = nameAt(WEEKDAYS, text)))],
  ["w", (reading, text) => !Number.isNaN((reading.weekday = (numberOf(text) + 6) % 7))],
  ["j", (reading, text) => !Number.isNaN((reading.dayOfYear = numberOf(text)))],
  ["U", (reading, text) => ((reading.weekBegins = 6), !Number.isNaN((reading.week = numberOf(text))))],
  ["W", (reading, text) => ((reading.weekBegins = 0), !Number.isNaN((reading.week = numberOf(text))))],
  ["z", takeZone],
  ["Z", takeZone],
]);

/** The groups of an expression whose names are codes, in order of their numbers. */
export function fieldsOf(groups: ReadonlyMap<string, number>): readonly Field[] {
  return [...groups]
    .flatMap(([name, group]) => {
      const take = TAKES.get(name);
      return take === undefined ? [] : [{ group, take }];
    })
    .toSorted((a, b) => a.group - b.group);
}

/** Minutes of a zone written in a line; null for a word that is none. */
export function offsetOf(text: string): number | null {
  return text === "Z" || text === "UTC" || text === "GMT" ? 0 : parseTimezone(text);
}

/** Fills `reading` from the groups of a match. */
export function takeFields(reading: Reading, fields: readonly Field[], groups: Groups): boolean {
  reading.clear();
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at];
    const text = field === undefined ? undefined : groups.text(field.group);
    if (field !== undefined && text !== undefined && !field.take(reading, text)) return false;
  }
  return true;
}

/**
 * @param timezone minutes east of UTC for a reading without a zone; null: the machine's zone
 * @returns epoch seconds, or null where there is no such moment
 */
export function instantOf(reading: Reading, present: Present, timezone: number | null): Instant | null {
  const assumedYear = Number.isNaN(reading.year);
  let year = assumedYear ? present.year : reading.year;
  let { month, day } = reading;
  if (Number.isNaN(month) || Number.isNaN(day)) {
    const counted = countedDay(reading, year);
    if (counted !== null) ({ year, month, day } = counted);
  }
  const assumedToday = Number.isNaN(month) && Number.isNaN(day);
  if (assumedToday) ({ month, day } = present);
  const hour = hourOf(reading);
  const clock = hour * 3600 + reading.minute * 60 + reading.second;
  // Written so that NaN (a month without a day) is refused too.
  if (!isDay(year, month, day) || !(hour < 24 && reading.minute < 60 && reading.second < 60)) return null;
  const written = daysOf(year, month, day) * DAY + clock;
  const offset = reading.offset ?? timezone;
  let naive = offset === null ? written : written - offset * 60;
  if (assumedToday && naive > present.naive) naive -= DAY;
  if (assumedYear && naive > present.naive + DAY) {
    if (!isDay(year - 1, month, day)) return null;
    naive = daysOf(year - 1, month, day) * DAY + (naive - Math.floor(naive / DAY) * DAY);
  }
  if (offset !== null) return naive;
  const { zone } = present;
  return naive === written
    ? zone.toInstant(year, month, day, hour, reading.minute, reading.second)
    : localInstant(zone, naive);
}

function localInstant(zone: Zone, naive: number): Instant {
  const days = Math.floor(naive / DAY);
  const { year, month, day } = dayOf(days);
  const clock = naive - days * DAY;
  return zone.toInstant(year, month, day, Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60);
}

function hourOf(reading: Reading): number {
  if (!reading.twelve) return reading.hour;
  if (reading.half === "" || reading.half === "am") return reading.hour === 12 ? 0 : reading.hour;
  return reading.half === "pm" && reading.hour !== 12 ? reading.hour + 12 : reading.hour;
}

/** The day given by its number in the year, or by week and weekday. */
function countedDay(reading: Reading, year: number): { year: number; month: number; day: number } | null {
  const { weekday, week, weekBegins } = reading;
  const { dayOfYear } = reading;
  const count = Number.isNaN(dayOfYear) ? dayOfWeek(year, week, weekday, weekBegins) : dayOfYear;
  return Number.isNaN(count) || year < 1 || year > 9999 ? null : dayOf(daysOf(year, 1, 1) + count - 1);
}

/** A number in digits of any script, blanks around allowed; NaN for anything else. */
export function numberOf(text: string): number {
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return numberOfAny(text);
    number = number * 10 + digit;
  }
  return text === "" ? NaN : number;
}

function numberOfAny(text: string): number {
  const plain = asciiDigits(text).trim();
  return /^\d+$/.test(plain) ? Number(plain) : NaN;
}

/** Digits of other scripts as ASCII ones: each script's stand together, in order. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    let zero = point;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((point - zero) % 10);
  });
}

/** Seconds since 1970 as text; `long`: without a point they may be milli- or microseconds, told by their length. */
export function epochOf(text: string, long: boolean): Instant | null {
  const value = Number(asciiDigits(text));
  if (Number.isNaN(value)) return null;
  if (!long || text.length < 13) return value;
  return text.length >= 16 && !text.includes(".") ? value / 1_000_000 : value / 1000;
}

/** `@` and 24 hexadecimal digits; the first digit, nanoseconds and leap seconds are left out. */
export function taiOf(text: string): Instant | null {
  const seconds = Number.parseInt(text.slice(2, 17), 16);
  return seconds <= LAST_INSTANT ? seconds : null;
}
