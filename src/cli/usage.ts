/** The help of client and server, from the rows of the options and the records of the commands (layout: config-cli.md §7.1; the words are ours). */
import { VERSION } from "../base/index.ts";
import { COMMANDS, SECTIONS, type Command } from "../api/control/index.ts";
import { OPTIONS } from "./options.ts";

/** Columns at which what is explained begins, and how wide it may be. */
const OPTION_COLUMN = 28;
const COMMAND_COLUMN = 45;
const COMMAND_WIDTH = 34;
const INDENT = "    ";

export const BANNER = `Fail2Ban v${VERSION} watches logs for failed logins\nand bans the addresses they come from in the firewall.`;

/** @param commands the client's: its help lists the server's commands too. */
export function usage(program: string, commands: boolean): string {
  const parts = [
    `Usage: ${program} [OPTIONS]${commands ? " <COMMAND>" : ""}`,
    "",
    BANNER,
    "",
    "Options:",
    ...OPTIONS.flatMap(optionLine),
  ];
  if (commands) parts.push("", "Command:", ...commandLines());
  parts.push("", "The manual: man fail2ban-client, man jail.conf");
  return parts.join("\n");
}

function optionLine({ short, long, placeholder, help }: (typeof OPTIONS)[number]): readonly string[] {
  if (help === "" && placeholder === undefined) return [];
  const names = [short === undefined ? [] : [`-${short}`], long === undefined ? [] : [`--${long}`]].flat().join(", ");
  const syntax = `${INDENT}${names}${placeholder === undefined ? "" : ` ${placeholder}`}`;
  return [help === "" ? syntax : `${syntax.padEnd(OPTION_COLUMN - 1)} ${help}`];
}

function commandLines(): readonly string[] {
  const listed = COMMANDS.filter((command) => command.help !== null);
  return SECTIONS.flatMap((section, i) => [
    ...(i === 0 ? [] : [""]),
    " ".repeat(COMMAND_COLUMN) + section,
    ...listed.filter((command) => command.section === section).flatMap(commandLine),
  ]);
}

function commandLine(command: Command): readonly string[] {
  const syntax = INDENT + syntaxOf(command);
  const lines = wrap(command.help ?? "", COMMAND_WIDTH).map((line) => " ".repeat(COMMAND_COLUMN) + line);
  if (syntax.length >= COMMAND_COLUMN) return [syntax, ...lines];
  const [first = "", ...more] = lines;
  return [syntax + first.slice(syntax.length), ...more];
}

/** The command as one types it: its words, and what follows them. */
export function syntaxOf({ syntax, words, usage }: Command): string {
  return syntax ?? (usage === undefined ? words : `${words} ${usage}`);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
