/** The date detector that a jail's settings ask for; kept while they do not change, for it has learned. */
import { createDetector, parseTimezone, type Detector } from "../date/index.ts";
import type { FilterSettings } from "../filter/index.ts";
import type { JailWorld } from "./world.ts";

/** @returns null where lines are not dated at all: the pattern is invalid, which was refused before it came here. */
export function detectorOf(settings: FilterSettings, world: JailWorld): Detector | null {
  const timezone = settings.logtimezone === null ? null : parseTimezone(settings.logtimezone);
  const made = createDetector({
    datepattern: settings.datepattern,
    zone: world.zone,
    timezone,
    thisYear: world.thisYear,
    templates: world.templates,
  });
  return made.ok ? made.detector : null;
}
