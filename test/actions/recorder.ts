/**
 * Stand-ins for the tools that stock actions call: each writes down how it was called and with what input, changes nothing, and
 * answers what the case says. So the exact commands of an action can be read and compared.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionSettings } from "../../src/core/action/index.ts";
import { type Runner, shellRunner } from "../../src/io/firewall/index.ts";

/** What a tool answers when it is called with words that begin so. */
export interface Answer {
  readonly when: string;
  readonly status: number;
  readonly text: string;
}

export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  /** What it read; empty for tools that read nothing. */
  readonly input: string;
}

export interface Recorder {
  readonly folder: string;
  readonly runner: Runner;
  /** What tools were called with since the last time, one call a line, input behind a bar; times and random words are blanked. */
  calls(): string;
  /** The same as values, nothing blanked. */
  taken(): readonly Call[];
  /** Files in the folder that no stock action has a reason to make. */
  strangers(): readonly string[];
  /** Points what the action has fixed places for (/usr/sbin/sendmail, /var/run/fail2ban) into the folder. */
  confine(settings: ActionSettings): ActionSettings;
  close(): void;
}

/** Those that would read their standard input; the others must not, for it may be somebody else's. */
const READERS = "sendmail mail apprise nsupdate iptables-restore ip6tables-restore";
const OTHERS =
  "nft ipset pfctl ipf curl dig whois firewall-cmd iptables ip6tables ufw ss conntrack shorewall shorewall6 apf csf npfctl ipfw afctl ssh nginx geoiplookup geoiplookup6 ip";

/** Readers only with such words. */
const READING = "/dev/stdin|*=/dev/stdin|@-|-batch|-|restore";

/** What the recorder makes itself, and where confined actions write. */
const OWN_FILES = new Set(["bin", "run", "etc", "blacklist.d", "answers", "log"]);

const STUB = `#!/bin/sh
tool=\${0##*/}
one="$RECORD/call.$$"
case " ${READERS} " in *" $tool "*) reads=1;; *) reads=; esac
for word do case $word in ${READING}) reads=1;; esac; done
if [ -z "$reads" ]
then printf '%s\\0' "$tool" "$#" "$@" "" >> "$RECORD/log"
else
  { printf '%s\\0' "$tool" "$#" "$@"; tr -d '\\000'; printf '\\0'; } > "$one"
  cat "$one" >> "$RECORD/log"
  rm -f "$one"
fi
[ -s "$RECORD/answers" ] || exit 0
while IFS='	' read -r when status text; do
  case "$tool $*" in "$when"*) [ -z "$text" ] || printf '%b\\n' "$text"; exit "$status";; esac
done < "$RECORD/answers"
`;

export function openRecorder(answers: readonly Answer[]): Recorder {
  const folder = mkdtempSync(join(tmpdir(), "f2brecord-"));
  const bin = join(folder, "bin");
  for (const name of ["bin", "run", "etc", "blacklist.d"]) mkdirSync(join(folder, name));
  writeFileSync(join(bin, "stub"), STUB);
  chmodSync(join(bin, "stub"), 0o755);
  for (const name of `${READERS} ${OTHERS}`.split(" ")) symlinkSync("stub", join(bin, name));
  const lines = answers.map(({ when, status, text }) => `${when}\t${status}\t${text}\n`);
  writeFileSync(join(folder, "answers"), lines.join(""));
  const log = join(folder, "log");
  const taken = (): readonly Call[] => {
    const text = existsSync(log) ? readFileSync(log, "utf8") : "";
    rmSync(log, { force: true });
    return callsIn(text);
  };
  const env = { PATH: `${bin}:/usr/bin:/bin`, RECORD: folder, TZ: "UTC" };
  const fixed: readonly (readonly [string, string])[] = [
    ["/usr/sbin/sendmail", "sendmail"],
    ["/usr/libexec/afctl", "afctl"],
    ["/sbin/ipf", "ipf"],
    ["/var/run/fail2ban", join(folder, "run")],
    ["/etc/symbiosis/firewall", folder],
    ["/etc/hosts.deny", join(folder, "etc", "hosts.deny")],
    ["/etc/nginx", join(folder, "etc")],
  ];
  return {
    folder,
    runner: shellRunner({ log: () => {}, env, cwd: folder }),
    taken,
    calls: () => blank(taken().map(print).join("").replaceAll(folder, "FOLDER")),
    strangers: () => readdirSync(folder).filter((name) => !OWN_FILES.has(name)),
    confine: (settings) => ({
      ...settings,
      properties: new Map(
        [...settings.properties].map(([key, value]) => [
          key,
          fixed.reduce((text, [from, to]) => text.replaceAll(from, to), value),
        ]),
      ),
    }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Name, count of arguments, arguments, input: each ends with a NUL. */
function callsIn(log: string): readonly Call[] {
  const words = log.split("\0");
  const calls: Call[] = [];
  for (let at = 0; at + 1 < words.length;) {
    const end = at + 2 + Number(words[at + 1]);
    calls.push({ tool: words[at] ?? "", args: words.slice(at + 2, end), input: words[end] ?? "" });
    at = end + 1;
  }
  return calls;
}

function print({ tool, args, input }: Call): string {
  const lines = input === "" ? [] : input.replace(/\n$/, "").split("\n");
  const shown = lines.map((line) => `  |${line === "" ? "" : ` ${line}`}`);
  return [[tool, ...args.map(quoted)].join(" "), ...shown, ""].join("\n");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What differs from run to run. */
export function blank(text: string): string {
  return text
    .replace(/\w{3}, \d{2} \w{3} \d{4} [\d:]{8} [+-]\d{4}/g, "DATE")
    .replace(/\d{4}-\d{2}-\d{2}[ +][\d:]{8}/g, "TIME")
    .replace(/f2b-[0-9a-f]{32}/g, "BOUNDARY");
}
