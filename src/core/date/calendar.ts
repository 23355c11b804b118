/**
 * Calendar arithmetic without any time zone: a wall-clock time as the seconds it would be if it were UTC.
 * Knows nothing of zones and of now. Proleptic Gregorian, years 1 to 9999 (engine.md §3.6).
 */

/** A day of the calendar; month 1–12, day 1–31. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const DAY = 86_400;

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether that day exists. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= (month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0));
}

/** Days since 1970-01-01; counts from 1 March so that the leap day is the last of its year. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The day that is `days` after 1970-01-01. */
export function dayOf(days: number): Day {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

/** 0 is Monday. */
export function weekdayOf(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}

/**
 * Day of the year (1 is 1 January, may fall outside the year) of a weekday in a numbered week, where week 1 begins
 * with the year's first `first` and the days before it are week 0.
 *
 * @param weekday 0 is Monday
 * @param first the day on which weeks begin: 0 Monday (`%W`), 6 Sunday (`%U`)
 */
export function dayOfWeek(year: number, week: number, weekday: number, first: 0 | 6): number {
  const newYear = weekdayOf(daysOf(year, 1, 1));
  const weekOneBegins = 1 + ((first - newYear + 7) % 7);
  // A year that begins with a whole week has no week 0; Python then reads 0 as 1.
  const weeks = week === 0 && weekOneBegins === 1 ? 0 : week - 1;
  return weekOneBegins + weeks * 7 + ((weekday - first + 7) % 7);
}
