/**
 * The `Zone` of this machine, and of a named place for tests (engine.md §3.6, last part). The only file that asks the
 * platform for time zones.
 *
 * Both remember the last quarter of an hour they were asked for, because lines of a log come close together: no zone in
 * use changes its offset within one. Quarters in which one did (before 1972) are never remembered.
 */
import { type LocalTime, type Zone } from "../../base/index.ts";

const QUARTER = 900;

/** Seconds east of UTC at a moment (whole epoch seconds). */
type OffsetAt = (second: number) => number;

/** By the rules of `TZ` or the machine's setting, as they were when the process started. */
export function machineZone(): Zone {
  return zoneOf((second) => -60 * new Date(second * 1000).getTimezoneOffset());
}

/** Offsets remembered by a named zone; beyond it all are forgotten and asked for again. */
const OFFSETS_MAX = 10_000;

/** @param name of the IANA database: `Europe/Zurich`. An unknown one throws a RangeError. */
export function zoneNamed(name: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset", era: "short" });
  const known = new Map<number, number>();
  return zoneOf((second) => {
    const quarter = Math.floor(second / QUARTER);
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    const text =
      format.formatToParts(quarter * QUARTER * 1000).find((part) => part.type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    const offset = sign === "-" ? -size : size;
    if (known.size >= OFFSETS_MAX) known.clear();
    known.set(quarter, offset);
    return offset;
  });
}

function zoneOf(offsetAt: OffsetAt): Zone {
  let localQuarter = NaN;
  let localOffset = 0;
  let quarter = NaN;
  let offset = 0;
  return {
    toInstant(year, month, day, hour, minute, second) {
      const naive = naiveSecond(year, month, day, hour, minute, second);
      const asked = Math.floor(naive / QUARTER);
      if (asked === localQuarter) return naive - localOffset;
      const local = localOffsetAt(offsetAt, naive);
      const begin = localOffsetAt(offsetAt, asked * QUARTER);
      const end = localOffsetAt(offsetAt, (asked + 1) * QUARTER - 1);
      localQuarter = begin === local && end === local ? asked : NaN;
      localOffset = local;
      return naive - local;
    },
    toLocal(at) {
      const second = Math.floor(at);
      const asked = Math.floor(second / QUARTER);
      if (asked !== quarter) {
        const begin = offsetAt(asked * QUARTER);
        const same = offsetAt((asked + 1) * QUARTER - 1) === begin;
        quarter = same ? asked : NaN;
        offset = same ? begin : offsetAt(second);
      }
      return wallClock(second + offset);
    },
  };
}

const DAY = 86_400;

/** The offset with which a wall clock is read: the one before a change where both or neither would do. */
function localOffsetAt(offsetAt: OffsetAt, naive: number): number {
  const before = offsetAt(naive - DAY);
  const after = offsetAt(naive + DAY);
  if (before === after || offsetAt(naive - before) === before) return before;
  return offsetAt(naive - after) === after ? after : before;
}

/** The wall clock as seconds, as if it were UTC. */
function naiveSecond(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const naive = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  return (year < 100 ? new Date(naive).setUTCFullYear(year, month - 1, day) : naive) / 1000;
}

function wallClock(naive: number): LocalTime {
  const date = new Date(naive * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
