/** fail2ban-client(1) and fail2ban-server(1): options and commands come from the tables that the programs use. */
import { COMMANDS, SECTIONS } from "../../src/api/control/index.ts";
import { OPTIONS } from "../../src/cli/options.ts";
import { syntaxOf } from "../../src/cli/usage.ts";
import { type Block, entry, example, type Page, part, subheading, text } from "./roff.ts";

/** Headings of the help are capitals; in a page they are words. */
function words(heading: string): string {
  return heading.charAt(0) + heading.slice(1).toLowerCase();
}

function options(): readonly Block[] {
  return OPTIONS.filter(({ help, placeholder }) => help !== "" || placeholder !== undefined).map(
    ({ short, long, placeholder, help }) => {
      const names = [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])];
      return entry(
        `${names.join(", ")}${placeholder === undefined ? "" : ` ${placeholder}`}`,
        help === "" ? "see `set` of the same name in fail2ban-client(1)." : `${help}.`,
      );
    },
  );
}

function commands(): readonly Block[] {
  return SECTIONS.flatMap((section) => [
    subheading(words(section)),
    ...COMMANDS.filter((command) => command.section === section && command.help !== null).map((command) =>
      entry(syntaxOf(command), `${command.help ?? ""}.`),
    ),
  ]);
}

const STATUS = part("EXIT STATUS", text("0 when all went well, 255 for everything that did not."));
const FILES = part(
  "FILES",
  entry("/etc/fail2ban/", "the configuration, see jail.conf(5)."),
  entry("/run/fail2ban/fail2ban.sock", "the control socket, for root only."),
  entry("/var/lib/fail2ban/fail2ban.sqlite3", "bans, their history, and how far each log was read."),
  entry("/var/log/fail2ban.log", "the log, unless `logtarget` says otherwise."),
);

export const CLIENT: Page = {
  name: "fail2ban-client",
  section: 1,
  purpose: "ask and steer the server that bans",
  parts: [
    part("SYNOPSIS", text("`fail2ban-client` [<OPTIONS>] <COMMAND>")),
    part(
      "DESCRIPTION",
      text(
        "Talks to fail2ban-server(1) over its control socket: shows what is banned, bans and lifts bans, changes settings of the running server, has it read its configuration again.",
      ),
      text("Settings that were changed by `set` hold until the next `reload` or start, when the files count again."),
    ),
    part("OPTIONS", ...options()),
    part("COMMANDS", ...commands()),
    part(
      "EXAMPLES",
      text("Which jails are there, and whom does one of them ban?"),
      example("fail2ban-client status", "fail2ban-client status sshd"),
      text("Let somebody in again, wherever he is banned:"),
      example("fail2ban-client unban 192.0.2.7"),
      text("Look at the configuration before it is used:"),
      example("fail2ban-client -t && fail2ban-client reload"),
      text("For a script:"),
      example("fail2ban-client --json status sshd"),
    ),
    STATUS,
    FILES,
    part("SEE ALSO", text("fail2ban(1), fail2ban-server(1), fail2ban-regex(1), jail.conf(5)")),
  ],
};

export const SERVER: Page = {
  name: "fail2ban-server",
  section: 1,
  purpose: "watch logs and ban the addresses that failed logins come from",
  parts: [
    part("SYNOPSIS", text("`fail2ban-server` [<OPTIONS>] [`start`]")),
    part(
      "DESCRIPTION",
      text(
        "The server reads the configuration, follows the logs of all enabled jails and bans. It is normally started by the system: `systemctl start fail2ban`. With a command other than `start` it does what fail2ban-client(1) does.",
      ),
      text(
        "By default it goes to the background; `-f` keeps it in the foreground, as a supervisor wants it. A server that was started by systemd tells it when it is ready, when it reloads, and that it is alive.",
      ),
    ),
    part("OPTIONS", ...options()),
    part(
      "SIGNALS",
      entry("SIGTERM, SIGINT", "ends the server; its bans are taken out of the firewall and stay in the database."),
      entry("SIGHUP", "reads the configuration again, as `fail2ban-client reload` does."),
      entry("SIGUSR1", "opens the log file again, as `fail2ban-client flushlogs` does."),
    ),
    part(
      "RESTART",
      text(
        "Whoever is banned stays banned while the server is restarted: by `systemctl restart`, by `fail2ban-client restart` and by an upgrade of the package, the sets of actions that work in batches (nftables, ipset) are left in the kernel and taken over by the next start. Bans of other actions are undone and done again.",
      ),
    ),
    STATUS,
    FILES,
    part("SEE ALSO", text("fail2ban(1), fail2ban-client(1), jail.conf(5), systemd.service(5)")),
  ],
};
