/** Settings that belong to no jail: what `fail2ban.conf` and `set …` tell the server (config-cli.md §2.1, §6.3). */
import { plainSpan, Refusal, type Plain, type Span } from "../../base/index.ts";
import { argument, integerArgument, spanArgument, textArgument } from "./arguments.ts";

export interface GeneralSettings {
  /** As given, in capitals: a level's name or digits. */
  readonly loglevel: string;
  readonly logtarget: string;
  readonly syslogsocket: string;
  /** `auto`, or a word for yes or no. */
  readonly allowipv6: string;
  /** KiB; without effect, kept because it can be asked for. */
  readonly stacksize: number;
  /** Null: no database. */
  readonly dbfile: string | null;
  readonly dbpurgeage: Span;
  readonly dbpurgeageIsFloat: boolean;
  readonly dbmaxmatches: number;
}

const LEVELS = [
  "CRITICAL",
  "FATAL",
  "ERROR",
  "WARNING",
  "WARN",
  "NOTICE",
  "INFO",
  "MSG",
  "DEBUG",
  "TRACEDEBUG",
  "HEAVYDEBUG",
  "NOTSET",
];
const SMALLEST_STACK = 32;

/** What holds before anything was set. */
export function startGeneral(): GeneralSettings {
  return {
    loglevel: "INFO",
    logtarget: "STDERR",
    syslogsocket: "auto",
    allowipv6: "auto",
    stacksize: 0,
    dbfile: null,
    dbpurgeage: 86_400,
    dbpurgeageIsFloat: false,
    dbmaxmatches: 10,
  };
}

/** Digits, or a level's name in any case. */
export function isLogLevel(text: string): boolean {
  return /^\d+$/.test(text) || LEVELS.includes(text.toUpperCase());
}

type Put = (settings: GeneralSettings, value: Plain) => GeneralSettings;

const PUT: Readonly<Record<string, Put>> = {
  loglevel: (settings, value) => {
    const level = textArgument(value).toUpperCase();
    if (!isLogLevel(level)) throw new Refusal("ValueError", `Invalid log level '${level}'`);
    return { ...settings, loglevel: level };
  },
  logtarget: (settings, value) => ({ ...settings, logtarget: textArgument(value) }),
  syslogsocket: (settings, value) => ({ ...settings, syslogsocket: textArgument(value) }),
  allowipv6: (settings, value) => ({ ...settings, allowipv6: textArgument(value) }),
  dbfile: (settings, value) => {
    const file = value === null ? "None" : textArgument(value);
    return { ...settings, dbfile: file.toLowerCase() === "none" ? null : file };
  },
  // Without a database nobody looks at its options: a wrong one is no mistake then.
  dbpurgeage: (settings, value) => {
    if (settings.dbfile === null) return settings;
    const { seconds, isFloat } = spanArgument(value);
    return { ...settings, dbpurgeage: seconds, dbpurgeageIsFloat: isFloat };
  },
  dbmaxmatches: (settings, value) =>
    settings.dbfile === null ? settings : { ...settings, dbmaxmatches: integerArgument(value) },
  thread: (settings, value) => ({ ...settings, stacksize: stackOf(value) }),
};

/** `set <key> <value>`; undefined when there is no such setting. @throws Refusal for a value that is refused */
export function putGeneral(
  settings: GeneralSettings,
  key: string,
  args: readonly Plain[],
): GeneralSettings | undefined {
  const put = Object.hasOwn(PUT, key) ? PUT[key] : undefined;
  return put?.(settings, argument(args, 0));
}

/** The answer of `get <key>`; undefined when there is no such setting. */
export function showGeneral(settings: GeneralSettings, key: string): Plain | undefined {
  const none = settings.dbfile === null;
  const shown: Readonly<Record<string, Plain>> = {
    loglevel: settings.loglevel,
    logtarget: settings.logtarget,
    syslogsocket: settings.syslogsocket,
    thread: new Map<string, Plain>([["stacksize", settings.stacksize]]),
    dbfile: settings.dbfile,
    dbpurgeage: none ? null : plainSpan({ seconds: settings.dbpurgeage, isFloat: settings.dbpurgeageIsFloat }),
    dbmaxmatches: none ? null : settings.dbmaxmatches,
  };
  return Object.hasOwn(shown, key) ? shown[key] : undefined;
}

function stackOf(value: Plain): number {
  if (!isMap(value)) throw new Refusal("AttributeError", "'str' object has no attribute 'items'");
  let stacksize = 0;
  for (const [key, size] of value) {
    if (key !== "stacksize") throw new Refusal("KeyError", `unknown option '${key}'`);
    stacksize = integerArgument(size);
    if (stacksize !== 0 && stacksize < SMALLEST_STACK)
      throw new Refusal("ValueError", `size not valid: ${stacksize * 1024} bytes`);
  }
  return stacksize;
}

function isMap(value: Plain): value is ReadonlyMap<string, Plain> {
  return value instanceof Map;
}
