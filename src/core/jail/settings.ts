/** All that one jail is told, as a frozen value: start, reload and `set` are functions from settings to settings. */
import type { Span } from "../../base/index.ts";
import type { ActionSettings } from "../action/index.ts";
import type { BanSettings } from "../ban/index.ts";
import type { FilterSettings } from "../filter/index.ts";

export interface JailSettings {
  readonly name: string;
  /** As asked for: `auto`, `polling`, `pyinotify`, `systemd[journalflags=1]`. */
  readonly backend: string;
  readonly filter: FilterSettings;
  readonly maxretry: number;
  /** Lines kept per offender. */
  readonly maxmatches: number;
  readonly findtime: Span;
  /** `findtime` was given as a float, which `get` prints as one. */
  readonly findtimeIsFloat: boolean;
  readonly ban: BanSettings;
  readonly logpath: readonly LogPath[];
  /** Patterns: files that match later are read too. */
  readonly logglobs: readonly string[];
  /** Or-ed groups of words `FIELD=value`. */
  readonly journalmatch: readonly (readonly string[])[];
  readonly actions: readonly ActionSettings[];
  readonly idle: boolean;
}

export interface LogPath {
  readonly path: string;
  readonly tail: boolean;
}
