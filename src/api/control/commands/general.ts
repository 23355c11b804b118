/** Settings that belong to no jail: logging and the database (config-cli.md §6.3). */
import { Float, Refusal, type Plain } from "../../../base/index.ts";
import type { GeneralSetting } from "../desk.ts";
import { isMap, plainText, readInt, type Command, type Section } from "./command.ts";

interface Row {
  readonly setting: GeneralSetting;
  readonly section: Section;
  readonly usage: string;
  readonly set: string | null;
  readonly get: string | null;
  readonly show?: (value: Plain) => string;
  /** Makes the argument what the setting holds. */
  readonly read?: (value: Plain) => Plain;
}

const under =
  (heading: string, end = "") =>
  (value: Plain): string =>
    `${heading}\n\`- ${plainText(value)}${end}`;
const orDisabled =
  (show: (value: Plain) => string) =>
  (value: Plain): string =>
    value === null ? "Database currently disabled" : show(value);

const ROWS: readonly Row[] = [
  {
    setting: "loglevel",
    section: "LOGGING",
    usage: "<LEVEL>",
    set: "says from which weight on things are logged: CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG, TRACEDEBUG, HEAVYDEBUG, or a number (50-5)",
    get: "asks for the level of the log",
    show: (value) => `Current logging level is ${typeof value === "string" ? `'${value}'` : plainText(value)}`,
  },
  {
    setting: "logtarget",
    section: "LOGGING",
    usage: "<TARGET>",
    set: "says where the log goes: STDOUT, STDERR, SYSOUT, SYSLOG, SYSTEMD-JOURNAL, or a file",
    get: "asks where the log goes",
    show: under("Current logging target is:"),
  },
  {
    setting: "syslogsocket",
    section: "LOGGING",
    usage: "auto|<SOCKET>",
    set: "says which socket syslog listens at; only for logtarget SYSLOG",
    get: "asks for the socket of syslog",
    show: under("Current syslog socket is:"),
  },
  { setting: "allowipv6", section: "LOGGING", usage: "auto|yes|no", set: null, get: null },
  {
    setting: "thread",
    section: "LOGGING",
    usage: "<OPTIONS>",
    set: null,
    get: null,
    read: (value) => {
      if (isMap(value)) return value;
      throw new Refusal("AttributeError", "'str' object has no attribute 'items'");
    },
  },
  {
    setting: "dbfile",
    section: "DATABASE",
    usage: "<FILE>",
    set: 'says where bans are remembered; "None" remembers nothing',
    get: "asks where bans are remembered",
    show: orDisabled(under("Current database file is:")),
  },
  {
    setting: "dbmaxmatches",
    section: "DATABASE",
    usage: "<INT>",
    set: "says how many log lines of each ban the database keeps",
    get: "asks how many log lines of each ban the database keeps",
    read: readInt,
  },
  {
    setting: "dbpurgeage",
    section: "DATABASE",
    usage: "<SECONDS>",
    set: "says how long the database remembers a ban that is over",
    get: "asks how long the database remembers a ban that is over",
    show: orDisabled((value) => `Current database purge age is:\n\`- ${wholeSeconds(value)}seconds`),
  },
];

function wholeSeconds(value: Plain): string {
  return plainText(value instanceof Float ? Math.trunc(value.value) : value);
}

/** `thread` answers its putting with nothing, and there is no asking for `allowipv6`. */
const SILENT: ReadonlySet<GeneralSetting> = new Set(["thread"]);
const NEVER_ASKED: ReadonlySet<GeneralSetting> = new Set(["allowipv6"]);

const FLUSH: Command = {
  words: "flushlogs",
  section: "LOGGING",
  help: "opens the log file again (after log rotation) or flushes what is buffered",
  run: (desk) => desk.flushlogs(),
  show: (value) => `logs: ${plainText(value)}`,
};

export const GENERAL: readonly Command[] = [
  ...ROWS.flatMap(pair).filter(({ section }) => section === "LOGGING"),
  FLUSH,
  ...ROWS.flatMap(pair).filter(({ section }) => section === "DATABASE"),
];

function pair({ setting, section, usage, set, get, show, read }: Row): readonly Command[] {
  const common = { section, ...(show === undefined ? {} : { show }) };
  const put: Command = {
    ...common,
    words: `set ${setting}`,
    usage,
    help: set,
    needs: 1,
    run: async (desk, [value = null]) => {
      await desk.put(setting, read === undefined ? value : read(value));
      return SILENT.has(setting) ? null : NEVER_ASKED.has(setting) ? value : desk.ask(setting);
    },
  };
  const ask: Command = { ...common, words: `get ${setting}`, help: get, asks: true, run: (desk) => desk.ask(setting) };
  return NEVER_ASKED.has(setting) ? [put] : [put, ask];
}
