/** The options of fail2ban-regex: one row each, from which parsing and help derive (config-cli.md §8.1). */
import type { UseDns } from "../../core/pattern/index.ts";

/** The command line as meant. */
export interface RegexOptions {
  readonly config: string;
  readonly datepattern: string | null;
  readonly timezone: string | null;
  readonly encoding: string;
  readonly usedns: UseDns | null;
  /** Lines searched together, and the limit of printed lines; 0: not given. */
  readonly maxlines: number;
  readonly journalmatch: string | null;
  readonly logLevel: string;
  readonly verbosity: number;
  readonly verboseDate: boolean;
  readonly debuggex: boolean;
  readonly checkAll: boolean;
  /** What to print of each failure; null: the report. */
  readonly out: string | null;
  readonly invert: boolean;
  readonly missed: Listing;
  readonly ignored: Listing;
  readonly matched: boolean;
  readonly json: boolean;
  /** As written; null: the machine's clock. */
  readonly now: string | null;
  readonly explain: boolean;
  readonly lint: boolean;
  /** LOG, REGEX and IGNOREREGEX. */
  readonly words: readonly string[];
}

/** How many lines of a kind are listed: none, up to the limit, all. */
export type Listing = "none" | "some" | "all";

export type Ending =
  | { readonly end: "help" }
  | { readonly end: "version"; readonly text: string }
  /** No such option, or not so: exit 2. */
  | { readonly end: "unknown"; readonly message: string }
  /** Options or words that do not go together: exit 255. */
  | { readonly end: "wrong"; readonly message: string };

export type Draft = { -readonly [Key in keyof RegexOptions]: RegexOptions[Key] } & {
  ending: "help" | "version" | "short version" | null;
  readonly asked: Set<string>;
};

export interface OptionRow {
  readonly names: readonly string[];
  /** What stands for the value in the help; absent: it takes none. */
  readonly value?: string;
  /** The value is a whole number. */
  readonly integer?: true;
  /** Not to be abbreviated: the original does not have it, and what was unambiguous stays so. */
  readonly exact?: true;
  readonly help: string;
  readonly take: (line: Draft, value: string) => void;
}

export const OPTIONS: readonly OptionRow[] = [
  {
    names: ["--version"],
    help: "print the program's name and version",
    take: (line) => void (line.ending ??= "version"),
  },
  { names: ["-V"], help: "print the version alone", take: (line) => void (line.ending ??= "short version") },
  { names: ["-h", "--help"], help: "print this help", take: (line) => void (line.ending ??= "help") },
  {
    names: ["-c", "--config"],
    value: "DIR",
    help: "where the configuration is (/etc/fail2ban)",
    take: (line, value) => void (line.config = value),
  },
  {
    names: ["-d", "--datepattern"],
    value: "PATTERN",
    help: "how dates are written, instead of what the filter says",
    take: (line, value) => void (line.datepattern = value === "" ? null : value),
  },
  {
    names: ["--timezone", "--TZ"],
    value: "ZONE",
    help: "zone of dates that have none: UTC, CET, UTC+0200",
    take: (line, value) => void (line.timezone = value),
  },
  {
    names: ["-e", "--encoding"],
    value: "NAME",
    help: "encoding of the file; else that of the locale",
    take: (line, value) => void (line.encoding = value),
  },
  {
    names: ["-r", "--raw"],
    help: "take host names as they are, ask for no addresses",
    take: (line) => void (line.usedns = "raw"),
  },
  {
    names: ["--usedns"],
    value: "HOW",
    help: "yes or warn: ask for addresses of host names; no: addresses only; raw: host names as they are",
    take: (line, value) => void (line.usedns = useDnsOf(value)),
  },
  {
    names: ["-L", "--maxlines"],
    value: "N",
    integer: true,
    help: "search so many lines together; also the limit of listed lines",
    take: (line, value) => void (line.maxlines = Number(value)),
  },
  {
    names: ["-m", "--journalmatch"],
    value: "MATCH",
    help: "which entries of the journal, instead of what the filter says",
    take: (line, value) => void (line.journalmatch = value),
  },
  {
    names: ["-l", "--log-level"],
    value: "LEVEL",
    help: "print what is logged from this level on (critical)",
    take: (line, value) => void (line.logLevel = value),
  },
  { names: ["-v", "--verbose"], help: "tell more; -vv still more", take: (line) => void (line.verbosity += 1) },
  {
    names: ["--verbosity"],
    value: "N",
    integer: true,
    help: "the same as a number, 0 to 4",
    take: (line, value) => void (line.verbosity = Number(value)),
  },
  {
    names: ["--verbose-date", "--VD"],
    help: "show patterns and expressions of the date formats",
    take: (line) => void (line.verboseDate = true),
  },
  {
    names: ["-D", "--debuggex"],
    help: "append to each listed line the address that shows it at debuggex.com",
    take: (line) => void (line.debuggex = true),
  },
  {
    names: ["--no-check-all"],
    help: "stop at the first expression that matches, as the server does",
    take: (line) => void (line.checkAll = false),
  },
  {
    names: ["-o", "--out"],
    value: "WHAT",
    help: "print of each failure only this: id, ip, msg, row, the name of a group, or a text with tags: '<ip> <F-USER>'",
    take: (line, value) => void (line.out = value === "" ? null : value),
  },
  {
    names: ["-i", "--invert"],
    help: "with -o: lines that are no failure instead",
    take: (line) => void (line.invert = true),
  },
  { names: ["--print-no-missed"], help: "list no missed lines", take: (line) => ask(line, "no-missed") },
  { names: ["--print-no-ignored"], help: "list no ignored lines", take: (line) => ask(line, "no-ignored") },
  { names: ["--print-all-matched"], help: "list all matched lines", take: (line) => void (line.matched = true) },
  { names: ["--print-all-missed"], help: "list all missed lines", take: (line) => ask(line, "all-missed") },
  { names: ["--print-all-ignored"], help: "list all ignored lines", take: (line) => ask(line, "all-ignored") },
  { names: ["-t", "--log-traceback"], help: "accepted for compatibility", take: () => {} },
  { names: ["--full-traceback"], help: "accepted for compatibility", take: () => {} },
  {
    names: ["--json"],
    exact: true,
    help: "print each failure, and a summary, as one line of JSON",
    take: (line) => void (line.json = true),
  },
  {
    names: ["--now"],
    exact: true,
    value: "TIME",
    help: "the moment from which missing years and days follow: seconds since 1970, or 2026-11-22T08:00:00+01:00",
    take: (line, value) => void (line.now = value),
  },
  {
    names: ["--explain"],
    exact: true,
    help: "take LOG as one line and tell for each expression how far it matches",
    take: (line) => void (line.explain = true),
  },
  {
    names: ["--lint"],
    exact: true,
    help: "name doubtful expressions with file and line, on standard error",
    take: (line) => void (line.lint = true),
  },
];

function ask(line: Draft, what: string): void {
  line.asked.add(what);
}

/** Anything that is none of the four words is the safe one. */
function useDnsOf(text: string): UseDns {
  const word = text.toLowerCase();
  return word === "yes" || word === "warn" || word === "raw" ? word : "no";
}
