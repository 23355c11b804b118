/**
 * What a jail says of its sources, once each time: nothing can be read, nothing has come for a day, reading has fallen behind.
 *
 * Decides from the numbers of the sources; reads nothing itself. Each file's own troubles are said by `io/source`.
 */
import { printSpan, type Instant, type Said, type Span } from "../base/index.ts";
import type { SourceStats } from "../io/source/index.ts";

/** For how long all sources must be in trouble: a rotation is none. */
const BLIND = 60;
/** A log at whose end reading has not been for so long is behind. */
const BEHIND: Span = 60;
const SILENT: Span = 86_400;

export class Attention {
  readonly #jail: string;
  #blindSince: Instant | null = null;
  #blindSaid = false;
  #heardAt: Instant;
  #silenceSaid = false;
  /** Sources of which it was said that they are behind. */
  readonly #behind = new Set<string>();

  /** @param since when the jail began to read */
  constructor(jail: string, since: Instant) {
    this.#jail = jail;
    this.#heardAt = since;
  }

  /** To be called now and then with the numbers of all sources. @returns what is to be said now. */
  look(stats: readonly SourceStats[], now: Instant): readonly Said[] {
    return [...this.#lookForSight(stats, now), ...this.#lookForSilence(stats, now), ...this.#lookForDelay(stats)];
  }

  #lookForSight(stats: readonly SourceStats[], now: Instant): readonly Said[] {
    const [first] = stats;
    const reason = stats.every(({ trouble }) => trouble !== null) ? (first?.trouble ?? "it has no log") : null;
    if (reason === null) {
      const was = this.#blindSaid;
      this.#blindSince = null;
      this.#blindSaid = false;
      return was ? [this.#said("NOTICE", "It reads again")] : [];
    }
    this.#blindSince ??= now;
    if (this.#blindSaid || now - this.#blindSince < BLIND) return [];
    this.#blindSaid = true;
    const others = stats.length > 1 ? ` (and ${stats.length - 1} more)` : "";
    const which = first === undefined ? "" : `${first.source}: `;
    return [this.#said("ERROR", `It sees nothing: ${which}${reason}${others}`)];
  }

  #lookForSilence(stats: readonly SourceStats[], now: Instant): readonly Said[] {
    const heard = Math.max(this.#heardAt, ...stats.map(({ lastLineAt }) => lastLineAt ?? 0));
    if (heard > this.#heardAt) {
      this.#heardAt = heard;
      this.#silenceSaid = false;
    }
    if (this.#silenceSaid || this.#blindSaid || now - heard < SILENT) return [];
    this.#silenceSaid = true;
    const why = stats.some(({ mode }) => mode === "systemd")
      ? "no entry of the journal meets its journalmatch"
      : `nothing is written to ${stats[0]?.source ?? "its logs"}${stats.length > 1 ? ` and ${stats.length - 1} more` : ""}`;
    return [this.#said("NOTICE", `No line has come for ${printSpan(SILENT)}: ${why}`)];
  }

  /** The past that is read at the start is no delay. */
  #lookForDelay(stats: readonly SourceStats[]): readonly Said[] {
    const said: Said[] = [];
    for (const { source, live, behindBytes, behindSeconds } of stats) {
      const isBehind = live && behindSeconds >= BEHIND;
      if (isBehind && !this.#behind.has(source)) {
        this.#behind.add(source);
        const delay = `${Math.round(behindSeconds)} s, ${behindBytes} bytes are not read yet`;
        said.push(this.#said("WARNING", `Reading of ${source} has fallen behind: ${delay}`));
      } else if (behindSeconds === 0 && this.#behind.delete(source))
        said.push(this.#said("NOTICE", `Reading of ${source} has caught up`));
    }
    for (const source of this.#behind) if (!stats.some((one) => one.source === source)) this.#behind.delete(source);
    return said;
  }

  #said(level: Said["level"], text: string): Said {
    return { level, logger: "filter", text: `[${this.#jail}] ${clean(text)}` };
  }
}

/** A path may come from a glob. */
function clean(text: string): string {
  return text.replaceAll(/[\0-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
