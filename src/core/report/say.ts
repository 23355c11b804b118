/**
 * Every line that jails and filters log, in fail2ban's words (config-cli.md §7.5, engine.md §1.3–1.8, §5): other programs
 * read them, recidive and the exporters among them. Not here: what actions and sources say, which stands beside their work.
 */
import {
  type Instant,
  type Level,
  type Said,
  type Span,
  type Who,
  type Zone,
  detach,
  printLocal,
  printSpan,
} from "../../base/index.ts";

function line(level: Level, logger: string, text: string): Said {
  return { level, logger, text };
}

/** The far end of a ban without end, as the original prints it. */
const INFINITE = "infinite";

export const say = {
  foundBad: (jail: string, id: string, at: string, count: number, boost: number, banned: boolean): Said =>
    line(
      "INFO",
      "observer",
      `[${jail}] Found ${id}, bad - ${at}, ${count} # -> ${boost.toFixed(1)}${banned ? ", Ban" : ""}`,
    ),
  attempt: (jail: string, id: string, at: string): Said => line("INFO", "filter", `[${jail}] Attempt ${id} - ${at}`),
  ignored: (jail: string, id: string, by: string): Said => line("INFO", "filter", `[${jail}] Ignore ${id} by ${by}`),
  expired: (jail: string, id: string): Said => line("INFO", "actions", `[${jail}] Ignore ${id}, expired bantime`),

  near: (jail: string, id: string, what: string): Said =>
    line(
      "WARNING",
      "actions",
      `[${jail}] ${id} is ${what}: if a reverse proxy or a container's network hides the clients behind it, this ban shuts all of them out; let the service log the client's own address (trusted proxies, REAL_IP_HEADER), or put ${id} into ignoreip`,
    ),
  ban: (jail: string, id: string): Said => line("NOTICE", "actions", `[${jail}] Ban ${id}`),
  restoreBan: (jail: string, id: string): Said => line("NOTICE", "actions", `[${jail}] Restore Ban ${id}`),
  unban: (jail: string, id: string): Said => line("NOTICE", "actions", `[${jail}] Unban ${id}`),
  repealBan: (jail: string, id: string): Said => line("NOTICE", "actions", `[${jail}] Repeal Ban ${id}`),
  alreadyBanned: (jail: string, id: string, later: Span): Said =>
    line(later < 3 ? "DEBUG" : later < 60 ? "NOTICE" : "WARNING", "actions", `[${jail}] ${id} already banned`),

  isBad: (jail: string, id: string, count: number, last: string, from: Span, to: Span): Said =>
    line(
      "INFO",
      "observer",
      `[${jail}] IP ${id} is bad: ${count} # last ${last} - incr ${printSpan(from)} to ${printSpan(to)}`,
    ),
  increaseBan: (jail: string, id: string, count: number, lasts: Span, end: string): Said =>
    line(
      "NOTICE",
      "observer",
      `[${jail}] Increase Ban ${id} (${count} # ${lasts < 0 ? "permanent" : printSpan(lasts)} -> ${lasts < 0 ? INFINITE : end})`,
    ),

  noLength: (jail: string, id: string, trouble: string): Said =>
    line("ERROR", "observer", `[${jail}] The ban of ${id} is not lengthened: ${trouble}`),

  oddTime: (jail: string, delta: Span, text: string): readonly Said[] => {
    const kind = delta >= -3300 && delta < 0 ? "latency" : "timezone";
    const where = `${printSpan(Math.abs(delta))} ${delta < 0 ? "before" : "after"} the current time`;
    return [
      line(
        "WARNING",
        "filter",
        `[${jail}] Detected a log entry ${where} in operation mode. This looks like a ${kind} problem. Treating such entries as if they just happened.`,
      ),
      timing(jail, text),
    ];
  },
  oldEntries: (jail: string, findtime: Span, text: string): readonly Said[] => [
    line(
      "WARNING",
      "filter",
      `[${jail}] Ignoring all log entries older than ${findtime}s; these are probably messages generated while fail2ban was not running.`,
    ),
    timing(jail, text),
  ],
  noTime: (jail: string, stamp: string, matched: string): readonly Said[] => [
    line("WARNING", "filter", `[${jail}] Found a match but no valid date/time found for '${stamp}'.`),
    line("WARNING", "filter", `[${jail}] Match without a timestamp: ${matched}`),
    line("WARNING", "filter", `[${jail}] Please try setting a custom date pattern (see man page jail.conf(5)).`),
  ],
  badStamp: (stamp: string): Said => line("ERROR", "filter", `findFailure failed to parse timeText: ${stamp}`),
  noAddress: (jail: string, text: string): Said =>
    line(
      "WARNING",
      "filter",
      `[${jail}] '${text}' has the shape of an address and is none: that failure is not counted`,
    ),
  gaveUp: (jail: string, kind: string, index: number, text: string): Said =>
    line(
      "WARNING",
      "filter",
      `[${jail}] ${kind} ${index} needs too many steps for a line of ${text.length} characters; it was skipped for this line only: ${text.slice(0, 120)}`,
    ),
  dateGaveUp: (jail: string, template: string, text: string): Said =>
    line(
      "WARNING",
      "filter",
      `[${jail}] date template '${template}' needs too many steps for a line of ${text.length} characters; it was skipped for this line only: ${text.slice(0, 120)}`,
    ),
  resolved: (name: string, addresses: readonly string[]): Said =>
    line(
      "WARNING",
      "filter",
      `Determined IP using DNS Lookup: ${name} = {${addresses.map((text) => `'${text}'`).join(", ")}}`,
    ),
  unresolved: (name: string, reason: string): Said =>
    line("WARNING", "filter", `Unable to find a corresponding IP address for ${name}: ${reason}`),
  tooManyWaiting: (jail: string, limit: number, what: string): Said =>
    line(
      "WARNING",
      "filter",
      `[${jail}] ${limit} failures wait for an answer (${what}); further ones are not held up any more`,
    ),
  listUnreadable: (file: string, reason: string): Said =>
    line("WARNING", "filter", `Retrieving IPs set from '${file}' failed: ${reason}`),
  tallyFull: (jail: string, limit: number): Said =>
    line(
      "WARNING",
      "filter",
      `[${jail}] ${limit} offenders are being counted; the least dangerous of them make room for new ones`,
    ),
  noRecord: (source: string, text: string): Said =>
    line(
      "WARNING",
      "filter",
      `${JSON.stringify(source)} is read with logformat = json-file, but holds something else: ${JSON.stringify(text.slice(0, 120))}; more of it is passed over`,
    ),
  lineFailed: (text: string, reason: string): Said =>
    line(
      "ERROR",
      "filter",
      `Failed to process line: ${JSON.stringify(text.slice(0, 500))}, caught exception: ${reason}`,
    ),
} as const;

function timing(jail: string, text: string): Said {
  return line(
    "WARNING",
    "filter",
    `[${jail}] Please check a jail for a timing issue. Line with odd timestamp: ${text}`,
  );
}

/** Says something at most once a day; in between it is silent (engine.md §1.3, last paragraph). */
export interface WarnOnce {
  due(kind: string, now: Instant): boolean;
}

const DAY = 86_400;

export function warnOnce(): WarnOnce {
  const last = new Map<string, Instant>();
  return {
    due(kind, now) {
      const before = last.get(kind);
      if (before !== undefined && now < before + DAY) return false;
      last.set(kind, now);
      return true;
    },
  };
}

/** Prints local time as the lines of the log do. The last second is remembered: many lines share it. */
export function timePrinter(zone: Zone): (at: Instant) => string {
  let second = Number.NaN;
  let printed = "";
  return (at) => {
    const whole = Math.floor(at);
    if (whole !== second) {
      second = whole;
      printed = printLocal(zone, whole);
    }
    return printed;
  };
}

/**
 * The line for a jail's failures: nearly each line of a log under attack is one, and hundreds have the same time. Of an address in its
 * canonical text nobody need ask whether it could harm a terminal; an id is what a log line said.
 */
export function foundPrinter(jail: string): (who: Who, at: string) => Said {
  const head = detach(`[${jail}] Found `);
  const isClean = !/\p{Cc}/u.test(head);
  let last = "";
  let tail = "";
  return ({ key, address }, at) => {
    if (at !== last) tail = detach(` - ${at}`);
    last = at;
    return { level: "INFO", logger: "filter", text: head + key + tail, isClean: isClean && address !== null };
  };
}

/** Local time as the lines of the log print it. */
export function when(zone: Zone, at: Instant): string {
  return printLocal(zone, at);
}
