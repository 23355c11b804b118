/** A clock that moves only when told: for tests and for replaying logs. */
import type { Cancel, Clock, Instant } from "./time.ts";

export class VirtualClock implements Clock {
  #now: Instant;
  #due: { readonly at: Instant; readonly run: () => void }[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  at(at: Instant, run: () => void): Cancel {
    const alarm = { at, run };
    this.#due.push(alarm);
    this.#due.sort((a, b) => a.at - b.at);
    return () => {
      this.#due = this.#due.filter((other) => other !== alarm);
    };
  }

  /** Runs every alarm up to `then`, each at its own moment. */
  advance(then: Instant): void {
    for (let next = this.#due[0]; next && next.at <= then; next = this.#due[0]) {
      this.#due.shift();
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = then;
  }
}
