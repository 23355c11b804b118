/** jail.conf(5), fail2ban-filter(5) and fail2ban-action(5): what the configuration's files may say, from the tables of options. */
import { ACTION_OPTIONS, DYNAMIC_TAGS } from "../../src/core/action/index.ts";
import { GENERAL_WORDS, JAIL_WORDS } from "../../src/core/option/index.ts";
import { type Block, entry, example, type Page, part, subheading, text } from "./roff.ts";

/** Options that a filter's file may set as well as a jail. */
const OF_FILTER: ReadonlySet<string> = new Set([
  "usedns",
  "prefregex",
  "ignoreregex",
  "failregex",
  "maxlines",
  "datepattern",
  "journalmatch",
]);

function option(key: string, placeholder: string, meaning: string, fallback: string): Block {
  return entry(`${key} = ${placeholder}`, `${meaning}${fallback === "" ? "" : ` (default: ${fallback})`}.`);
}

function actionOptions(ours: boolean): readonly Block[] {
  return ACTION_OPTIONS.filter((row) => row.ours === ours).map(({ word, kind, meaning, default: fallback }) => {
    const given = fallback === null || fallback === "" ? "" : ` (default: ${fallback})`;
    return entry(`${word} = <${kind.toUpperCase()}>`, `${meaning}${given}.`);
  });
}

export const JAIL: Page = {
  name: "jail.conf",
  section: 5,
  purpose: "what is guarded, and how: the configuration of Fail2Ban",
  aliases: ["fail2ban.conf"],
  parts: [
    part(
      "FILES",
      text("Below /etc/fail2ban. Each is read in this order, and what comes later wins, option by option:"),
      example("NAME.conf", "NAME.d/*.conf", "NAME.local", "NAME.d/*.local"),
      text(
        "where NAME is `fail2ban` (the program), `jail` (what is guarded), `filter.d/`<FILTER> or `action.d/`<ACTION>. Files ending in .conf belong to the package; yours end in .local, and hold only what differs.",
      ),
    ),
    part(
      "FORMAT",
      text(
        "Sections in brackets, and options: `name = value`. A value goes on in lines that are indented. Lines that begin with # or ; are comments, and so is what follows a ; after a blank. `[DEFAULT]` holds for all sections of a file.",
      ),
      entry(
        "%(name)s",
        "is replaced by the value of that option of the section, or of [DEFAULT]. A percent sign itself is written twice.",
      ),
      entry("%(known/name)s", "the value that the option had before this file: for adding to it."),
      entry("%(section/name)s", "the value of an option of another section."),
      entry("[INCLUDES]", "`before` and `after` name files that are read before and after this one."),
    ),
    part(
      "TIMES",
      text(
        "Seconds, or numbers with units: `s`, `m` (minutes), `h`, `d`, `w`, `mo`, `y`, as in `1h 30m` or `5w`. `fail2ban-client --str2sec` <TIME> shows what a text means.",
      ),
    ),
    part(
      "THE PROGRAM: FAIL2BAN.CONF",
      text("In the section [DEFAULT]:"),
      ...GENERAL_WORDS.map(({ key, placeholder, meaning, default: fallback }) =>
        option(key, placeholder, meaning, fallback),
      ),
      option("socket", "<FILE>", "the control socket", "/run/fail2ban/fail2ban.sock"),
      option("pidfile", "<FILE>", "where the server's process number stands", "/run/fail2ban/fail2ban.pid"),
    ),
    part(
      "JAILS: JAIL.CONF",
      text("Each section is a jail, named by it. A jail joins a filter with actions:"),
      example("[sshd]", "enabled = true", "port = ssh,2222", "maxretry = 3", "bantime = 1d"),
      ...JAIL_WORDS.map(({ key, placeholder, meaning, default: fallback }) =>
        option(key, placeholder, meaning, fallback),
      ),
      option(
        "action",
        "<ACTIONS>",
        "what is done to whoever is banned: names of actions, one per line, with their parameters in brackets",
        "",
      ),
      text(
        "Other options of a section, such as `port` or `banaction`, are variables that actions and other options use.",
      ),
    ),
    part(
      "PARAMETERS",
      text("Filters and actions take parameters in brackets, which win over those of their [Init] section:"),
      example(
        "filter = sshd[mode=aggressive]",
        'action = nftables[port="ssh,2222", blocktype=drop]',
        "         mail-whois[dest=root]",
      ),
    ),
    part("SEE ALSO", text("fail2ban(1), fail2ban-filter(5), fail2ban-action(5), fail2ban-client(1)")),
  ],
};

export const FILTER: Page = {
  name: "fail2ban-filter",
  section: 5,
  purpose: "files that say which log lines are failed logins",
  parts: [
    part(
      "DESCRIPTION",
      text(
        "/etc/fail2ban/filter.d/<NAME>.conf is the filter <NAME>. Its section [Definition] holds expressions, which are searched in what is left of a line when its date was taken out; [Init] holds parameters with their defaults, which stand as <name> in the expressions.",
      ),
      example(
        "[Definition]",
        "failregex = ^app\\[\\d+\\]: bad login of <F-USER>\\S+</F-USER> from <HOST>$",
        "ignoreregex =",
      ),
    ),
    part(
      "OPTIONS",
      ...JAIL_WORDS.filter(({ key }) => OF_FILTER.has(key)).map(({ key, placeholder, meaning, default: fallback }) =>
        option(key, placeholder, meaning, fallback),
      ),
    ),
    part(
      "EXPRESSIONS",
      text(
        "The dialect is that of Python's `re`. Anchor expressions at the beginning: parts of a line are written by whoever is at the other end. At least one of these tags must be there:",
      ),
      entry("<<HOST>>", "an address of either family or a host name."),
      entry(
        "<<ADDR>>, <<IP4>>, <<IP6>>, <<DNS>>, <<SUBNET>>, <<CIDR>>",
        "only an address, only of one family, only a name, an address with its prefix length, the prefix length.",
      ),
      entry("<F-ID>...</F-ID>", "what is counted and banned, when that is no address."),
      text("Others name what they enclose, for actions and for joining lines:"),
      entry(
        "<F-USER>...</F-USER>",
        "any name in capitals behind F- will do; actions read it as <F-USER>. `<F-PORT/>` and `<F-ID/>` bring an expression of their own.",
      ),
      entry("<F-MLFID>...</F-MLFID>", "what lines of one connection have in common: their captures are joined."),
      entry(
        "<F-NOFAIL>, <F-MLFFORGET>, <F-MLFGAINED>",
        "the line is no failure itself; forgets the connection's failures; takes them back, for logins that succeeded at last.",
      ),
      entry("<F-CONTENT>...</F-CONTENT>", "in `prefregex`: what the failregexes search, instead of the whole line."),
      entry("<<SKIPLINES>>", "with `maxlines` above 1: any number of lines between."),
      text(
        "An expression that takes too many steps on a line is skipped for that line, counted, and said in the log with its file and number.",
      ),
    ),
    part("SEE ALSO", text("fail2ban-regex(1), jail.conf(5)")),
  ],
};

export const ACTION: Page = {
  name: "fail2ban-action",
  section: 5,
  purpose: "files that say how somebody is banned",
  parts: [
    part(
      "DESCRIPTION",
      text(
        "/etc/fail2ban/action.d/<NAME>.conf is the action <NAME>. Its section [Definition] holds commands, run by /bin/sh; [Init] holds parameters with their defaults, which stand as <name> in the commands. A section [Init?family=inet6] holds for one address family.",
      ),
      text(
        "Actions that keep a chain, a set or a table of the jail's own can be used by any number of jails. Others (route, ufw, hostsdeny, apf, csf, shorewall, Cloudflare's, …) have one entry for an address: where two jails ban the same one, the first to lift its ban lifts both. Their files say so.",
      ),
    ),
    part("COMMANDS AND OPTIONS", ...actionOptions(false)),
    part(
      "BATCHES",
      text(
        "These options are ours: the original takes them for parameters without effect, if they stand in [Init]. With them many bans and unbans go to the kernel as lines on the standard input of one command.",
      ),
      ...actionOptions(true),
      text(
        "A line of a batch sees no shell. A value put into it must look harmless (letters, digits and a few signs); what does not goes by the single command. When a batch fails it is halved until the orders that fail stand alone; those fall back to the single command, and no other ban is lost with them.",
      ),
      text(
        "A ban that comes alone runs at once; bans that arrive meanwhile go out together next. Orders that are kept waiting are bounded (100,000 for an action).",
      ),
    ),
    part(
      "TAGS",
      text(
        "Filled in when a command runs. Values that came from a log are never seen by the shell as commands: they are handed over in variables.",
      ),
      ...DYNAMIC_TAGS.map(({ name, meaning, ours }) =>
        entry(`<${name}>`, `${meaning}${ours ? " (ours; the original does not know it)" : ""}.`),
      ),
      entry("<F-...>", "what the filter captured under that name."),
      subheading("Constants"),
      entry("<br>, <sp>", "a line feed, a blank."),
      entry("<fq-hostname>, <sh-hostname>", "the machine's name, with and without its domain."),
    ),
    part("SEE ALSO", text("jail.conf(5), fail2ban-client(1), nft(8), ipset(8)")),
  ],
};
