/** What a filter is told: finished values, as the options of a jail mean them (config-cli.md §2.2, §2.3). */
import type { Span } from "../../base/index.ts";
import type { Pattern, UseDns } from "../pattern/index.ts";

export interface FilterSettings {
  readonly usedns: UseDns;
  /** Lines searched together; 1 is the rule. */
  readonly maxlines: number;
  readonly prefregex: Pattern | null;
  readonly failregex: readonly Pattern[];
  readonly ignoreregex: readonly Pattern[];
  /** One pattern a line; null: the default detector. */
  readonly datepattern: string | null;
  /** As written, for lines without a zone; null: the machine's. */
  readonly logtimezone: string | null;
  /** A codec's name; "auto" is the locale's. */
  readonly logencoding: string;
  /** What a line of a file is: the message, or a record of Docker's `json-file` that carries it. */
  readonly logformat: "plain" | "json-file";
  readonly ignoreself: boolean;
  /** As written: addresses, networks, names, `file:` lists. */
  readonly ignoreip: readonly string[];
  /** Null: never set, which `get` shows as False. */
  readonly ignorecommand: string | null;
  readonly ignorecache: IgnoreCache | null;
}

export interface IgnoreCache {
  readonly key: string;
  readonly maxCount: number;
  readonly maxTime: Span;
}
