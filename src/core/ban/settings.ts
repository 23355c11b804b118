/** How long bans last (config-cli.md §2.2 `bantime*`, engine.md §5.6). */
import type { Span } from "../../base/index.ts";

export interface BanSettings {
  /** Whole seconds, or FOREVER. */
  readonly bantime: Span;
  readonly increment: boolean;
  /** As written; null where never set or emptied. */
  readonly factor: string | null;
  readonly formula: string | null;
  readonly multipliers: readonly number[] | null;
  readonly maxtime: Span | null;
  readonly rndtime: Span | null;
  readonly overalljails: boolean;
  /** `bantime.X` of names that mean nothing, kept because `get` answers them. */
  readonly other: ReadonlyMap<string, string>;
}
