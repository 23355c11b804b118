/** Zones for tests, as rules: the core may not ask the platform. Not part of the program. */
import { type Zone } from "../../base/index.ts";
import { DAY, dayOf, daysOf, weekdayOf } from "./calendar.ts";

/** A zone of fixed offset, with summer time as the European Union has had it since 1996. */
function zoneOf(winter: number, hasSummer: boolean): Zone {
  const lastSunday = (year: number, month: number): number => {
    const last = daysOf(year, month, 31);
    return last - ((weekdayOf(last) + 1) % 7);
  };
  const isSummer = (at: number): boolean => {
    if (!hasSummer) return false;
    const { year } = dayOf(Math.floor(at / DAY));
    return at >= lastSunday(year, 3) * DAY + 3600 && at < lastSunday(year, 10) * DAY + 3600;
  };
  const offsetAt = (at: number): number => winter + (isSummer(at) ? 3600 : 0);
  return {
    toInstant(year, month, day, hour, minute, second) {
      const naive = daysOf(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
      const before = offsetAt(naive - DAY);
      const after = offsetAt(naive + DAY);
      if (before === after || offsetAt(naive - before) === before) return naive - before;
      return offsetAt(naive - after) === after ? naive - after : naive - before;
    },
    toLocal(at) {
      const naive = Math.floor(at) + offsetAt(at);
      const days = Math.floor(naive / DAY);
      const clock = naive - days * DAY;
      const hour = Math.floor(clock / 3600);
      return { ...dayOf(days), hour, minute: Math.floor(clock / 60) % 60, second: clock % 60 };
    },
  };
}

export const UTC = zoneOf(0, false);
export const ZURICH = zoneOf(3600, true);
