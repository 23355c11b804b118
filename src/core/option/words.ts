// tidy: a table, read by row
/**
 * THE table of jail options, light half: names, how they are written, what they mean, which commands there are, how the client prints them
 * (config-cli.md §2.2, §6.4, §6.5). Configuration reader, commands, help and man page derive from it; what an option *does* stands in `options.ts`
 * under the same key. Imports nothing: the client loads it at each call.
 */

/** How the files write a value. */
export type Writing = "bool" | "int" | "text" | "lines" | "words" | "span";

/** How the client prints the answer of `get` and `set`. */
export type Shown = "plain" | "regexes" | "ignored" | "logs" | "globs" | "journal" | "encoding" | "datepattern";

export interface OptionWords {
  /** As in jail.conf; also the word of `set` and `get` where these exist. */
  readonly key: string;
  readonly written: Writing;
  /** What stands for the value in help texts. */
  readonly placeholder: string;
  /** One sentence, for help and man page. */
  readonly meaning: string;
  /** What holds when it was never set, as written in a file. */
  readonly default: string;
  /** `set JAIL <key> <value>` exists. */
  readonly set: boolean;
  /** Word of the command that adds one value, such as `addignoreip`. */
  readonly add?: string;
  /** Word of the command that takes one away. */
  readonly del?: string;
  /** `get JAIL <key>` exists. */
  readonly get: boolean;
  readonly shown: Shown;
  /** Only the configuration reader knows it: no command carries it. */
  readonly reader?: true;
  /** The original 1.0.2 has no such option. */
  readonly since?: "HEAD";
  /** Only ours has it, and only our server is sent it: said by the files, or only by commands that our client makes. */
  readonly ours?: "files" | "commands";
}

const PLAIN = { set: true, get: true, shown: "plain" } as const;
const READER = { set: false, get: false, shown: "plain", reader: true } as const;

/** In the order in which they are read and sent. */
export const JAIL_WORDS = [
  {
    key: "enabled",
    written: "bool",
    placeholder: "true|false",
    default: "false",
    meaning: "whether the jail is used",
    ...READER,
  },
  {
    key: "backend",
    written: "text",
    placeholder: "<BACKEND>",
    default: "auto",
    meaning: "how changes of the log are noticed: auto, pyinotify, polling, systemd",
    ...READER,
  },
  {
    key: "maxretry",
    written: "int",
    placeholder: "<RETRY>",
    default: "3",
    meaning: "failures within findtime that lead to a ban",
    ...PLAIN,
  },
  {
    key: "maxmatches",
    written: "int",
    placeholder: "<INT>",
    default: "5",
    meaning: "log lines kept for each offender",
    ...PLAIN,
  },
  {
    key: "findtime",
    written: "span",
    placeholder: "<TIME>",
    default: "10m",
    meaning: "length of the window in which failures are counted",
    ...PLAIN,
  },
  {
    key: "bantime",
    written: "span",
    placeholder: "<TIME>",
    default: "10m",
    meaning: "length of a ban; a negative one never ends",
    ...PLAIN,
  },
  {
    key: "bantime.increment",
    written: "bool",
    placeholder: "true|false",
    default: "",
    meaning: "whether those banned before are banned longer",
    ...PLAIN,
  },
  {
    key: "bantime.factor",
    written: "text",
    placeholder: "<NUMBER>",
    default: "1",
    meaning: "coefficient for the growth of the ban time",
    ...PLAIN,
  },
  {
    key: "bantime.formula",
    written: "text",
    placeholder: "<EXPRESSION>",
    default: "",
    meaning: "the next ban time, computed from ban.Time, ban.Count and banFactor",
    ...PLAIN,
  },
  {
    key: "bantime.multipliers",
    written: "text",
    placeholder: "<NUMBERS>",
    default: "",
    meaning: "what the first, second, … repeated ban is multiplied with",
    ...PLAIN,
  },
  {
    key: "bantime.maxtime",
    written: "span",
    placeholder: "<TIME>",
    default: "",
    meaning: "the longest a growing ban can get",
    ...PLAIN,
  },
  {
    key: "bantime.rndtime",
    written: "span",
    placeholder: "<TIME>",
    default: "",
    meaning: "up to this much is added at random",
    ...PLAIN,
  },
  {
    key: "bantime.overalljails",
    written: "bool",
    placeholder: "true|false",
    default: "",
    meaning: "whether bans of all jails are counted, not only of this one",
    ...PLAIN,
  },
  {
    key: "ignorecommand",
    written: "text",
    placeholder: "<VALUE>",
    default: "",
    meaning: "a command that is asked whether to pass over an offender",
    ...PLAIN,
  },
  {
    key: "ignoreself",
    written: "bool",
    placeholder: "true|false",
    default: "true",
    meaning: "whether the machine's own addresses are passed over",
    ...PLAIN,
  },
  {
    key: "ignoreip",
    written: "words",
    placeholder: "<IP>",
    default: "",
    meaning: "addresses, networks and names that are never banned",
    add: "addignoreip",
    del: "delignoreip",
    set: false,
    get: true,
    shown: "ignored",
  },
  {
    key: "ignorecache",
    written: "text",
    placeholder: "<VALUE>",
    default: "",
    meaning: "how answers about offenders to pass over are kept",
    ...PLAIN,
  },
  {
    key: "filter",
    written: "text",
    placeholder: "<FILTER>",
    default: "",
    meaning: "the filter, with its options in brackets",
    ...READER,
  },
  {
    key: "logtimezone",
    written: "text",
    placeholder: "<TZ>",
    default: "",
    meaning: "the zone of times that stand in the log without one",
    ...PLAIN,
  },
  {
    key: "logencoding",
    written: "text",
    placeholder: "<ENCODING>",
    default: "auto",
    meaning: "the encoding of the log files",
    set: true,
    get: true,
    shown: "encoding",
  },
  {
    key: "logformat",
    written: "text",
    placeholder: "plain|json-file",
    default: "plain",
    meaning: "what a line of the log files is: the message itself, or a record of a container's log that carries it",
    ...PLAIN,
    ours: "files",
  },
  {
    key: "logpath",
    written: "lines",
    placeholder: "<FILE>",
    default: "",
    meaning: "log files that are watched",
    add: "addlogpath",
    del: "dellogpath",
    set: false,
    get: true,
    shown: "logs",
  },
  {
    key: "logglob",
    written: "lines",
    placeholder: "<PATTERN>",
    default: "",
    meaning: "patterns of which files that appear later are watched too",
    add: "addlogglob",
    del: "dellogglob",
    set: false,
    get: true,
    shown: "globs",
    ours: "commands",
  },
  {
    key: "skip_if_nologs",
    written: "bool",
    placeholder: "true|false",
    default: "false",
    meaning: "whether the jail is left out when there is no log file",
    ...READER,
    since: "HEAD",
  },
  {
    key: "systemd_if_nologs",
    written: "bool",
    placeholder: "true|false",
    default: "true",
    meaning: "whether the journal is watched when there is no log file",
    ...READER,
    since: "HEAD",
  },
  {
    key: "action",
    written: "text",
    placeholder: "<ACT>",
    default: "",
    meaning: "what is done with an offender",
    ...READER,
  },
  {
    key: "usedns",
    written: "text",
    placeholder: "<VALUE>",
    default: "warn",
    meaning: "what is done with host names: yes, warn, no, raw",
    ...PLAIN,
  },
  {
    key: "prefregex",
    written: "text",
    placeholder: "<REGEX>",
    default: "",
    meaning: "an expression that cuts out of the line what the others search",
    ...PLAIN,
  },
  {
    key: "ignoreregex",
    written: "lines",
    placeholder: "<REGEX>",
    default: "",
    meaning: "expressions of lines that are no failures",
    add: "addignoreregex",
    del: "delignoreregex",
    set: false,
    get: true,
    shown: "regexes",
  },
  {
    key: "failregex",
    written: "lines",
    placeholder: "<REGEX>",
    default: "",
    meaning: "expressions of lines that are failures",
    add: "addfailregex",
    del: "delfailregex",
    set: false,
    get: true,
    shown: "regexes",
  },
  {
    key: "maxlines",
    written: "int",
    placeholder: "<LINES>",
    default: "1",
    meaning: "lines that are searched together",
    ...PLAIN,
  },
  {
    key: "datepattern",
    written: "text",
    placeholder: "<PATTERN>",
    default: "",
    meaning: "how the time of a line is written",
    set: true,
    get: true,
    shown: "datepattern",
  },
  {
    key: "journalmatch",
    written: "lines",
    placeholder: "<MATCH>",
    default: "",
    meaning: "which entries of the journal are read",
    add: "addjournalmatch",
    del: "deljournalmatch",
    set: false,
    get: true,
    shown: "journal",
  },
] as const satisfies readonly OptionWords[];

export type JailKey = (typeof JAIL_WORDS)[number]["key"];

/** What the files may say. */
export const JAIL_KEYS: ReadonlySet<string> = new Set(
  JAIL_WORDS.filter((row) => !("ours" in row) || row.ours === "files").map(({ key }) => key),
);

/** A setting that belongs to no jail: a row of the table of general options (config-cli.md §2.1, §6.3). */
export interface GeneralWords {
  readonly key:
    | "loglevel"
    | "logtarget"
    | "syslogsocket"
    | "allowipv6"
    | "thread"
    | "dbfile"
    | "dbpurgeage"
    | "dbmaxmatches";
  readonly placeholder: string;
  readonly meaning: string;
  readonly default: string;
  readonly get: boolean;
}

export const GENERAL_WORDS: readonly GeneralWords[] = [
  {
    key: "loglevel",
    placeholder: "<LEVEL>",
    default: "INFO",
    meaning: "how much is logged: CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG, TRACEDEBUG, HEAVYDEBUG or a number",
    get: true,
  },
  {
    key: "logtarget",
    placeholder: "<TARGET>",
    default: "/var/log/fail2ban.log",
    meaning: "where it is logged: a file, STDOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL",
    get: true,
  },
  {
    key: "syslogsocket",
    placeholder: "auto|<SOCKET>",
    default: "auto",
    meaning: "the socket of the system log",
    get: true,
  },
  { key: "allowipv6", placeholder: "auto|yes|no", default: "auto", meaning: "whether IPv6 is used", get: false },
  {
    key: "thread",
    placeholder: "<OPTIONS>",
    default: "0",
    meaning: "options of threads; kept and without effect",
    get: true,
  },
  {
    key: "dbfile",
    placeholder: "<FILE>",
    default: "/var/lib/fail2ban/fail2ban.sqlite3",
    meaning: "the database of bans; None for none",
    get: true,
  },
  {
    key: "dbpurgeage",
    placeholder: "<TIME>",
    default: "1d",
    meaning: "how long bans are remembered after their end",
    get: true,
  },
  {
    key: "dbmaxmatches",
    placeholder: "<INT>",
    default: "10",
    meaning: "log lines kept in the database for each ban",
    get: true,
  },
];
