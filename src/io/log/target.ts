/** Where the log goes, as `logtarget` says it: `STDOUT`, `SYSLOG[facility=AUTH]`, a file's path … (config-cli.md §7.4). */

export type TargetKind = "STDOUT" | "STDERR" | "SYSOUT" | "SYSLOG" | "SYSTEMD-JOURNAL" | "FILE";

export interface Target {
  readonly kind: TargetKind;
  /** What `get logtarget` answers: the kind, or the file's path. */
  readonly shown: string;
  readonly datetime: boolean;
  readonly padding: boolean;
  /** Syslog's facility number. */
  readonly facility: number;
}

const KINDS: ReadonlySet<string> = new Set(["STDOUT", "STDERR", "SYSOUT", "SYSLOG", "SYSTEMD-JOURNAL"]);

const FACILITIES: Readonly<Record<string, number>> = {
  KERN: 0,
  USER: 1,
  MAIL: 2,
  DAEMON: 3,
  AUTH: 4,
  SYSLOG: 5,
  LPR: 6,
  NEWS: 7,
  UUCP: 8,
  CRON: 9,
  AUTHPRIV: 10,
  FTP: 11,
  LOCAL0: 16,
  LOCAL1: 17,
  LOCAL2: 18,
  LOCAL3: 19,
  LOCAL4: 20,
  LOCAL5: 21,
  LOCAL6: 22,
  LOCAL7: 23,
};

const TRUE: ReadonlySet<string> = new Set(["1", "on", "true", "yes"]);

/** @returns the target, and the name of a facility that does not exist (DAEMON is taken instead). */
export function readTarget(written: string): { readonly target: Target; readonly unknownFacility: string | null } {
  const [, name = written, list = ""] = /^([^[]+)\[(.*)\]\s*$/s.exec(written) ?? [];
  const options = new Map<string, string>();
  for (const [, key = "", value = ""] of list.matchAll(/([\w-]+)=("[^"]*"|'[^']*'|[^,]*)/g))
    options.set(key, value.replace(/^(["'])(.*)\1$/s, "$2").trim());
  const upper = name.toUpperCase();
  const kind = (KINDS.has(upper) ? upper : "FILE") as TargetKind;
  const flag = (key: string, absent: boolean): boolean =>
    options.has(key) ? TRUE.has((options.get(key) ?? "").toLowerCase()) : absent;
  const facility = (options.get("facility") ?? "DAEMON").toUpperCase().replace(/^LOG_/, "");
  const number = FACILITIES[facility];
  return {
    target: {
      kind,
      shown: kind === "FILE" ? name : upper,
      datetime: flag("datetime", kind !== "SYSLOG" && kind !== "SYSOUT" && kind !== "SYSTEMD-JOURNAL"),
      padding: flag("padding", kind !== "SYSLOG"),
      facility: number ?? 3,
    },
    unknownFacility: number === undefined ? facility : null,
  };
}
