/** The options that client and server share: one row each, from which parsing and help derive (config-cli.md §7.1). */
import { readSpan, VERSION, type Span } from "../base/index.ts";
import { getopt, type OptionSpec } from "./getopt.ts";

/** The command line as meant; what was not given and stands in fail2ban.conf is null. */
export interface CommandLine {
  readonly conf: string;
  readonly socket: string | null;
  readonly pidfile: string | null;
  /** Name of the server's process. */
  readonly pname: string;
  readonly loglevel: string | null;
  readonly logtarget: string | null;
  readonly syslogsocket: string | null;
  /** Print the commands of the configuration, and how. */
  readonly dump: "plain" | "pretty" | null;
  readonly test: boolean;
  readonly interactive: boolean;
  /** 1 unless `-v` and `-q` changed it. */
  readonly verbosity: number;
  readonly force: boolean;
  readonly background: boolean;
  /** The server reads no configuration: somebody will send it. */
  readonly async: boolean;
  /** Seconds to wait for the server. */
  readonly timeout: Span;
  /** Answers are printed as JSON. */
  readonly json: boolean;
  /** Everything from the command on. */
  readonly words: readonly string[];
}

/** What a command line came to that asks for nothing else. */
export type Ending =
  | { readonly end: "version"; readonly text: string }
  | { readonly end: "seconds"; readonly text: string }
  | { readonly end: "help" }
  /** Words that are no command line. */
  | { readonly end: "unknown"; readonly message: string }
  /** A value that an option does not take; `message` as it stands behind `ERROR: `. */
  | { readonly end: "wrong"; readonly message: string };

type Mutable = { -readonly [Key in keyof CommandLine]: CommandLine[Key] };

interface OptionRow extends OptionSpec {
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly help: string;
  /** Puts it into the command line, or ends everything. */
  readonly take: (line: Mutable, value: string) => Ending | void;
}

/** Seconds that a client waits for a server that starts or stops. */
const TIMEOUT: Span = 30;

export const OPTIONS: readonly OptionRow[] = [
  {
    short: "c",
    long: "conf",
    value: true,
    placeholder: "<DIR>",
    help: "directory of the configuration",
    take: (line, value) => void (line.conf = value),
  },
  {
    short: "s",
    long: "socket",
    value: true,
    placeholder: "<FILE>",
    help: "the server's control socket",
    take: (line, value) => void (line.socket = value),
  },
  {
    short: "p",
    long: "pidfile",
    value: true,
    placeholder: "<FILE>",
    help: "file for the server's process number",
    take: (line, value) => void (line.pidfile = value),
  },
  {
    long: "pname",
    value: true,
    placeholder: "<NAME>",
    help: "name of the server's process (default fail2ban-server)",
    take: (line, value) => void (line.pname = value),
  },
  {
    long: "loglevel",
    value: true,
    placeholder: "<LEVEL>",
    help: "from which weight on things are logged",
    take: (line, value) => void (line.loglevel = value),
  },
  {
    long: "logtarget",
    value: true,
    placeholder: "<TARGET>",
    help: "where the log goes: a file, stdout, stderr, syslog, sysout, systemd-journal",
    take: (line, value) => void (line.logtarget = value),
  },
  {
    long: "syslogsocket",
    value: true,
    placeholder: "auto|<FILE>",
    help: "",
    take: (line, value) => void (line.syslogsocket = value),
  },
  { short: "d", help: "print the commands that the configuration makes", take: (line) => void (line.dump ??= "plain") },
  { long: "dp", help: "", take: (line) => void (line.dump = "pretty") },
  {
    long: "dump-pretty",
    help: "the same, laid out for reading (also --dp)",
    take: (line) => void (line.dump = "pretty"),
  },
  {
    short: "t",
    long: "test",
    help: "test the configuration; with a command: before it is carried out",
    take: (line) => void (line.test = true),
  },
  { short: "i", help: "interactive: read commands from the terminal", take: (line) => void (line.interactive = true) },
  { short: "v", help: "say more; may be repeated", take: (line) => void (line.verbosity += 1) },
  { short: "q", help: "say less", take: (line) => void (line.verbosity -= 1) },
  {
    short: "x",
    help: "start the server even if a socket file of an earlier one is in the way",
    take: (line) => void (line.force = true),
  },
  { short: "b", help: "start the server in the background (default)", take: (line) => void (line.background = true) },
  { short: "f", help: "start the server in the foreground", take: (line) => void (line.background = false) },
  {
    long: "async",
    help: "start the server without configuration (used internally)",
    take: (line) => void (line.async = true),
  },
  { long: "timeout", value: true, placeholder: "<TIME>", help: "how long to wait for the server", take: takeTimeout },
  { long: "json", help: "print the answer as JSON", take: (line) => void (line.json = true) },
  {
    long: "str2sec",
    value: true,
    placeholder: "<TIME>",
    help: "print a length of time in seconds",
    take: (_, value) => seconds(value),
  },
  { short: "h", long: "help", help: "print this text", take: () => ({ end: "help" }) },
  {
    long: "version",
    help: "print the version (-V: only the number)",
    take: () => ({ end: "version", text: `Fail2Ban v${VERSION}` }),
  },
  { short: "V", help: "", take: () => ({ end: "version", text: VERSION }) },
];

/** Reads the words behind the program's name. */
export function readCommandLine(argv: readonly string[]): CommandLine | Ending {
  const parsed = getopt(argv, OPTIONS);
  if (!parsed.ok) return { end: "unknown", message: parsed.message };
  const line: Mutable = {
    conf: "/etc/fail2ban",
    socket: null,
    pidfile: null,
    pname: "fail2ban-server",
    loglevel: null,
    logtarget: null,
    syslogsocket: null,
    dump: null,
    test: false,
    interactive: false,
    verbosity: 1,
    force: false,
    background: true,
    async: false,
    timeout: TIMEOUT,
    json: false,
    words: parsed.rest,
  };
  for (const { option, value } of parsed.given) {
    const ending = option.take(line, value);
    if (ending !== undefined) return ending;
  }
  return line;
}

function takeTimeout(line: Mutable, value: string): Ending | void {
  const span = readSpan(value);
  if (!span.ok) return { end: "wrong", message: span.message };
  line.timeout = span.seconds;
}

function seconds(value: string): Ending {
  const span = readSpan(value);
  if (!span.ok) return { end: "wrong", message: span.message };
  return {
    end: "seconds",
    text: span.isFloat && Number.isInteger(span.seconds) ? `${span.seconds}.0` : String(span.seconds),
  };
}
