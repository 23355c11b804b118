/** fail2ban(1), the way in, and fail2ban-regex(1), whose options come from the table that the program uses. */
import { OPTIONS } from "../../src/cli/regex/options.ts";
import { entry, example, type Page, part, text } from "./roff.ts";

export const OVERVIEW: Page = {
  name: "fail2ban",
  section: 1,
  purpose: "ban addresses whose logins keep failing",
  parts: [
    part(
      "DESCRIPTION",
      text(
        "Fail2Ban follows the logs of a machine's services. A `filter` says which lines are failed logins, a `jail` how many of them within what time are too many, and an `action` how the address they came from is shut out for a while.",
      ),
      text(
        "This is fail2ban-ts, a successor of Fail2Ban with the same configuration, commands, control socket, database and log lines.",
      ),
    ),
    part(
      "PROGRAMS",
      entry("fail2ban-server(1)", "does the work, as a service of the system."),
      entry("fail2ban-client(1)", "asks and steers it."),
      entry("fail2ban-regex(1)", "tries a filter on a log, without a server."),
    ),
    part(
      "FIRST STEPS",
      text(
        "Never edit the files ending in .conf, which an upgrade brings anew. Put what differs into /etc/fail2ban/jail.local:",
      ),
      example(
        "[DEFAULT]",
        "bantime = 1h",
        "ignoreip = 127.0.0.1/8 ::1 192.0.2.0/24",
        "",
        "[sshd]",
        "enabled = true",
        "",
        "[nginx-http-auth]",
        "enabled = true",
      ),
      text("Look at it, and put it into force:"),
      example("fail2ban-client -t", "systemctl reload fail2ban", "fail2ban-client status"),
      text("An address that must get in again: `fail2ban-client unban` <IP>."),
    ),
    part(
      "THE SERVICE",
      text(
        "`fail2ban.service` runs the server with few rights (`systemd-analyze security fail2ban`). Actions of your own may need more, or you may want less: /usr/share/doc/fail2ban/examples holds drop-ins for both, which go to /etc/systemd/system/fail2ban.service.d/. Options for the command line stand in /etc/default/fail2ban.",
      ),
    ),
    part(
      "SEE ALSO",
      text("jail.conf(5), fail2ban-filter(5), fail2ban-action(5), /usr/share/doc/fail2ban/migrating.md"),
    ),
  ],
};

export const REGEX: Page = {
  name: "fail2ban-regex",
  section: 1,
  purpose: "try a filter on a log",
  parts: [
    part("SYNOPSIS", text("`fail2ban-regex` [<OPTIONS>] <LOG> <REGEX> [<IGNOREREGEX>]")),
    part(
      "DESCRIPTION",
      text(
        "Says which lines of a log a filter takes for failures, of whom and when. Changes nothing and needs no server.",
      ),
    ),
    part(
      "ARGUMENTS",
      entry(
        "<LOG>",
        "a file, which may be compressed by gzip; `systemd-journal`, with options in brackets as the backend has them; anything else is one line, or several.",
      ),
      entry(
        "<REGEX>",
        "a jail or a filter of the configuration, with options in brackets; the path of a filter's file; anything else is one failregex.",
      ),
      entry("<IGNOREREGEX>", "one ignoreregex, instead of those of the filter."),
    ),
    part(
      "OPTIONS",
      ...OPTIONS.map(({ names, value, help }) =>
        entry(`${names.join(", ")}${value === undefined ? "" : ` <${value}>`}`, `${help}.`),
      ),
    ),
    part(
      "EXAMPLES",
      example(
        "fail2ban-regex /var/log/auth.log sshd",
        "fail2ban-regex systemd-journal 'sshd[mode=aggressive]'",
        "fail2ban-regex -o '<ip> <F-USER>' /var/log/auth.log sshd",
        "fail2ban-regex 'Nov 22 08:00:00 app: bad login from 192.0.2.7' 'bad login from <HOST>$'",
      ),
    ),
    part("EXIT STATUS", text("0 whatever was found, 255 for arguments that cannot be used, 2 for an unknown option.")),
    part("SEE ALSO", text("fail2ban-filter(5), jail.conf(5)")),
  ],
};
