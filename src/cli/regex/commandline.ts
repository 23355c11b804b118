/** The command line of fail2ban-regex → its options: they may stand anywhere and be cut short (config-cli.md §8.1). */
import { OPTIONS, type Draft, type Ending, type OptionRow, type RegexOptions } from "./options.ts";

const INTEGER = /^\s*[+-]?\d+\s*$/;

/** @param version as `-V` prints it */
export function readRegexOptions(argv: readonly string[], version: string): RegexOptions | Ending {
  const line = emptyLine();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const step = word.startsWith("--") ? takeLong(line, word, argv[at + 1]) : takeShort(line, word, argv[at + 1]);
    if (typeof step === "string") return { end: "unknown", message: step };
    if (step) at += 1;
    if (line.ending === "help") return { end: "help" };
    if (line.ending === "version") return { end: "version", text: `fail2ban-regex ${version}` };
  }
  if (line.ending === "short version") return { end: "version", text: version };
  return finish(line, words);
}

function finish(draft: Draft, words: readonly string[]): RegexOptions | Ending {
  const { asked, ending, ...line } = draft;
  if (ending !== null) return { end: "help" };
  for (const kind of ["missed", "ignored"] as const) {
    const [none, all] = [asked.has(`no-${kind}`), asked.has(`all-${kind}`)];
    if (none && all)
      return { end: "wrong", message: `--print-no-${kind} and --print-all-${kind} are mutually exclusive.` };
    line[kind] = none ? "none" : all ? "all" : "some";
  }
  if (words.length < 2 || words.length > 3) return { end: "wrong", message: "provide both <LOG> and <REGEX>." };
  return { ...line, words };
}

function emptyLine(): Draft {
  return {
    config: "/etc/fail2ban",
    datepattern: null,
    timezone: null,
    encoding: "auto",
    usedns: null,
    maxlines: 0,
    journalmatch: null,
    logLevel: "critical",
    verbosity: 0,
    verboseDate: false,
    debuggex: false,
    checkAll: true,
    out: null,
    invert: false,
    missed: "some",
    ignored: "some",
    matched: false,
    json: false,
    now: null,
    explain: false,
    lint: false,
    words: [],
    ending: null,
    asked: new Set(),
  };
}

/** @returns whether the next word was taken as the value, or what is wrong */
function takeLong(line: Draft, word: string, next: string | undefined): boolean | string {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const exact = OPTIONS.find((row) => row.names.includes(name));
  const fitting = OPTIONS.filter((row) => row.exact !== true).flatMap((row) =>
    row.names.filter((other) => other.startsWith(name)).map((other) => ({ row, other })),
  );
  if (exact === undefined && fitting.length > 1) {
    const names = fitting.map(({ other }) => other).toSorted();
    return `ambiguous option: ${name} (${names.join(", ")}?)`;
  }
  const row = exact ?? fitting[0]?.row;
  if (row === undefined) return `no such option: ${name}`;
  const full = exact === undefined ? (fitting[0]?.other ?? name) : name;
  if (row.value === undefined) {
    if (equals >= 0) return `${full} option does not take a value`;
    row.take(line, "");
    return false;
  }
  const value = equals >= 0 ? word.slice(equals + 1) : next;
  if (value === undefined) return `${full} option requires 1 argument`;
  return take(line, row, full, value) ?? equals < 0;
}

/** Letters may stand together; the first that takes a value takes the rest of the word, or the next one. */
function takeShort(line: Draft, word: string, next: string | undefined): boolean | string {
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at] ?? ""}`;
    const row = OPTIONS.find((each) => each.names.includes(name));
    if (row === undefined) return `no such option: ${name}`;
    if (row.value === undefined) {
      row.take(line, "");
      continue;
    }
    const rest = word.slice(at + 1);
    const value = rest === "" ? next : rest;
    if (value === undefined) return `${name} option requires 1 argument`;
    return take(line, row, name, value) ?? rest === "";
  }
  return false;
}

function take(line: Draft, row: OptionRow, name: string, value: string): string | undefined {
  if (row.integer === true && !INTEGER.test(value)) return `option ${name}: invalid integer value: '${value}'`;
  row.take(line, value.trim() === "" || row.integer !== true ? value : value.trim());
  return undefined;
}
