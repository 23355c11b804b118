/** `set`, `get`, `add…` and `del…` of each jail option: one record a word, made from the table of jail options (config-cli.md §6.4, §6.5). */
import { Refusal, type Plain } from "../../../base/index.ts";
import { JAIL_WORDS, type OptionWords, type Shown } from "../../../core/option/index.ts";
import { Id, type Answer } from "../pickle/index.ts";
import { isList, jsonOf, listOf, plainText, readInt, texts, type Command } from "./command.ts";

type Show = (value: Plain) => string;

const box = (heading: string, lines: readonly string[]): string =>
  [heading, ...lines.map((line, i) => `${i === lines.length - 1 ? "`-" : "|-"} ${line}`)].join("\n");

const list =
  (heading: string, empty: string, line: (value: Plain, index: number) => string = plainText): Show =>
  (value) =>
    listOf(value).length === 0 ? empty : box(heading, listOf(value).map(line));

/** How the answer to each kind of option is printed. */
const PRINTED: Readonly<Record<Shown, Show>> = {
  plain: plainText,
  logs: list("Current monitored log file(s):", "No file is currently monitored"),
  globs: list("New files are watched that match:", "No pattern is set"),
  ignored: list("These IP addresses/networks are ignored:", "No IP address/network is ignored"),
  regexes: list(
    "The following regular expression are defined:",
    "No regular expression is defined",
    (regex, i) => `[${i}]: ${plainText(regex)}`,
  ),
  encoding: (value) => `Current log encoding is set to:\n${plainText(value)}`,
  journal: (value) => {
    const groups = listOf(value).map((group) => texts(listOf(group)).join(" "));
    return groups.length === 0 ? "No journal match filter set" : `Current match filter:\n${groups.join(" + ")}`;
  },
  datepattern: (value) => {
    if (value === null) return "Current date pattern set to: Not set/required";
    const [pattern = null, name = null] = listOf(value);
    return `Current date pattern set to: ${pattern === null ? plainText(name) : `${plainText(pattern)} (${plainText(name)})`}`;
  },
};

const namedDatePattern: Command["json"] = (value) => {
  const [pattern = null, name = null] = listOf(value);
  return value === null ? null : { pattern: jsonOf(pattern), name: jsonOf(name) };
};

/** What a word's arguments are, where it is not just the option's one value. */
interface Special {
  readonly usage?: string;
  /** Fewest arguments besides the jail. */
  readonly needs?: number;
  readonly read: (args: readonly Plain[]) => readonly Plain[];
}

const first = (args: readonly Plain[]): readonly Plain[] => args.slice(0, 1);
const several = (usage: string): Special => ({ usage: `${usage} ... ${usage}`, needs: 0, read: (args) => args });
const index: Special = { usage: "<INDEX>", read: ([at]) => [readInt(at)] };

const SPECIALS: Readonly<Record<string, Special>> = {
  addignoreip: several("<IP>"),
  addjournalmatch: several("<MATCH>"),
  deljournalmatch: several("<MATCH>"),
  addlogpath: {
    usage: "<FILE> ['tail']",
    read: ([file = null, option = "head", ...more]) => {
      if (more.length > 0) throw new Refusal("ValueError", "Only one file can be added at a time");
      if (option !== "head" && option !== "tail")
        throw new Refusal("ValueError", "File option must be 'head' or 'tail'");
      return [file, option];
    },
  },
  delfailregex: index,
  delignoreregex: index,
};

/** Those who are ignored travel as addresses, be they names. */
function answerOf(row: OptionWords, value: Plain): Answer {
  return row.shown === "ignored" ? listOf(value).map((item) => new Id(plainText(item))) : value;
}

/** A word that changes the option `row`. The values are read before the jail is looked for, as the original does. */
function changes(row: OptionWords, word: string, help: string): Command {
  const special: Special = SPECIALS[word] ?? { read: row.written === "int" ? ([value]) => [readInt(value)] : first };
  return {
    words: `set <JAIL> ${word}`,
    usage: special.usage ?? row.placeholder,
    section: "JAIL CONFIGURATION",
    help,
    needs: 1 + (special.needs ?? 1),
    run: async (desk, [name = null, ...args]) => {
      const values = special.read(args);
      const jail = desk.jail(name);
      await jail.put(word, values, row.key);
      return answerOf(row, await jail.ask(row.key));
    },
    show: PRINTED[row.shown],
    ...(row.shown === "datepattern" ? { json: namedDatePattern } : {}),
  };
}

function asking(row: OptionWords): Command {
  return {
    words: `get <JAIL> ${row.key}`,
    section: "JAIL INFORMATION",
    help: `asks for ${row.key}`,
    needs: 1,
    asks: true,
    run: async (desk, [name = null]) => answerOf(row, await desk.jail(name).ask(row.key)),
    show: PRINTED[row.shown],
    ...(row.shown === "datepattern" ? { json: namedDatePattern } : {}),
  };
}

function commandsOf(row: OptionWords): readonly Command[] {
  return [
    ...(row.set ? [changes(row, row.key, `sets ${row.key}: ${row.meaning}`)] : []),
    ...(row.add === undefined ? [] : [changes(row, row.add, `adds to ${row.key}: ${row.meaning}`)]),
    ...(row.del === undefined ? [] : [changes(row, row.del, `takes from ${row.key}`)]),
    ...(row.get ? [asking(row)] : []),
  ];
}

/** Whatever is called `bantime.…` may be set and asked, known or not; emptied it is None. */
const OTHER_BANTIME: readonly Command[] = [
  {
    words: "set <JAIL> bantime.*",
    section: "JAIL CONFIGURATION",
    help: null,
    needs: 3,
    run: async (desk, [name = null, option = "", value = null]) => {
      const jail = desk.jail(name);
      await jail.put(plainText(option), [value], plainText(option));
      return jail.ask(plainText(option));
    },
  },
  {
    words: "get <JAIL> bantime.*",
    section: "JAIL INFORMATION",
    help: null,
    needs: 2,
    asks: true,
    run: (desk, [name = null, option = ""]) => desk.jail(name).ask(plainText(option)),
  },
];

/** Streams send the lines of a list in one command. */
const LISTS: readonly Command[] = ["addfailregex", "addignoreregex"].map((word) => ({
  words: `multi-set <JAIL> ${word}`,
  section: "JAIL CONFIGURATION",
  help: null,
  needs: 2,
  run: async (desk, [name = null, values]) => {
    const jail = desk.jail(name);
    if (!isList(values)) throw new Refusal("ValueError", "a list of expressions is expected");
    await jail.put(word, values, word.slice(3));
    return true;
  },
}));

export const OPTIONS: readonly Command[] = [...JAIL_WORDS.flatMap(commandsOf), ...OTHER_BANTIME, ...LISTS];
