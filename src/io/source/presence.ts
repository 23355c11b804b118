/** Whether there is something to read under a path, and what is said when that changes: once, with the reason (engine.md §7.5). */
import type { Instant, Said } from "../../base/index.ts";
import { words } from "./words.ts";

/** Seconds of absence after which it is said as a warning; until then it is taken for a rotation. */
const ABSENCE = 60;
const NO_FILE = "no such file";

export class Presence {
  trouble: string | null = null;
  readonly #path: string;
  #since: Instant = 0;
  #warned = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param reason why it cannot be read; null: there is no such file */
  isRefused(reason: string | null, now: Instant, logger: string): Said | null {
    const trouble = reason ?? NO_FILE;
    if (trouble !== this.trouble) {
      this.trouble = trouble;
      this.#since = now;
      this.#warned = false;
      return reason === null ? words.absent(this.#path, logger) : words.unreadable(this.#path, reason);
    }
    if (reason !== null || this.#warned || !this.isLong(now)) return null;
    this.#warned = true;
    return words.stillAbsent(this.#path, ABSENCE);
  }

  isThere(logger: string): Said | null {
    const was = this.trouble;
    this.trouble = null;
    if (was === null) return null;
    return was === NO_FILE ? words.present(this.#path, logger) : words.readable(this.#path);
  }

  /** It has been away for longer than a rotation takes. */
  isLong(now: Instant): boolean {
    return this.trouble !== null && now - this.#since >= ABSENCE;
  }
}
