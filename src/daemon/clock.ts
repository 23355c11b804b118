/** The daemon's one clock: the machine's wall clock, with alarms of any distance. */
import type { Cancel, Clock, Instant } from "../base/index.ts";

/** setTimeout takes no more than 2^31 − 1 ms; a farther alarm, or one after the clock was set back, is armed again. */
const FARTHEST_MS = 2_147_483_647;

export class SystemClock implements Clock {
  now(): Instant {
    return Date.now() / 1000;
  }

  at(when: Instant, run: () => void): Cancel {
    let timer: NodeJS.Timeout | null = null;
    const arm = (): void => {
      const wait = (when - this.now()) * 1000;
      if (wait <= 0) timer = setTimeout(run, 0);
      else timer = setTimeout(() => (this.now() >= when ? run() : arm()), Math.min(Math.ceil(wait), FARTHEST_MS));
    };
    if (when !== Infinity) arm();
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }
}
