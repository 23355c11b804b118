/** What reading a configuration gives: commands for the server, each with its place. */
import type { Issue, Place, Plain } from "../../base/index.ts";

export interface StreamCommand {
  /** `['set', 'sshd', 'findtime', '10m']` */
  readonly words: readonly Plain[];
  /** Where the value was written; null where nobody wrote it (`start`, a default). */
  readonly at: Place | null;
  /** For a list of values (`multi-set`): the place of each; only mistakes ask for it. */
  readonly itemAt?: (index: number) => Place;
}

export interface Reading {
  /** In the order in which the server takes them; a broken jail stands as `config-error`. */
  readonly commands: readonly StreamCommand[];
  /** Commands beside them that only our own server is sent: the original has no such options. They are no part of `-d`. */
  readonly own: readonly StreamCommand[];
  /** All that is wrong or doubtful, in the order of reading. */
  readonly issues: readonly Issue[];
  /** What makes the original give up altogether, in its words; null where it goes on. `-d` and `-t` fail with it. */
  readonly fatal: string | null;
  /** Whether a server may be started with `commands`: false when what concerns all jails could not be read, or every enabled jail is broken. */
  readonly usable: boolean;
  /** Enabled jails that could be read, in order. */
  readonly good: readonly string[];
  /** Enabled jails that could not. */
  readonly broken: readonly string[];
}

export interface Wanted {
  /** For `%(fail2ban_version)s`. */
  readonly version: string;
  /** Only this jail; else all. */
  readonly jail?: string;
  /** `-d`: missing log files are no mistake. */
  readonly allowNoLogs?: boolean;
  /** From the command line; they win over fail2ban.conf. */
  readonly overrides?: { readonly loglevel?: string; readonly logtarget?: string; readonly syslogsocket?: string };
}

/** The commands as they are sent. @param ours whether the server is ours, which takes some that the original does not know */
export function streamOf({ commands, own }: Reading, ours: boolean): readonly Plain[] {
  return [...commands, ...(ours ? own : [])].map(({ words }) => words);
}
