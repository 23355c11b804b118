/** A zone for tests. */
import type { Zone } from "./time.ts";

export const utc: Zone = {
  toInstant: (year, month, day, hour, minute, second) => Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
  toLocal: (at) => {
    const date = new Date(at * 1000);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    };
  },
};
