/** What stands in an auth.log: sshd under attack, and a machine's everyday life. */
import { type Chance, type Scene } from "./chance.ts";

const OWN = ["anna", "benno", "clara", "deploy", "ansible", "git", "backup", "dora"];
const GUESSED = [
  "admin",
  "test",
  "oracle",
  "ubuntu",
  "user",
  "postgres",
  "ftpuser",
  "guest",
  "pi",
  "hadoop",
  "minecraft",
  "jenkins",
  "support",
  "nagios",
  "steam",
  "dev",
  "a b",
];
const COMMANDS = [
  "/usr/bin/apt update",
  "/usr/bin/systemctl restart nginx",
  "/usr/bin/journalctl -u shop",
  "/bin/cat /var/log/syslog",
];

/** One process of sshd: its lines have one number. */
function sshd(chance: Chance): (message: string) => string {
  const tag = `sshd[${processOf(chance)}]: `;
  return (message) => tag + message;
}

export function processOf(chance: Chance): number {
  return 1000 + chance.below(4_000_000);
}

function wrongUser(chance: Chance): readonly string[] {
  const [say, who, user, port] = [sshd(chance), chance.attacker(), chance.one(GUESSED), chance.port()];
  return [
    say(`Invalid user ${user} from ${who} port ${port}`),
    ...(chance.is(0.3) ? [say("pam_unix(sshd:auth): check pass; user unknown")] : []),
    say(`pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${who} `),
    say(`Failed password for invalid user ${user} from ${who} port ${port} ssh2`),
    ...(chance.is(0.5)
      ? [
          say(
            `${chance.one(["Connection closed by", "Disconnected from"])} invalid user ${user} ${who} port ${port} [preauth]`,
          ),
        ]
      : []),
  ];
}

function wrongPassword(chance: Chance): readonly string[] {
  const [say, who, port] = [sshd(chance), chance.attacker(), chance.port()];
  return [
    say(`pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${who}  user=root`),
    ...Array.from({ length: 1 + chance.below(3) }, () => say(`Failed password for root from ${who} port ${port} ssh2`)),
    ...(chance.is(0.4) ? [say(`Received disconnect from ${who} port ${port}:11: Bye Bye [preauth]`)] : []),
    ...(chance.is(0.5)
      ? [
          say(
            `${chance.one(["Connection closed by", "Disconnected from"])} authenticating user root ${who} port ${port} [preauth]`,
          ),
        ]
      : []),
  ];
}

function tooMany(chance: Chance): readonly string[] {
  const [say, who, port] = [sshd(chance), chance.attacker(), chance.port()];
  return [
    ...Array.from({ length: 5 }, () => say(`Failed password for root from ${who} port ${port} ssh2`)),
    say(`error: maximum authentication attempts exceeded for root from ${who} port ${port} ssh2 [preauth]`),
    say(`Disconnecting authenticating user root ${who} port ${port}: Too many authentication failures [preauth]`),
    say(`PAM 4 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=${who}  user=root`),
  ];
}

function scanned(chance: Chance): readonly string[] {
  const [say, who, port] = [sshd(chance), chance.attacker(), chance.port()];
  const offer = "diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1";
  const one = chance.one([
    `Unable to negotiate with ${who} port ${port}: no matching key exchange method found. Their offer: ${offer} [preauth]`,
    `banner exchange: Connection from ${who} port ${port}: invalid format`,
    `Did not receive identification string from ${who} port ${port}`,
    `Connection reset by ${who} port ${port} [preauth]`,
    `Connection closed by ${who} port ${port}`,
  ]);
  return one.startsWith("Connection closed")
    ? [say("error: kex_exchange_identification: Connection closed by remote host"), say(one)]
    : [say(one)];
}

export const authAttacks: readonly Scene[] = [
  { weight: 42, lines: wrongUser },
  { weight: 32, lines: wrongPassword },
  { weight: 6, lines: tooMany },
  { weight: 12, lines: scanned },
  {
    weight: 5,
    lines: (chance) => [
      sshd(chance)(`User ${chance.one(OWN)} from ${chance.attacker()} not allowed because not listed in AllowUsers`),
    ],
  },
  {
    weight: 3,
    lines: (chance) => [
      sshd(chance)(`error: PAM: Authentication failure for ${chance.one(OWN)} from ${chance.attacker()}`),
    ],
  },
];

function cron(chance: Chance): readonly string[] {
  const tag = `CRON[${processOf(chance)}]: pam_unix(cron:session): session`;
  const user = chance.is(0.7) ? "root" : "www-data";
  return [
    `${tag} opened for user ${user}(uid=${user === "root" ? 0 : 33}) by (uid=0)`,
    `${tag} closed for user ${user}`,
  ];
}

function login(chance: Chance): readonly string[] {
  const [say, other, user, who, port] = [sshd(chance), sshd(chance), chance.one(OWN), chance.friend(), chance.port()];
  const session = chance.below(100_000);
  return [
    ...(chance.is(0.15) ? [say(`Connection from ${who} port ${port} on 10.0.0.1 port 22 rdomain ""`)] : []),
    say(`Accepted publickey for ${user} from ${who} port ${port} ssh2: ED25519 SHA256:${chance.letters(43)}`),
    say(`pam_unix(sshd:session): session opened for user ${user}(uid=${1000 + chance.below(20)}) by (uid=0)`),
    `systemd-logind[612]: New session ${session} of user ${user}.`,
    ...(chance.is(0.3)
      ? [
          `systemd[${processOf(chance)}]: pam_unix(systemd-user:session): session opened for user ${user}(uid=1000) by (uid=0)`,
        ]
      : []),
    other(`Received disconnect from ${who} port ${port}:11: disconnected by user`),
    other(`Disconnected from user ${user} ${who} port ${port}`),
    say(`pam_unix(sshd:session): session closed for user ${user}`),
    `systemd-logind[612]: Session ${session} logged out. Waiting for processes to exit.`,
    `systemd-logind[612]: Removed session ${session}.`,
  ];
}

function sudo(chance: Chance): readonly string[] {
  const user = chance.one(OWN);
  return [
    `sudo: ${user.padStart(8)} : TTY=pts/${chance.below(9)} ; PWD=/home/${user} ; USER=root ; COMMAND=${chance.one(COMMANDS)}`,
    `sudo: pam_unix(sudo:session): session opened for user root(uid=0) by ${user}(uid=${1000 + chance.below(20)})`,
    "sudo: pam_unix(sudo:session): session closed for user root",
  ];
}

function become(chance: Chance): readonly string[] {
  const [tag, user] = [`su[${processOf(chance)}]: `, chance.one(OWN)];
  return [
    `${tag}(to root) ${user} on pts/${chance.below(9)}`,
    `${tag}pam_unix(su-l:session): session opened for user root(uid=0) by ${user}(uid=1001)`,
    `${tag}pam_unix(su-l:session): session closed for user root`,
  ];
}

function agent(chance: Chance): readonly string[] {
  const where = "/org/freedesktop/PolicyKit1/AuthenticationAgent";
  return [
    `polkitd[701]: Registered Authentication Agent for unix-process:${processOf(chance)}:${chance.below(1e8)} (system bus name :1.${chance.below(9999)} [/usr/bin/pkttyagent --notify-fd 5 --fallback], object path ${where}, locale en_US.UTF-8)`,
  ];
}

export const authEveryday: readonly Scene[] = [
  { weight: 40, lines: cron },
  { weight: 32, lines: login },
  { weight: 20, lines: sudo },
  { weight: 4, lines: become },
  {
    weight: 2,
    lines: (chance) => [sshd(chance)(`Connection closed by ${chance.friend()} port ${chance.port()} [preauth]`)],
  },
  { weight: 2, lines: agent },
];
