/**
 * Completions for bash, zsh and fish, from the tables of options and commands: static files, which ask the server for nothing but
 * the names of its jails.
 */
import { COMMANDS, type Command } from "../src/api/control/index.ts";
import { OPTIONS } from "../src/cli/options.ts";
import { OPTIONS as REGEX_OPTIONS } from "../src/cli/regex/options.ts";

/** Where a command goes on: the words so far (`set <JAIL>`) → the words that may follow. */
function steps(): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, Set<string>>();
  for (const { words, help } of COMMANDS) {
    if (help === null) continue;
    const path = words.replace(/\*$/, "").split(" ");
    for (const [at, word] of path.entries()) {
      const before = path.slice(0, at).join(" ");
      next.set(before, (next.get(before) ?? new Set()).add(word));
    }
  }
  return new Map([...next].map(([before, words]) => [before, [...words].toSorted()]));
}

interface Option {
  readonly names: readonly string[];
  readonly value: boolean;
  readonly help: string;
}

const CLIENT: readonly Option[] = OPTIONS.filter(({ help }) => help !== "").map(({ short, long, value, help }) => ({
  names: [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])],
  value: value === true,
  help,
}));
const REGEX: readonly Option[] = REGEX_OPTIONS.map(({ names, value, help }) => ({
  names,
  value: value !== undefined,
  help,
}));

/** The words of a server's answer that name its jails. */
const JAILS = `fail2ban-client status 2>/dev/null | sed -n 's/.*Jail list:[[:space:]]*//p' | tr -d ','`;
const FILTERS = "ls /etc/fail2ban/filter.d 2>/dev/null | sed -n 's/[.]conf$//p'";

export function completions(): { readonly bash: string; readonly zsh: string; readonly fish: string } {
  return { bash: bash(), zsh: zsh(), fish: fish() };
}

function names(options: readonly Option[]): string {
  return options.flatMap((option) => option.names).join(" ");
}

function valued(options: readonly Option[]): string {
  return options
    .filter(({ value }) => value)
    .flatMap((option) => option.names)
    .join("|");
}

/** A case of the shell: after these words come those. */
function cases(): readonly string[] {
  return [...steps()].map(([before, words]) => `    '${before}') next='${words.join(" ")}' ;;`);
}

/** The common part of bash and zsh: prints what may follow the words in "$@", one word a line. Plain sh but for `local`. */
function shellFunction(): readonly string[] {
  return [
    "_fail2ban_next() {",
    "  local way='' word next=''",
    "  for word; do",
    '    _fail2ban_step "$way"',
    '    case " $next " in',
    '      *" $word "*) ;;',
    `      *' <JAIL> '*) word='<JAIL>' ;;`,
    "    esac",
    "    way=${way:+$way }$word",
    "  done",
    '  _fail2ban_step "$way"',
    '  case " $next " in',
    `    *' <JAIL> '*) next="$next $(${JAILS})" ;;`,
    "  esac",
    `  printf '%s\\n' "$next" | tr ' ' '\\n' | grep -v '^<'`,
    "}",
    "_fail2ban_step() {",
    "  next=''",
    '  case "$1" in',
    ...cases(),
    "  esac",
    "}",
  ];
}

function bash(): string {
  return [
    "# Completion of bash for fail2ban-client, fail2ban-server and fail2ban-regex. Made by the build.",
    ...shellFunction(),
    "_fail2ban_client() {",
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} given=() skip=0 i word",
    "  COMPREPLY=()",
    `  case $prev in ${valued(CLIENT)}) COMPREPLY=($(compgen -f -- "$cur")); return ;; esac`,
    `  if [[ $cur == -* && $COMP_CWORD -gt 0 ]]; then COMPREPLY=($(compgen -W '${names(CLIENT)}' -- "$cur")); return; fi`,
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    "    word=${COMP_WORDS[i]}",
    "    if ((skip)); then skip=0; continue; fi",
    `    case $word in ${valued(CLIENT)}) skip=1 ;; -*) ;; *) given+=("$word") ;; esac`,
    "  done",
    '  COMPREPLY=($(compgen -W "$(_fail2ban_next "${given[@]}")" -- "$cur"))',
    "}",
    "_fail2ban_regex() {",
    "  local cur=${COMP_WORDS[COMP_CWORD]}",
    `  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${names(REGEX)}' -- "$cur"))`,
    `  else COMPREPLY=($(compgen -f -W "systemd-journal $(${FILTERS})" -- "$cur")); fi`,
    "}",
    "complete -F _fail2ban_client fail2ban-client fail2ban-server",
    "complete -o filenames -F _fail2ban_regex fail2ban-regex",
    "",
  ].join("\n");
}

function zsh(): string {
  const spec = ({ names: all, value, help }: Option): readonly string[] =>
    all.map(
      (name) =>
        `    '${name}[${help.replaceAll("'", "’").replaceAll(/[[\]:]/g, "\\$&")}]${value ? ":value:_files" : ""}'`,
    );
  return [
    "#compdef fail2ban-client fail2ban-server fail2ban-regex",
    "# Completion of zsh. Made by the build.",
    ...shellFunction(),
    "_fail2ban() {",
    "  emulate -L zsh",
    "  local -a client regex found",
    "  local state",
    "  client=(",
    ...CLIENT.flatMap(spec),
    "  )",
    "  regex=(",
    ...REGEX.flatMap(spec),
    "  )",
    "  if [[ $service == fail2ban-regex ]]; then",
    `    _arguments -s $regex "*:log or filter:_alternative 'files:file:_files' 'filters:filter:($(${FILTERS} | tr '\\n' ' '))'"`,
    "    return",
    "  fi",
    `  _arguments -s $client '*::command:->command'`,
    "  if [[ $state == command ]]; then",
    '    found=(${(f)"$(_fail2ban_next "${(@)words[1,CURRENT-1]}")"})',
    "    compadd -a found",
    "  fi",
    "}",
    '_fail2ban "$@"',
    "",
  ].join("\n");
}

function fish(): string {
  const option = (program: string, { names: all, value, help }: Option): string => {
    const forms = all.map((name) =>
      name.startsWith("--") ? `-l ${name.slice(2)}` : name.length > 2 ? `-o ${name.slice(1)}` : `-s ${name.slice(1)}`,
    );
    return `complete -c ${program} ${forms.join(" ")}${value ? " -r" : ""} -d '${help.replaceAll(/['\\]/g, "\\$&")}'`;
  };
  const first = COMMANDS.filter((command) => command.help !== null);
  return [
    "# Completion of fish for fail2ban-client, fail2ban-server and fail2ban-regex. Made by the build.",
    "function __fail2ban_next",
    "    set -l given (commandline -opc)[2..]",
    "    set -l path",
    "    for word in $given",
    "        string match -q -- '-*' $word; and continue",
    '        set -l words (__fail2ban_step "$path")',
    "        if not contains -- $word $words; and contains -- '<JAIL>' $words",
    "            set word '<JAIL>'",
    "        end",
    "        set -a path $word",
    "    end",
    '    set -l words (__fail2ban_step "$path")',
    "    if contains -- '<JAIL>' $words",
    `        ${JAILS} | string split ' '`,
    "    end",
    "    string match -v -- '<*' $words",
    "end",
    "function __fail2ban_step",
    '    switch "$argv[1]"',
    ...[...steps()].flatMap(([before, words]) => [
      `        case '${before}'`,
      `            printf '%s\\n' ${words.map((word) => `'${word}'`).join(" ")}`,
    ]),
    "    end",
    "end",
    ...["fail2ban-client", "fail2ban-server"].flatMap((program) => [
      `complete -c ${program} -f -a '(__fail2ban_next)'`,
      ...CLIENT.map((each) => option(program, each)),
    ]),
    ...REGEX.map((each) => option("fail2ban-regex", each)),
    `complete -c fail2ban-regex -a '(${FILTERS.replaceAll(/['\\]/g, "\\$&")})' -d filter`,
    ...first.filter(({ words }) => !words.includes(" ")).flatMap((command) => describe(command)),
    "",
  ].join("\n");
}

/** What a first word means, shown beside it. */
function describe({ words, help }: Command): readonly string[] {
  return [
    `complete -c fail2ban-client -n 'test (count (commandline -opc)) -eq 1' -f -a '${words}' -d '${(help ?? "").replaceAll(/['\\]/g, "\\$&")}'`,
  ];
}
